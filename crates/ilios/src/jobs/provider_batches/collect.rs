use std::collections::HashMap;
use std::io::{BufRead, BufReader};

use super::{ProviderBatches, Step, StepError};
use crate::crash_point;
use crate::engine::{BatchJob, Converted, EngineError, Progress, Request};
use crate::jobs::document::{completed, request};
use crate::jobs::outcome::failure;
use crate::model::{Document, Failure, ProviderBatch, ProviderBatchLease};
use crate::spool::Spooled;
use crate::store::{JobOutcome, LineOutcome};

/// The longest line of results, in bytes.
const MAX_LINE: u64 = 256 << 20;

impl ProviderBatches {
    /// Looks how far the provider is; once it is through, stores what came of it.
    pub(super) async fn collect(&self, lease: &ProviderBatchLease, batch: &ProviderBatch, job: &str) -> Step {
        let Some(job) = self.service.job_status(job).await? else {
            return self.unknown(lease, batch).await;
        };
        self.progress(lease, &job).await?;
        self.app.events().changes.notify(&batch.batch);
        let open = self.app.store().provider_documents(&batch.id).await?;
        if !job.ended {
            if open.is_empty() {
                // All were cancelled.
                self.service.cancel_job(&job.id).await?;
            }
            return Ok(self.later());
        }
        self.store_results(lease, &job, open).await?;
        crash_point::reach("after_provider_results");
        self.fail_all(lease, &without_result(&job)).await?;
        self.delete_files(batch.input_file.iter().chain(&job.results).cloned().collect())
            .await;
        self.end(lease).await
    }

    async fn unknown(&self, lease: &ProviderBatchLease, batch: &ProviderBatch) -> Step {
        let sent_at = batch.sent_at.unwrap_or(batch.created_at);
        if self.app.clock().steady().since(sent_at) < self.settings.settling {
            return Ok(self.later());
        }
        let failure = Failure::new("service_failed", "the batch is no longer known to Mistral");
        self.fail_all(lease, &failure).await?;
        self.end(lease).await
    }

    async fn store_results(
        &self,
        lease: &ProviderBatchLease,
        job: &BatchJob,
        open: Vec<Document>,
    ) -> Result<(), StepError> {
        let mut open: HashMap<String, Document> = open
            .into_iter()
            .map(|document| (document.id.to_string(), document))
            .collect();
        for file in &job.results {
            let mut lines =
                Lines::of(&*self.service.download(file, self.app.spool()).await?).map_err(cut_off)?;
            loop {
                let read = tokio::task::spawn_blocking(move || lines.next().map(|line| (lines, line)));
                let (rest, line) = read.await.map_err(cut_off)?.map_err(cut_off)?;
                lines = rest;
                let Some(line) = line else { break };
                let document = self
                    .service
                    .request_name(&line)
                    .and_then(|name| open.remove(&name));
                if let Some(document) = document {
                    self.store_result(lease, &document, &line).await?;
                }
            }
        }
        Ok(())
    }

    async fn read(&self, line: &[u8], request: &Request) -> Result<Converted, EngineError> {
        let converted = self.service.read_result(line, request).await?;
        self.app.engine().without_scripts(converted).await
    }

    async fn store_result(
        &self,
        lease: &ProviderBatchLease,
        document: &Document,
        line: &[u8],
    ) -> Result<(), StepError> {
        let outcome = match request(&self.app, document, Progress::default()).await {
            Ok(request) => match self.read(line, &request).await {
                Ok(converted) => {
                    let completed = completed(&self.app, document, &request, converted, document.created_at);
                    LineOutcome::Completed(Box::new(completed))
                }
                // What cannot be kept now can be later: the results are still there.
                Err(error @ EngineError::Unavailable(_)) => return Err(error.into()),
                Err(error) => LineOutcome::Failed(failure(&error)),
            },
            Err(JobOutcome::Failed(failure)) => LineOutcome::Failed(failure),
            Err(_) => return Err(EngineError::Unavailable("an original cannot be read".into()).into()),
        };
        self.finish(lease, document, outcome).await
    }
}

/// Failure of documents without a result when the provider has finished.
fn without_result(job: &BatchJob) -> Failure {
    let said = match job.errors.first() {
        Some(error) => format!("the batch ended as {}: {error}", job.status),
        None => format!("the batch ended as {} without this document", job.status),
    };
    Failure::new("service_failed", format!("Mistral gave no usable answer: {said}"))
}

/// The lines of a file of results.
struct Lines(BufReader<std::fs::File>);

impl Lines {
    fn of(file: &Spooled) -> std::io::Result<Self> {
        Ok(Self(BufReader::new(file.open()?)))
    }

    /// The next line that is not empty.
    fn next(&mut self) -> std::io::Result<Option<Vec<u8>>> {
        loop {
            let mut line = Vec::new();
            let read = std::io::Read::take(&mut self.0, MAX_LINE).read_until(b'\n', &mut line)?;
            if read == 0 {
                return Ok(None);
            }
            if !line.trim_ascii().is_empty() {
                return Ok(Some(line));
            }
        }
    }
}

fn cut_off(error: impl std::fmt::Display) -> EngineError {
    EngineError::Unavailable(format!("the results of a batch could not be read: {error}"))
}
