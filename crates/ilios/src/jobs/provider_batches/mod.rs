//! Batches that a provider converts, as jobs of the worker loop: each run is one step, which sends a batch, polls its
//! status or stores its results. Every step leaves in the database how far it came, so that another node, or the next
//! start, goes on from there.

mod collect;
mod send;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::app::{App, log_converted};
use crate::engine::{BatchJob, BatchService, Disposition, EngineError};
use crate::model::{Document, Failure, ProviderBatch, ProviderBatchLease, ProviderProgress};
use crate::queue::{FinishedRun, Jobs, RunResult, Settlement};
use crate::store::{LineOutcome, ProviderUpdate, Settled, StoreError};

/// Settings of provider batches.
#[derive(Debug, Clone)]
pub struct ProviderSettings {
    /// The name of this process among all that share the database; new with each start.
    pub owner: String,
    /// Time of a lease, which heartbeats renew.
    pub lease: Duration,
    /// Time between two questions how far a batch is.
    pub poll: Duration,
    /// Time after its creation in which the provider may not list a batch yet.
    pub settling: Duration,
}

/// The provider batches as jobs.
pub struct ProviderBatches {
    app: Arc<App>,
    service: Arc<dyn BatchService>,
    settings: ProviderSettings,
}

/// Reason a step ended early.
#[derive(Debug, thiserror::Error)]
enum StepError {
    /// The provider, or what it was sent.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Another process holds the lease of the batch now.
    #[error("the lease was lost")]
    Lost,
}

/// End of a step: a batch that is to be looked at again after a pause, or that is over.
type Step = Result<RunResult<Duration>, StepError>;

impl ProviderBatches {
    /// The batches of `app` that `service` converts.
    #[must_use]
    pub fn new(app: Arc<App>, service: Arc<dyn BatchService>, settings: ProviderSettings) -> Self {
        Self {
            app,
            service,
            settings,
        }
    }

    async fn step(&self, lease: &ProviderBatchLease, batch: &ProviderBatch) -> RunResult<Duration> {
        let step = match &batch.provider_id {
            None => self.send(lease, batch).await,
            Some(job) => self.collect(lease, batch, job).await,
        };
        step.unwrap_or_else(|error| {
            tracing::warn!(provider_batch = %batch.id, %error, "a provider batch has to wait");
            match error {
                StepError::Lost => RunResult::Abandoned,
                StepError::Engine(error) => match error.disposition() {
                    Disposition::Postpone(after) => RunResult::Finished(after),
                    Disposition::Retry | Disposition::Reject => self.later(),
                },
                StepError::Store(_) => self.later(),
            }
        })
    }

    /// The batch is to be looked at again.
    fn later(&self) -> RunResult<Duration> {
        RunResult::Finished(self.settings.poll)
    }

    /// Nothing is left to be done for the batch.
    async fn end(&self, lease: &ProviderBatchLease) -> Step {
        self.record(lease, ProviderUpdate::Ended).await?;
        tracing::info!(provider_batch = %lease.id, "a provider batch is over");
        Ok(RunResult::Over)
    }

    async fn record(&self, lease: &ProviderBatchLease, change: ProviderUpdate) -> Result<(), StepError> {
        match self.app.store().update_provider_batch(lease, change).await? {
            true => Ok(()),
            false => Err(StepError::Lost),
        }
    }

    async fn progress(&self, lease: &ProviderBatchLease, job: &BatchJob) -> Result<(), StepError> {
        let progress = ProviderProgress {
            status: job.status.clone(),
            total: job.total,
            completed: job.completed,
            failed: job.failed,
        };
        self.record(lease, ProviderUpdate::Progress(progress)).await
    }

    /// Ends a document; one that has ended otherwise in the meantime stays as it is.
    async fn finish(
        &self,
        lease: &ProviderBatchLease,
        document: &Document,
        outcome: LineOutcome,
    ) -> Result<(), StepError> {
        let metadata = match &outcome {
            LineOutcome::Completed(completed) => Some(completed.metadata.clone()),
            LineOutcome::Failed(_) => None,
        };
        let settled = self.app.store().finish_line(lease, document, outcome).await?;
        if settled != Settled::LeaseLost {
            let _span = tracing::info_span!("job", document = %document.id).entered();
            metadata.iter().for_each(log_converted);
            self.app.backlog().ended();
            self.app.notify(document);
        }
        Ok(())
    }

    /// Fails all documents that are left.
    async fn fail_all(&self, lease: &ProviderBatchLease, failure: &Failure) -> Result<(), StepError> {
        for document in self.app.store().provider_documents(&lease.id).await? {
            self.finish(lease, &document, LineOutcome::Failed(failure.clone()))
                .await?;
        }
        Ok(())
    }

    /// Deletes files at the provider. Those that stay are deleted by the provider in time.
    async fn delete_files(&self, files: Vec<String>) {
        for file in files {
            if let Err(error) = self.service.delete_file(&file).await {
                tracing::warn!(%error, "a file of a provider batch could not be deleted");
            }
        }
    }
}

impl Jobs for ProviderBatches {
    type Job = (ProviderBatchLease, ProviderBatch);
    type Lease = ProviderBatchLease;
    /// The pause until the next step.
    type Outcome = Duration;
    type Error = StoreError;

    fn lease((lease, _): &Self::Job) -> ProviderBatchLease {
        lease.clone()
    }

    fn wake(&self) -> &Notify {
        &self.app.events().provider_batches
    }

    /// Takes one: a step may be long.
    async fn claim(&self, _most: usize) -> Result<Vec<Self::Job>, StoreError> {
        let ProviderSettings { owner, lease, .. } = &self.settings;
        let claimed = self.app.store().claim_provider_batch(owner, *lease).await?;
        Ok(claimed.into_iter().collect())
    }

    async fn run(&self, (lease, batch): &Self::Job, stop: &CancellationToken) -> RunResult<Duration> {
        tokio::select! {
            end = self.step(lease, batch) => end,
            () = stop.cancelled() => RunResult::Abandoned,
        }
    }

    async fn settle(&self, done: Vec<FinishedRun<Self>>, _more: usize) -> Settlement<Self> {
        let (store, mut unsettled) = (self.app.store(), Vec::new());
        for done in done {
            let (lease, _) = done.job;
            if let Err(error) = store.release_provider_batch(&lease, done.outcome).await {
                tracing::error!(%error, "a provider batch waits until its lease runs out");
                unsettled.push(lease);
            }
        }
        Settlement {
            next: Vec::new(),
            unsettled,
        }
    }

    async fn extend(&self, leases: Vec<ProviderBatchLease>) -> Result<Vec<ProviderBatchLease>, StoreError> {
        let (store, mut held) = (self.app.store(), Vec::new());
        for lease in leases {
            if store.extend_provider_batch(&lease, self.settings.lease).await? {
                held.push(lease);
            }
        }
        Ok(held)
    }

    async fn release(&self, leases: Vec<ProviderBatchLease>) -> Result<(), StoreError> {
        let store = self.app.store();
        for lease in leases {
            store.release_provider_batch(&lease, Duration::ZERO).await?;
        }
        Ok(())
    }
}
