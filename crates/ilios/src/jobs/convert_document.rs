use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use super::document::{completed, request};
use super::outcome::{of_app, of_engine};
use crate::app::{App, log_converted, log_not_converted};
use crate::crash_point;
use crate::engine::Progress;
use crate::model::{ClaimedJob, Lease, RetryPolicy, Status};
use crate::queue::{FinishedRun, Jobs, RunResult, Settlement};
use crate::store::{JobOutcome, Settled, StoreError};

/// Settings of the conversion of queued documents.
#[derive(Debug, Clone)]
pub struct JobSettings {
    /// The name of this process among all that share the queue; new with each start.
    pub owner: String,
    /// Time of a lease, which heartbeats renew.
    pub lease: Duration,
    /// Retry policy of failed jobs.
    pub policy: RetryPolicy,
}

/// The jobs of the queue: documents to convert.
pub struct DocumentJobs {
    pub(super) app: Arc<App>,
    pub(super) settings: JobSettings,
}

impl DocumentJobs {
    /// The jobs of `app`.
    #[must_use]
    pub fn new(app: Arc<App>, settings: JobSettings) -> Self {
        Self { app, settings }
    }

    async fn convert(&self, job: &ClaimedJob, progress: Progress) -> JobOutcome {
        let document = &job.document;
        let started = self.app.now();
        if let Err(error) = self.app.engine().ready(&document.options, &document.mime_type) {
            return of_engine(&error);
        }
        let request = match request(&self.app, document, progress).await {
            Ok(request) => request,
            Err(outcome) => return outcome,
        };
        if let Err(error) = self.app.check_cost(&request).await {
            return of_app(&error);
        }
        match self.app.engine().convert(&request).await {
            Ok(converted) => {
                crash_point::reach("after_conversion");
                JobOutcome::Completed(Box::new(completed(
                    &self.app, document, &request, converted, started,
                )))
            }
            Err(error) => {
                let pages = self.app.events().running.pages(&document.id);
                let (pages, took) = (pages.map(|(done, _)| done), self.app.now().since(started));
                log_not_converted(document, error.code(), &error.to_string(), pages, took);
                of_engine(&error)
            }
        }
    }

    pub(super) fn settled(&self, done: &FinishedRun<Self>, settled: Settled) {
        let job = &done.job;
        let _span = span(&job.lease).entered();
        match settled {
            Settled::Completed => {
                if let JobOutcome::Completed(completed) = &done.outcome {
                    log_converted(&completed.metadata);
                }
            }
            Settled::Failed => tracing::info!("failed"),
            Settled::Retried(at) => tracing::info!(%at, "runs again"),
            Settled::LeaseLost => tracing::warn!("the lease was lost; nothing was written"),
        }
        self.app.events().attempts.count(settled);
        if matches!(settled, Settled::Completed | Settled::Failed) {
            self.app.backlog().ended();
        }
        self.app.notify(&job.document);
    }

    async fn attempt(&self, job: &ClaimedJob, stop: &CancellationToken) -> RunResult<JobOutcome> {
        crash_point::reach("after_claim");
        let running = self.app.events().running.begin(&job.document.id);
        tokio::select! {
            outcome = self.convert(job, running.progress()) => RunResult::Finished(outcome),
            () = stop.cancelled() => RunResult::Abandoned,
            // Its owner has cancelled or deleted it: there is nothing left to settle.
            () = running.stopped() => RunResult::Over,
        }
    }
}

fn span(lease: &Lease) -> tracing::Span {
    tracing::info_span!(
        "job",
        job = %lease.job,
        document = %lease.document,
        attempt = lease.attempt,
        worker = %lease.owner
    )
}

impl Jobs for DocumentJobs {
    type Job = ClaimedJob;
    type Lease = Lease;
    type Outcome = JobOutcome;
    type Error = StoreError;

    fn lease(job: &ClaimedJob) -> Lease {
        job.lease.clone()
    }

    fn wake(&self) -> &Notify {
        &self.app.events().queued
    }

    async fn claim(&self, most: usize) -> Result<Vec<ClaimedJob>, StoreError> {
        let JobSettings { owner, lease, .. } = &self.settings;
        self.app.store().claim_jobs(owner, *lease, most).await
    }

    async fn run(&self, job: &ClaimedJob, stop: &CancellationToken) -> RunResult<JobOutcome> {
        self.attempt(job, stop).instrument(span(&job.lease)).await
    }

    async fn on_slow_start(&self, job: &ClaimedJob) {
        if job.document.status != Status::Pending {
            return;
        }
        match self.app.store().begin_job(job.lease.clone()).await {
            Ok(()) => self.app.notify(&job.document),
            // Its end is written all the same.
            Err(error) => tracing::warn!(%error, "a document could not be marked as begun"),
        }
    }

    async fn settle(&self, done: Vec<FinishedRun<Self>>, more: usize) -> Settlement<Self> {
        self.settle_all(done, more).await
    }

    async fn extend(&self, leases: Vec<Lease>) -> Result<Vec<Lease>, StoreError> {
        self.app.store().extend_leases(leases, self.settings.lease).await
    }

    async fn release(&self, leases: Vec<Lease>) -> Result<(), StoreError> {
        self.app.store().release_jobs(leases).await
    }
}
