use crate::app::{App, AppError};
use crate::model::{Action, Caller, Id};
use crate::objects::ObjectKey;

impl App {
    /// Deletes a document: its row, its content, its original and its pictures. Its usage record stays.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Store`]. An object store that does not answer is no error: the deletion
    /// is planned and done as soon as it does.
    pub async fn delete_document(&self, caller: &Caller, id: &Id) -> Result<(), AppError> {
        let document = self.document(&caller.tenant, id).await?;
        let audit = self.new_audit(caller.actor.clone(), Action::DeleteDocument, id.to_string());
        let deleted = self
            .store
            .delete_document(&caller.tenant, id, audit)
            .await?
            .ok_or(AppError::NotFound)?;
        self.events.running.stop(id);
        self.pictures.forget(id);
        self.notify(&document);
        for key in &deleted.object_keys {
            self.delete_object(key).await;
        }
        Ok(())
    }

    /// Carries out a planned deletion.
    pub async fn delete_object(&self, key: &str) {
        let Ok(parsed) = key.parse::<ObjectKey>() else {
            tracing::error!(key, "a planned deletion names no object of ours");
            return;
        };
        if let Err(error) = self.objects.delete(&parsed).await {
            tracing::warn!(%error, key, "an object could not be deleted; it is tried again");
            return;
        }
        if let Err(error) = self.store.complete_deletion(key).await {
            tracing::warn!(%error, key, "a deletion could not be noted; it is done again");
        }
    }
}
