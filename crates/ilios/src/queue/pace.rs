use std::time::Duration;

/// The most jobs that a worker takes at once.
const MOST: usize = 16;
/// How long a handful of jobs should take. Short, for whoever comes meanwhile waits for its end, and so does the
/// first result of it.
const HANDFUL: Duration = Duration::from_millis(5);
/// A handful that takes longer than this was misjudged: what is not begun is given back to other workers.
pub(super) const PATIENCE: Duration = Duration::from_millis(10);

/// How many jobs a worker takes at once: one, unless they are so quick that the price of a durable commit for each
/// would exceed that of the job.
#[derive(Debug)]
pub(super) struct Pace {
    width: usize,
}

impl Pace {
    pub(super) fn new() -> Self {
        Self { width: 1 }
    }

    /// Jobs to take now.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// Learns from the last handful: `ran` jobs that took `took` together.
    pub(super) fn learn(&mut self, ran: usize, took: Duration) {
        let each = took.as_nanos() / ran.max(1) as u128;
        let fit = usize::try_from(HANDFUL.as_nanos() / each.max(1)).unwrap_or(MOST);
        // Step by step upwards, for the last few jobs may not be like the next.
        self.width = fit.clamp(1, MOST.min(self.width * 4));
    }
}
