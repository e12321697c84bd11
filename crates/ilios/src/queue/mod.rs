//! The worker loop of all leased work: claims jobs under leases, renews the leases while the jobs run, and releases what
//! is left at the end. It knows neither document nor provider: what a job is and does is up to the implementation of
//! [`Jobs`], of which each has its own `Workers`.
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
//! - A run ends as `RunResult::Finished` (settled), `Over` (nothing is left to settle) or `Abandoned` (the lease was
//!   lost or the process stops; released on stopping, else left to its lease).
//! - The fence is not here: `Jobs::settle` checks owner, attempt and end of each lease in the transaction that writes
//!   the outcome (`store::fence`). A worker that was suspended beyond its lease therefore changes nothing.
//! - Idle workers sleep until `Jobs::wake` or `QueueSettings::poll`, whichever comes first.
//! - `Workers::stop` ends claiming, gives running jobs a grace time, cancels the rest, which releases them, and last
//!   stops the heartbeat.

mod batch_sizer;
mod held_leases;
mod worker;
mod workers;

use std::fmt::Display;
use std::hash::Hash;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

pub use workers::{QueueSettings, Workers};

/// Source of jobs, and their execution.
pub trait Jobs: Send + Sync + 'static {
    /// A job that a worker holds.
    type Job: Send + Sync + 'static;
    /// The proof that a worker holds a job; each claim gives another one.
    type Lease: Clone + Eq + Hash + Send + Sync + 'static;
    /// Outcome of a job's run.
    type Outcome: Send + 'static;
    /// The store of the jobs does not answer; a retry later may help.
    type Error: Display + Send;

    /// The lease under which the worker holds `job`.
    fn lease(job: &Self::Job) -> Self::Lease;

    /// Notified when there may be a new job.
    fn wake(&self) -> &Notify;

    /// Takes up to `most` due jobs.
    fn claim(&self, most: usize) -> impl Future<Output = Result<Vec<Self::Job>, Self::Error>> + Send;

    /// Runs a job without settling it; ends at once when `stop` is cancelled.
    fn run(
        &self,
        job: &Self::Job,
        stop: &CancellationToken,
    ) -> impl Future<Output = RunResult<Self::Outcome>> + Send;

    /// Called for a job that is not as quick as was expected when it was claimed together with others.
    fn on_slow_start(&self, _job: &Self::Job) -> impl Future<Output = ()> + Send {
        std::future::ready(())
    }

    /// Settles runs, and takes up to `more` due jobs in the same step. A run whose `stop` is cancelled before it
    /// could be settled is left.
    fn settle(
        &self,
        done: Vec<FinishedRun<Self>>,
        more: usize,
    ) -> impl Future<Output = Settlement<Self>> + Send;

    /// Prolongs leases and answers those that still hold.
    fn extend(
        &self,
        leases: Vec<Self::Lease>,
    ) -> impl Future<Output = Result<Vec<Self::Lease>, Self::Error>> + Send;

    /// Gives jobs back that were not settled.
    fn release(&self, leases: Vec<Self::Lease>) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// End of a job's run.
pub enum RunResult<O> {
    /// It came to this, which is to be settled.
    Finished(O),
    /// Nothing is left to settle: the job was taken away for good, or its run has written its end.
    Over,
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
pub struct Settlement<J: Jobs + ?Sized> {
    /// The worker's next jobs.
    pub next: Vec<J::Job>,
    /// Leases of jobs that could not be settled.
    pub unsettled: Vec<J::Lease>,
}
