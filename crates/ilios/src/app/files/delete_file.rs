use crate::app::{App, AppError};
use crate::model::{Id, Tenant};

impl App {
    /// Deletes the file `id` of `tenant`. That there is none is fine.
    ///
    /// # Errors
    /// [`AppError::Store`]. An object store that does not answer is no error: the deletion is planned and done as soon
    /// as it does.
    pub async fn delete_file(&self, tenant: &Tenant, id: &Id) -> Result<(), AppError> {
        if let Some(key) = self.store.delete_file(tenant, id).await? {
            self.delete_object(&key).await;
        }
        Ok(())
    }
}
