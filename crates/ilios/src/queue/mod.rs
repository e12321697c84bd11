//! The worker loop: claims jobs under leases, renews the leases while the jobs run, and releases what is left at the
//! end. It knows no document: what a job does is up to the implementation of [`Jobs`].
//!
//! ```text
//! worker (one task each)                                   heartbeat (one task a process)
//!   claim ──> HeldLeases ──> run ──> settle ─┐               every QueueSettings::heartbeat:
//!     ^   up to BatchSizer::size jobs        │                 extend all leases of HeldLeases;
//!     │                                      │                 cancel the work of those that are lost
//!     └──── next jobs, from the same step <──┘
//! ```
//!
//! - A worker runs the jobs of a `ClaimBatch` one after the other and settles them together, so that quick
//!   jobs share a durable commit. When a batch takes longer than `MAX_BATCH_TIME`, the running job is marked as
//!   started (`on_slow_start`), finished ones are settled, and jobs that have not started are released.
//! - A run ends as `RunResult::Finished` (settled), `Cancelled` (its owner took the job away) or `Abandoned` (the
//!   lease was lost or the process stops; released on stopping, else left to its lease).
//! - The fence is not here: `Jobs::settle` checks owner, attempt and end of each lease in the transaction that writes
//!   the outcome (`store::fence`). A worker that was suspended beyond its lease therefore changes nothing.
//! - Idle workers sleep until `Jobs::wake` or `QueueSettings::poll`, whichever comes first.
//! - `Workers::stop` ends claiming, gives running jobs a grace time, cancels the rest, which releases them, and last
//!   stops the heartbeat.

mod batch_sizer;
mod held_leases;
mod worker;
mod workers;

use futures::future::BoxFuture;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::model::Lease;

pub use workers::{QueueSettings, Workers};

/// Source of jobs, and their execution.
pub trait Jobs: Send + Sync + 'static {
    /// A job that a worker holds.
    type Job: Send + Sync + 'static;
    /// Outcome of a job's run.
    type Outcome: Send + 'static;

    /// The lease under which the worker holds `job`.
    fn lease(job: &Self::Job) -> Lease;

    /// Notified when there may be a new job.
    fn wake(&self) -> &Notify;

    /// Takes up to `most` due jobs.
    fn claim(&self, most: usize) -> BoxFuture<'_, Result<Vec<Self::Job>, QueueError>>;

    /// Runs a job without settling it; ends at once when `stop` is cancelled.
    fn run<'a>(
        &'a self,
        job: &'a Self::Job,
        stop: &'a CancellationToken,
    ) -> BoxFuture<'a, RunResult<Self::Outcome>>;

    /// Called for a job that is not as quick as was expected when it was claimed together with others.
    fn on_slow_start<'a>(&'a self, job: &'a Self::Job) -> BoxFuture<'a, ()>;

    /// Settles runs, and takes up to `more` due jobs in the same step. A run whose `stop` is cancelled before it
    /// could be settled is left.
    fn settle(&self, done: Vec<FinishedRun<Self>>, more: usize) -> BoxFuture<'_, Settlement<Self::Job>>;

    /// Prolongs leases and answers those that still hold.
    fn extend(&self, leases: Vec<Lease>) -> BoxFuture<'_, Result<Vec<Lease>, QueueError>>;

    /// Gives jobs back that were not settled.
    fn release(&self, leases: Vec<Lease>) -> BoxFuture<'_, Result<(), QueueError>>;
}

/// End of a job's run.
pub enum RunResult<O> {
    /// It came to this, which is to be settled.
    Finished(O),
    /// The job was taken away for good: there is nothing to settle.
    Cancelled,
    /// The job was left as it is.
    Abandoned,
}

/// A run that is to be settled.
pub struct FinishedRun<J: Jobs + ?Sized> {
    /// The job.
    pub job: J::Job,
    /// Outcome of its run.
    pub outcome: J::Outcome,
    /// Cancelled when it is no longer the worker's.
    pub stop: CancellationToken,
}

/// Result of settling.
pub struct Settlement<J> {
    /// The worker's next jobs.
    pub next: Vec<J>,
    /// Leases of jobs that could not be settled.
    pub unsettled: Vec<Lease>,
}

/// The store of the jobs does not answer; a retry later may help.
#[derive(Debug, thiserror::Error)]
#[error("the queue does not answer: {0}")]
pub struct QueueError(pub String);
