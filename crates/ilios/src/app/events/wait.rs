use std::time::Duration;

use crate::app::{App, AppError};
use crate::model::{Batch, Document, Id, Status, Tenant};

/// Who waits looks at the database this often: other nodes change documents too.
const LOOK: Duration = Duration::from_millis(500);

impl App {
    /// The document `id` of `tenant` as soon as it has ended, or as it is after `patience`.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Store`].
    pub async fn wait_for_document(
        &self,
        tenant: &Tenant,
        id: &Id,
        patience: Duration,
    ) -> Result<Document, AppError> {
        let look = || self.document(tenant, id);
        self.wait(id, patience, look, |document| document.status.is_final())
            .await
    }

    /// The batch `id` of `tenant` as soon as it has ended, or as it is after `patience`.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Store`].
    pub async fn wait_for_batch(
        &self,
        tenant: &Tenant,
        id: &Id,
        patience: Duration,
    ) -> Result<Batch, AppError> {
        let look = || self.batch(tenant, id);
        self.wait(id, patience, look, |batch| batch.completed_at.is_some())
            .await
    }

    async fn wait<T, F>(
        &self,
        id: &Id,
        patience: Duration,
        look: impl Fn() -> F,
        ended: impl Fn(&T) -> bool,
    ) -> Result<T, AppError>
    where
        F: Future<Output = Result<T, AppError>>,
    {
        if patience.is_zero() {
            return look().await;
        }
        let watch = self.signals.changes.watch(id);
        let deadline = tokio::time::Instant::now() + patience;
        loop {
            let changed = watch.changed();
            tokio::pin!(changed);
            changed.as_mut().enable();
            let found = look().await?;
            if ended(&found) || tokio::time::Instant::now() >= deadline {
                return Ok(found);
            }
            let next_look = deadline.min(tokio::time::Instant::now() + LOOK);
            tokio::select! {
                () = changed => {}
                () = tokio::time::sleep_until(next_look) => {}
                () = self.signals.stopping.cancelled() => return look().await,
            }
        }
    }

    /// The place of a document that waits in the line of its tenant, 1 for the next one.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn queue_position(&self, document: &Document) -> Result<Option<u64>, AppError> {
        if document.status != Status::Pending {
            return Ok(None);
        }
        Ok(self.store.queue_position(&document.id).await?)
    }
}
