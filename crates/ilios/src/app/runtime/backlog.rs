//! Keeps the queue from growing without end, and one tenant from having all of it.
//!
//! While there is room, all jobs are accepted. Once the queue is full, a tenant with fewer waiting jobs than its share,
//! the limit divided by the tenants that have some, is still admitted: jobs that were accepted cannot be displaced. The
//! queue may thus be longer than the limit, by less than the limit again: no tenant gets more than half of what is left
//! up to twice the limit. The bound holds to within what other nodes accept in half a second.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::admission::{Busy, seconds};
use super::fair_scheduler::Limit;
use crate::model::Tenant;
use crate::store::{Store, StoreError};

/// The bound of the queue.
pub struct Backlog {
    max_pending: u64,
    seen: Arc<Mutex<QueueCount>>,
    /// One count at a time.
    counting: tokio::sync::Mutex<()>,
}

/// Room for jobs that are about to be written; its holder drops it once they are, or will not be.
pub struct Reservation {
    seen: Arc<Mutex<QueueCount>>,
    tenant: Tenant,
    jobs: u64,
}

#[derive(Default)]
struct QueueCount {
    /// Time at which the waiting jobs were counted last.
    counted_at: Option<Instant>,
    /// Those of each tenant.
    counted: HashMap<Tenant, u64>,
    /// Jobs that are about to be written.
    reserved: HashMap<Tenant, u64>,
    /// Jobs that were written since the last count began, and may be in it or not.
    written: HashMap<Tenant, u64>,
    /// End times of jobs on this node, in order: those within [`WINDOW`] of the last one, at most [`MAX_SAMPLES`].
    ended: VecDeque<Instant>,
}

/// Maximum age of a count that may accept a job.
const MAX_COUNT_AGE: Duration = Duration::from_millis(500);
/// Maximum age of a count that may refuse a job. It is shorter than [`MAX_COUNT_AGE`], so that jobs are accepted again soon
/// after there is room.
const MAX_REFUSAL_AGE: Duration = Duration::from_millis(50);
/// The span over which the speed of the queue is measured.
const WINDOW: Duration = Duration::from_secs(60);
/// Ends of jobs that are remembered; a faster queue is measured over a shorter span.
const MAX_SAMPLES: usize = 10_000;
/// Retry delay as long as no job has ended on this node since its start.
const DEFAULT_RETRY_DELAY: Duration = Duration::from_secs(5);
/// The longest that a client is sent away for.
const MAX_RETRY_DELAY: Duration = Duration::from_secs(600);

impl Backlog {
    /// A bound of `max_pending` waiting jobs.
    #[must_use]
    pub fn new(max_pending: u64) -> Self {
        Self {
            max_pending,
            seen: Arc::default(),
            counting: tokio::sync::Mutex::default(),
        }
    }

    /// Makes room for `more` jobs of `tenant`.
    ///
    /// # Errors
    /// `Ok(Err(Busy))` when the queue is full, saying whose limit it is and when there will be room; [`StoreError`].
    pub async fn reserve(
        &self,
        store: &Store,
        tenant: &Tenant,
        more: u64,
    ) -> Result<Result<Reservation, Busy>, StoreError> {
        if let Some(taken) = self.take_if_fresh(tenant, more) {
            return Ok(taken);
        }
        let _turn = self.counting.lock().await;
        if let Some(taken) = self.take_if_fresh(tenant, more) {
            return Ok(taken);
        }
        self.lock().written.clear();
        let counted = store.pending_by_tenant(2 * self.max_pending + 1).await?;
        let mut seen = self.lock();
        seen.counted_at = Some(Instant::now());
        seen.counted = counted.into_iter().collect();
        Ok(self.take(&mut seen, tenant, more))
    }

    /// Notes that a job has ended.
    pub fn ended(&self) {
        let mut seen = self.lock();
        seen.ended.push_back(Instant::now());
        let old = |moment: &Instant| moment.elapsed() > WINDOW;
        while seen.ended.len() > MAX_SAMPLES || seen.ended.front().is_some_and(old) {
            seen.ended.pop_front();
        }
    }

    /// `None` when the last count is too old.
    fn take_if_fresh(&self, tenant: &Tenant, more: u64) -> Option<Result<Reservation, Busy>> {
        let mut seen = self.lock();
        let age = seen.counted_at.map(|moment| moment.elapsed());
        let age = age.filter(|age| *age < MAX_COUNT_AGE)?;
        let taken = self.take(&mut seen, tenant, more);
        (taken.is_ok() || age < MAX_REFUSAL_AGE).then_some(taken)
    }

    fn take(&self, seen: &mut QueueCount, tenant: &Tenant, more: u64) -> Result<Reservation, Busy> {
        if let Err((limit, excess)) = fits(self.max_pending, &seen.waiting(), tenant, more) {
            return Err(Busy {
                limit,
                retry_after_seconds: seconds(seen.wait(excess)),
            });
        }
        *seen.reserved.entry(tenant.clone()).or_default() += more;
        Ok(Reservation {
            seen: Arc::clone(&self.seen),
            tenant: tenant.clone(),
            jobs: more,
        })
    }

    fn lock(&self) -> MutexGuard<'_, QueueCount> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Checks that `more` jobs of `tenant` fit beside those that wait. The error is the limit that they exceed, and the
/// number of jobs by which they do.
fn fits(max: u64, waiting: &HashMap<&Tenant, u64>, tenant: &Tenant, more: u64) -> Result<(), (Limit, u64)> {
    let total: u64 = waiting.values().sum();
    if total + more <= max {
        return Ok(());
    }
    let own = waiting.get(tenant).copied().unwrap_or_default();
    let others = total - own;
    if others == 0 {
        return Err((Limit::Server, total + more - max));
    }
    let tenants = waiting.iter().filter(|(_, jobs)| **jobs > 0).count() as u64 + u64::from(own == 0);
    let share = (max / tenants.max(1)).max(1);
    if own + more > share {
        return Err((Limit::Share, own + more - share));
    }
    let left = (2 * max).saturating_sub(others);
    if own + more <= (left / 2).max(1) && own + more <= left {
        Ok(())
    } else {
        Err((Limit::Server, total + more - max))
    }
}

impl QueueCount {
    /// The jobs that wait, or may, of each tenant.
    fn waiting(&self) -> HashMap<&Tenant, u64> {
        let mut waiting = HashMap::new();
        for (tenant, jobs) in [&self.counted, &self.reserved, &self.written]
            .into_iter()
            .flatten()
        {
            *waiting.entry(tenant).or_default() += *jobs;
        }
        waiting
    }

    /// Expected time until `excess` jobs have ended, from the average time per job since the first end that is
    /// remembered; at most [`MAX_RETRY_DELAY`].
    fn wait(&self, excess: u64) -> Duration {
        let (Some(first), ended) = (self.ended.front(), self.ended.len()) else {
            return DEFAULT_RETRY_DELAY;
        };
        let each = first.elapsed() / u32::try_from(ended).unwrap_or(u32::MAX).max(1);
        each.saturating_mul(u32::try_from(excess.max(1)).unwrap_or(u32::MAX))
            .min(MAX_RETRY_DELAY)
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let reserved = seen.reserved.entry(self.tenant.clone()).or_default();
        *reserved = reserved.saturating_sub(self.jobs);
        if *reserved == 0 {
            seen.reserved.remove(&self.tenant);
        }
        *seen.written.entry(self.tenant.clone()).or_default() += self.jobs;
    }
}
