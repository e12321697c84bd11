use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

/// Concurrency limit and rate-limit pause shared by all workers.
pub(super) struct Limiter {
    slots: Semaphore,
    not_before: Mutex<Option<Instant>>,
}

impl Limiter {
    pub(super) fn new(max_concurrency: usize) -> Self {
        Self {
            slots: Semaphore::new(max_concurrency),
            not_before: Mutex::new(None),
        }
    }

    /// Waits for a slot and for the end of a pause.
    pub(super) async fn acquire(&self) -> Option<SemaphorePermit<'_>> {
        // The semaphore is never closed.
        let permit = self.slots.acquire().await.ok()?;
        while let Some(moment) = self.pause() {
            tokio::time::sleep_until(moment).await;
        }
        Some(permit)
    }

    /// Blocks all requests for `span`.
    pub(super) fn block_for(&self, span: Duration) {
        let moment = Instant::now() + span;
        let mut not_before = self.lock();
        if not_before.is_none_or(|before| before < moment) {
            *not_before = Some(moment);
        }
    }

    fn pause(&self) -> Option<Instant> {
        self.lock().filter(|moment| *moment > Instant::now())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        self.not_before.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
