use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::Busy;
use crate::model::Timestamp;
use crate::store::{Store, StoreError};

/// Keeps the queue from growing without end. The bound holds to within what other nodes accept in half a
/// second.
pub struct Backlog {
    max_pending: u64,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    /// When the waiting jobs were counted last.
    counted_at: Option<Timestamp>,
    /// How many waited then, and how many were accepted since.
    pending: u64,
    /// When jobs ended here, in the last minute at most.
    ended: VecDeque<Timestamp>,
}

/// How long a count is believed.
const BELIEVED: Duration = Duration::from_millis(500);
/// The span over which the speed of the queue is measured.
const WINDOW: Duration = Duration::from_secs(60);
/// Ends of jobs that are remembered; a faster queue is measured over a shorter span.
const REMEMBERED: usize = 10_000;

impl Backlog {
    /// A bound of `max_pending` waiting jobs.
    #[must_use]
    pub fn new(max_pending: u64) -> Self {
        Self {
            max_pending,
            seen: Mutex::default(),
        }
    }

    /// Makes room for `more` jobs.
    ///
    /// # Errors
    /// `Ok(Err(Busy))` when the queue is full, saying when it will not be; [`StoreError`].
    pub async fn reserve(
        &self,
        store: &Store,
        now: Timestamp,
        more: u64,
    ) -> Result<Result<(), Busy>, StoreError> {
        if self.take(now, more, true) {
            return Ok(Ok(()));
        }
        let state = store.queue_state(self.max_pending + 1).await?;
        {
            let mut seen = self.lock();
            seen.counted_at = Some(now);
            seen.pending = state.pending;
        }
        if self.take(now, more, false) {
            return Ok(Ok(()));
        }
        Ok(Err(Busy {
            retry_after_seconds: self.wait(now, more),
        }))
    }

    /// Notes that a job has ended.
    pub fn ended(&self, now: Timestamp) {
        let mut seen = self.lock();
        seen.ended.push_back(now);
        let old = |moment: &Timestamp| now.since(*moment) > WINDOW;
        while seen.ended.len() > REMEMBERED || seen.ended.front().is_some_and(old) {
            seen.ended.pop_front();
        }
    }

    fn take(&self, now: Timestamp, more: u64, fresh_only: bool) -> bool {
        let mut seen = self.lock();
        let fresh = seen.counted_at.is_some_and(|moment| now.since(moment) < BELIEVED);
        let fits = seen.pending + more <= self.max_pending;
        let taken = fits && (fresh || !fresh_only);
        if taken {
            seen.pending += more;
        }
        taken
    }

    /// Seconds until the queue has room, at the speed of the last minute.
    fn wait(&self, now: Timestamp, more: u64) -> u64 {
        const UNKNOWN: u64 = 30;
        let seen = self.lock();
        let excess = (seen.pending + more).saturating_sub(self.max_pending).max(1);
        let Some(first) = seen.ended.front() else {
            return UNKNOWN;
        };
        let millis = u64::try_from(now.since(*first).as_millis())
            .unwrap_or(u64::MAX)
            .max(1_000);
        let ended = seen.ended.len() as u64;
        excess
            .saturating_mul(millis)
            .div_ceil(ended.saturating_mul(1_000))
            .clamp(1, 600)
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
