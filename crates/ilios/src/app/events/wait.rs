use std::time::Duration;

use crate::app::{App, AppError};
use crate::model::{Batch, Document, Id, Status, Tenant};

/// Interval between reads of the database while a request waits: other nodes change documents too.
const POLL_INTERVAL: Duration = Duration::from_millis(500);

impl App {
    /// The document `id` of `tenant` as soon as it has ended and is not being converted again, or as it is after
    /// `timeout`.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Store`].
    pub async fn wait_for_document(
        &self,
        tenant: &Tenant,
        id: &Id,
        timeout: Duration,
    ) -> Result<Document, AppError> {
        let load = || self.document(tenant, id);
        self.wait(id, timeout, load, Document::is_settled).await
    }

    /// The batch `id` of `tenant` as soon as it has ended, or as it is after `timeout`.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Store`].
    pub async fn wait_for_batch(
        &self,
        tenant: &Tenant,
        id: &Id,
        timeout: Duration,
    ) -> Result<Batch, AppError> {
        let load = || self.batch(tenant, id);
        self.wait(id, timeout, load, |batch| batch.completed_at.is_some())
            .await
    }

    async fn wait<T, F>(
        &self,
        id: &Id,
        timeout: Duration,
        load: impl Fn() -> F,
        ended: impl Fn(&T) -> bool,
    ) -> Result<T, AppError>
    where
        F: Future<Output = Result<T, AppError>>,
    {
        if timeout.is_zero() {
            return load().await;
        }
        let watch = self.events.changes.subscribe(id);
        let deadline = tokio::time::Instant::now() + timeout;
        loop {
            let changed = watch.changed();
            tokio::pin!(changed);
            changed.as_mut().enable();
            let found = load().await?;
            if ended(&found) || tokio::time::Instant::now() >= deadline {
                return Ok(found);
            }
            let next_poll = deadline.min(tokio::time::Instant::now() + POLL_INTERVAL);
            tokio::select! {
                () = changed => {}
                () = tokio::time::sleep_until(next_poll) => {}
                () = self.events.stopping.cancelled() => return load().await,
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
