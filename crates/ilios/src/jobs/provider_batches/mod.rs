//! Worker for batches that a provider converts: sends them, polls their status, stores their results. Every step leaves
//! in the database how far it came, so that another node, or the next start, goes on from there.

mod collect;
mod send;

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;

use crate::app::{App, log_converted};
use crate::engine::{BatchService, Disposition, EngineError};
use crate::model::{Document, Failure, ProviderBatch, ProviderBatchLease, ProviderProgress};
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
    /// Time between two looks for batches to look after.
    pub idle_poll: Duration,
}

/// Heartbeats in the time of a lease.
const HEARTBEATS_PER_LEASE: u32 = 4;

/// Worker that sends provider batches and collects their results.
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

/// Next action on a batch.
enum Step {
    /// Nothing: it is over.
    Over,
    /// Looking again after this span.
    Retry(Duration),
}

impl ProviderBatches {
    /// The worker for the batches of `app` that `service` converts.
    #[must_use]
    pub fn new(app: Arc<App>, service: Arc<dyn BatchService>, settings: ProviderSettings) -> Self {
        Self {
            app,
            service,
            settings,
        }
    }

    /// Begins, until the handle is aborted.
    #[must_use]
    pub fn start(self) -> JoinHandle<()> {
        tokio::spawn(async move {
            loop {
                let woken = self.app.events().provider_batches.notified();
                if !self.run_one().await {
                    tokio::select! {
                        () = woken => {}
                        () = tokio::time::sleep(self.settings.idle_poll) => {}
                    }
                }
            }
        })
    }

    /// Takes the next step of one batch that is due; answers whether there was one.
    pub async fn run_one(&self) -> bool {
        let ProviderSettings { owner, lease, .. } = &self.settings;
        match self.app.store().claim_provider_batch(owner, *lease).await {
            Ok(Some((lease, batch))) => {
                self.run_step(&lease, &batch).await;
                true
            }
            Ok(None) => false,
            Err(error) => {
                tracing::error!(%error, "failed to claim a provider batch");
                false
            }
        }
    }

    async fn run_step(&self, lease: &ProviderBatchLease, batch: &ProviderBatch) {
        let stepped = tokio::select! {
            stepped = self.step(lease, batch) => stepped,
            () = self.renew_until_lost(lease) => Err(StepError::Lost),
        };
        let pause = match stepped {
            Ok(Step::Over) => {
                tracing::info!(provider_batch = %batch.id, "a provider batch is over");
                return;
            }
            Ok(Step::Retry(pause)) => pause,
            Err(error) => {
                tracing::warn!(provider_batch = %batch.id, %error, "a provider batch has to wait");
                match error {
                    StepError::Lost => return,
                    StepError::Engine(error) => match error.disposition() {
                        Disposition::Postpone(after) => after,
                        Disposition::Retry | Disposition::Reject => self.settings.poll,
                    },
                    StepError::Store(_) => self.settings.poll,
                }
            }
        };
        if let Err(error) = self.app.store().release_provider_batch(lease, pause).await {
            tracing::error!(%error, "a provider batch waits until its lease runs out");
        }
    }

    async fn step(&self, lease: &ProviderBatchLease, batch: &ProviderBatch) -> Result<Step, StepError> {
        match &batch.provider_id {
            None => self.send(lease, batch).await,
            Some(job) => self.collect(lease, batch, job).await,
        }
    }

    /// Keeps a lease until it is lost.
    async fn renew_until_lost(&self, lease: &ProviderBatchLease) {
        loop {
            tokio::time::sleep(self.settings.lease / HEARTBEATS_PER_LEASE).await;
            match self
                .app
                .store()
                .extend_provider_batch(lease, self.settings.lease)
                .await
            {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => tracing::error!(%error, "failed to renew leases"),
            }
        }
    }

    async fn record(&self, lease: &ProviderBatchLease, change: ProviderUpdate) -> Result<(), StepError> {
        match self.app.store().update_provider_batch(lease, change).await? {
            true => Ok(()),
            false => Err(StepError::Lost),
        }
    }

    async fn progress(
        &self,
        lease: &ProviderBatchLease,
        job: &crate::engine::BatchJob,
    ) -> Result<(), StepError> {
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
