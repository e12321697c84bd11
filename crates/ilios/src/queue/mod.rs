//! The worker loop: claims jobs under leases, keeps the leases alive while the jobs run, and gives back what is
//! left at the end. Mechanism only: what a job does is its owner's affair.

mod held;
mod workers;

use futures::future::BoxFuture;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::model::Lease;

pub use workers::{QueueSettings, Workers};

/// Where jobs come from and what is done with them.
pub trait Jobs: Send + Sync + 'static {
    /// A job in the hands of a worker.
    type Job: Send + 'static;

    /// The proof that the worker holds `job`.
    fn lease(job: &Self::Job) -> Lease;

    /// Told when there may be a new job.
    fn wake(&self) -> &Notify;

    /// Takes the next due job.
    fn claim(&self) -> BoxFuture<'_, Result<Option<Self::Job>, QueueError>>;

    /// Runs a job and settles it; stops without settling it once `stop` is cancelled. With `more` it may take
    /// the next job in the same step.
    fn run(&self, job: Self::Job, stop: CancellationToken, more: bool) -> BoxFuture<'_, Ran<Self::Job>>;

    /// Prolongs leases and answers those that still hold.
    fn extend(&self, leases: Vec<Lease>) -> BoxFuture<'_, Result<Vec<Lease>, QueueError>>;

    /// Gives jobs back that were not settled.
    fn release(&self, leases: Vec<Lease>) -> BoxFuture<'_, Result<(), QueueError>>;
}

/// How the run of a job ended.
pub enum Ran<J> {
    /// The job is settled, or taken away for good; perhaps with the worker's next one.
    Settled(Option<J>),
    /// The job was left as it is.
    Left,
}

/// The place where jobs are kept does not answer; trying again later may help.
#[derive(Debug, thiserror::Error)]
#[error("the queue does not answer: {0}")]
pub struct QueueError(pub String);
