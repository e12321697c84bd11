use crate::app::{App, AppError};
use crate::model::{Document, Id, Tenant};
use crate::store::{Cancelled, Retried};

impl App {
    /// Ends a document that has not ended as `failed` with the code `cancelled`, at once; of a completed one that is being
    /// converted again, that conversion.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::WrongStatus`] when it had ended, [`AppError::Store`].
    pub async fn cancel_document(&self, tenant: &Tenant, id: &Id) -> Result<Document, AppError> {
        match self.store.cancel_document(tenant, id).await? {
            Cancelled::Now(document) => {
                self.events.running.stop(id);
                self.notify(&document);
                Ok(*document)
            }
            Cancelled::TooLate(status) => Err(AppError::WrongStatus {
                status,
                takes: "only a document that has not ended can be cancelled",
            }),
            Cancelled::NotFound => Err(AppError::NotFound),
        }
    }

    /// Queues a failed document anew.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::WrongStatus`] when it has not failed, [`AppError::NoOriginal`] when
    /// there is nothing to convert, [`AppError::Busy`], [`AppError::Store`].
    pub async fn retry_document(&self, tenant: &Tenant, id: &Id) -> Result<Document, AppError> {
        let _room = self.make_room(tenant, 1).await?;
        let job = self.ids.next(self.clock.now());
        match self.store.retry_document(tenant, id, job).await? {
            Retried::Now(document) => {
                self.events.queued.notify_waiters();
                self.notify(&document);
                Ok(*document)
            }
            Retried::NotFailed(status) => Err(AppError::WrongStatus {
                status,
                takes: "only a failed document can be tried again",
            }),
            Retried::NoOriginal => Err(AppError::NoOriginal),
            Retried::NotFound => Err(AppError::NotFound),
        }
    }

    /// Tells those who wait for a document or its batch that it has changed.
    pub fn notify(&self, document: &Document) {
        self.events.changes.notify(&document.id);
        if let Some(batch) = &document.batch {
            self.events.changes.notify(batch);
        }
    }
}
