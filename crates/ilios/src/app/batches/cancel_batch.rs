use crate::app::{App, AppError};
use crate::model::{Batch, Id, Tenant};

impl App {
    /// Cancels what is left of a batch; answers the batch as it is then.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Store`].
    pub async fn cancel_batch(&self, tenant: &Tenant, id: &Id) -> Result<Batch, AppError> {
        let ended = self
            .store
            .cancel_batch(tenant, id)
            .await?
            .ok_or(AppError::NotFound)?;
        for document in &ended {
            self.events.running.stop(document);
            self.events.changes.notify(document);
        }
        self.events.changes.notify(id);
        self.batch(tenant, id).await
    }
}
