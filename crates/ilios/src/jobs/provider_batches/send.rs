use std::io::{BufWriter, Seek, Write};
use std::sync::Arc;

use super::{ProviderBatches, Step, StepError};
use crate::crash_point;
use crate::engine::{Disposition, EngineError, Progress, Request};
use crate::jobs::document::request;
use crate::model::{Document, Failure, ProviderBatch, ProviderBatchLease};
use crate::spool::Spooled;
use crate::store::{JobOutcome, LineOutcome, ProviderUpdate};

impl ProviderBatches {
    /// Sends a batch to the provider, or finds it there.
    pub(super) async fn send(&self, lease: &ProviderBatchLease, batch: &ProviderBatch) -> Step {
        if let Some(sent_at) = batch.sent_at {
            // It was begun, or not: the one who asked did not live to hear.
            if let Some(job) = self.service.find_job(batch.id.as_str()).await? {
                self.record(lease, ProviderUpdate::Sent(job.id.clone())).await?;
                self.progress(lease, &job).await?;
                return Ok(self.later());
            }
            // The provider's lists lag behind.
            if self.app.clock().steady().since(sent_at) < self.settings.settling {
                return Ok(self.later());
            }
        }
        if self.app.store().provider_documents(&batch.id).await?.is_empty() {
            self.delete_files(batch.input_file.clone().into_iter().collect())
                .await;
            return self.end(lease).await;
        }
        let begun = async {
            let file = self.uploaded(lease, batch).await?;
            self.begin(lease, batch, &file).await
        };
        match begun.await {
            Err(StepError::Engine(error)) if error.disposition() == Disposition::Reject => {
                self.refused(lease, batch, &error).await
            }
            step => step,
        }
    }

    async fn begin(&self, lease: &ProviderBatchLease, batch: &ProviderBatch, file: &str) -> Step {
        self.record(lease, ProviderUpdate::Sending).await?;
        crash_point::reach("before_provider_batch");
        let job = self.service.create_job(file, batch.id.as_str()).await?;
        crash_point::reach("after_provider_batch");
        self.record(lease, ProviderUpdate::Sent(job.id.clone())).await?;
        self.progress(lease, &job).await?;
        tracing::info!(provider_batch = %batch.id, job = %job.id, "the provider has a batch");
        Ok(self.later())
    }

    /// The provider does not take the batch as a whole.
    async fn refused(&self, lease: &ProviderBatchLease, batch: &ProviderBatch, error: &EngineError) -> Step {
        if let Some(file) = &batch.input_file
            && !self.service.has_file(file).await?
        {
            // It was deleted, or has expired, while the batch waited.
            self.record(lease, ProviderUpdate::Lost).await?;
            return Ok(self.later());
        }
        self.fail_all(lease, &Failure::new(error.code(), error.to_string()))
            .await?;
        self.end(lease).await
    }

    /// The id of the uploaded requests; uploads them first where that is not done.
    async fn uploaded(&self, lease: &ProviderBatchLease, batch: &ProviderBatch) -> Result<String, StepError> {
        if let Some(file) = &batch.input_file {
            return Ok(file.clone());
        }
        let requests = self.requests(lease, batch).await?;
        let file = self.service.upload(Arc::new(requests)).await?;
        crash_point::reach("after_provider_upload");
        self.record(lease, ProviderUpdate::Uploaded(file.clone())).await?;
        self.app.store().begin_provider_batch(lease).await?;
        Ok(file)
    }

    /// The file of requests, on the disk. A document whose original is gone fails.
    async fn requests(
        &self,
        lease: &ProviderBatchLease,
        batch: &ProviderBatch,
    ) -> Result<Spooled, StepError> {
        let file = self.app.spool().temporary_file().map_err(disk)?;
        let mut out = BufWriter::new(file);
        for document in self.app.store().provider_documents(&batch.id).await? {
            match request(&self.app, &document, Progress::default()).await {
                Ok(request) => out = self.append(out, &document, request).await?,
                Err(JobOutcome::Failed(failure)) => {
                    self.finish(lease, &document, LineOutcome::Failed(failure))
                        .await?;
                }
                Err(JobOutcome::Postponed { reason, after }) => {
                    return Err(EngineError::Waiting { reason, after }.into());
                }
                Err(_) => return Err(EngineError::Unavailable("an original cannot be read".into()).into()),
            }
        }
        let spooled = tokio::task::spawn_blocking(move || {
            let mut file = out.into_inner().map_err(|error| error.into_error())?;
            file.rewind()?;
            Spooled::adopt(file, u64::MAX)
        })
        .await;
        let spooled = spooled.map_err(disk)?;
        Ok(spooled.map_err(disk)?)
    }

    async fn append(
        &self,
        mut out: BufWriter<std::fs::File>,
        document: &Document,
        request: Request,
    ) -> Result<BufWriter<std::fs::File>, StepError> {
        let (service, name) = (Arc::clone(&self.service), document.id.clone());
        let written = tokio::task::spawn_blocking(move || {
            service.write_request(name.as_str(), &request, &mut out)?;
            out.write_all(b"\n")?;
            Ok::<_, std::io::Error>(out)
        });
        let written = written.await.map_err(disk)?;
        Ok(written.map_err(disk)?)
    }
}

fn disk(error: impl std::fmt::Display) -> EngineError {
    EngineError::Unavailable(format!("the requests of a batch could not be written: {error}"))
}
