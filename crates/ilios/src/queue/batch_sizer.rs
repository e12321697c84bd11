use std::time::Duration;

/// The most jobs that a worker takes at once.
const MAX_BATCH_JOBS: usize = 16;
/// Target time of a batch of jobs. Short, because jobs that arrive meanwhile wait for its end, and so does its first
/// result.
const TARGET_BATCH_TIME: Duration = Duration::from_millis(5);
/// Time after which the jobs of a batch that have not started are released to other workers.
pub(super) const MAX_BATCH_TIME: Duration = Duration::from_millis(10);

/// Chooses the number of jobs that a worker claims at once: one, unless jobs are so quick that a durable commit for
/// each would cost more than the job.
#[derive(Debug)]
pub(super) struct BatchSizer {
    size: usize,
}

impl BatchSizer {
    pub(super) fn new() -> Self {
        Self { size: 1 }
    }

    /// Jobs to take now.
    pub(super) fn size(&self) -> usize {
        self.size
    }

    /// Learns from the last batch: `ran` jobs that took `took` together.
    pub(super) fn record(&mut self, ran: usize, took: Duration) {
        let each = took.as_nanos() / ran.max(1) as u128;
        let fit = usize::try_from(TARGET_BATCH_TIME.as_nanos() / each.max(1)).unwrap_or(MAX_BATCH_JOBS);
        // Step by step upwards, for the last few jobs may not be like the next.
        self.size = fit.clamp(1, MAX_BATCH_JOBS.min(self.size * 4));
    }
}
