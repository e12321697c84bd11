use std::sync::atomic::{AtomicU64, Ordering};

use crate::store::Settled;

/// Outcomes of the attempts of this process since its start.
#[derive(Debug, Default)]
pub struct AttemptCounters {
    completed: AtomicU64,
    failed: AtomicU64,
    retried: AtomicU64,
    lease_lost: AtomicU64,
}

impl AttemptCounters {
    /// Counts an attempt.
    pub fn count(&self, settled: Settled) {
        let count = match settled {
            Settled::Completed => &self.completed,
            Settled::Failed => &self.failed,
            Settled::Retried(_) => &self.retried,
            Settled::LeaseLost => &self.lease_lost,
        };
        count.fetch_add(1, Ordering::Relaxed);
    }

    /// The counts with their names: documents that are completed and failed, attempts that are retried, and attempts
    /// whose lease was lost.
    #[must_use]
    pub fn counts(&self) -> [(&'static str, u64); 4] {
        [
            ("completed", &self.completed),
            ("failed", &self.failed),
            ("again", &self.retried),
            ("lost", &self.lease_lost),
        ]
        .map(|(name, count)| (name, count.load(Ordering::Relaxed)))
    }
}
