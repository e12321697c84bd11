use std::io::Seek;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::client::{Client, MAX_SMALL, parse};
use super::fault::Fault;
use crate::engine::BatchJob;
use crate::spool::{Spool, Spooled};

/// The metadata by which a job is found again.
const METADATA_KEY: &str = "ilios_batch";
/// Hours that the service may take for a job.
const TIMEOUT_HOURS: u32 = 24;
/// Jobs that are listed at once.
const JOBS_PER_PAGE: u32 = 100;
/// The most time for a file of results.
const DOWNLOAD_TIMEOUT: Duration = Duration::from_secs(3_600);
/// Bytes of a list of jobs.
const MAX_LIST: usize = 16 << 20;
/// Bytes of a file of results.
const MAX_RESULTS: u64 = 4 << 30;

#[derive(Deserialize)]
struct Job {
    id: String,
    status: String,
    #[serde(default)]
    total_requests: u64,
    #[serde(default)]
    completed_requests: u64,
    #[serde(default)]
    failed_requests: u64,
    #[serde(default)]
    output_file: Option<String>,
    #[serde(default)]
    error_file: Option<String>,
    #[serde(default)]
    errors: Vec<JobError>,
    #[serde(default)]
    metadata: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
struct JobError {
    #[serde(default)]
    message: String,
}

#[derive(Deserialize)]
struct Jobs {
    #[serde(default)]
    data: Option<Vec<Job>>,
}

impl Client {
    /// Begins a job with the requests of an uploaded file.
    pub(super) async fn begin(&self, file: &str, mark: &str, model: &str) -> Result<BatchJob, Fault> {
        let ocr_request = json!({
            "endpoint": "/v1/ocr",
            "input_files": [file],
            "model": model,
            "metadata": { METADATA_KEY: mark },
            "timeout_hours": TIMEOUT_HOURS,
        });
        let request = self
            .request(Method::POST, "/v1/batch/jobs")
            .header(CONTENT_TYPE, "application/json")
            .body(ocr_request.to_string());
        Ok(parse::<Job>(&self.send(request, MAX_SMALL).await?)?.into())
    }

    /// The youngest job with this mark, if there is one.
    pub(super) async fn marked(&self, mark: &str) -> Result<Option<BatchJob>, Fault> {
        let path = format!("/v1/batch/jobs?page=0&page_size={JOBS_PER_PAGE}&{METADATA_KEY}={mark}");
        let jobs: Jobs = parse(&self.send(self.request(Method::GET, &path), MAX_LIST).await?)?;
        let is_marked = |job: &Job| {
            let found = job
                .metadata
                .as_ref()
                .and_then(|metadata| metadata.get(METADATA_KEY));
            found.and_then(Value::as_str) == Some(mark)
        };
        let found = jobs.data.into_iter().flatten().find(is_marked);
        Ok(found.map(BatchJob::from))
    }

    /// Status of a job; `None` when there is no such job, or not yet.
    pub(super) async fn job(&self, id: &str) -> Result<Option<BatchJob>, Fault> {
        let request = self.request(Method::GET, &format!("/v1/batch/jobs/{id}"));
        match self.send(request, MAX_LIST).await {
            Ok(answer) => Ok(Some(parse::<Job>(&answer)?.into())),
            Err(Fault::NotFound(_) | Fault::Missing) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// Asks for a job to be ended; one that is unknown is as good.
    pub(super) async fn cancel(&self, id: &str) -> Result<(), Fault> {
        let request = self.request(Method::POST, &format!("/v1/batch/jobs/{id}/cancel"));
        match self.send(request, MAX_LIST).await {
            Ok(_) | Err(Fault::NotFound(_) | Fault::Missing) => Ok(()),
            Err(fault) => Err(fault),
        }
    }

    /// Fetches a file into the spool.
    pub(super) async fn content(&self, id: &str, spool: &Spool) -> Result<Arc<Spooled>, Fault> {
        let response = self
            .request(Method::GET, &format!("/v1/files/{id}/content"))
            .header(ACCEPT, "application/octet-stream")
            .timeout(DOWNLOAD_TIMEOUT)
            .send()
            .await
            .map_err(|error| Fault::of_transport(&error))?;
        if response.status() != StatusCode::OK {
            return Err(match response.status().as_u16() {
                404 => Fault::Missing,
                status => Fault::passing(format!("HTTP {status}")),
            });
        }
        let mut file = spool.temporary_file().map_err(disk)?;
        let (mut stream, mut length) = (response.bytes_stream(), 0);
        while let Some(chunk) = stream.next().await {
            let chunk = chunk.map_err(|error| Fault::of_transport(&error))?;
            length += chunk.len() as u64;
            if length > MAX_RESULTS {
                return Err(Fault::TooLarge);
            }
            let written = tokio::task::spawn_blocking(move || {
                std::io::Write::write_all(&mut file, &chunk).map(|()| file)
            });
            file = written.await.map_err(disk)?.map_err(disk)?;
        }
        let spooled = tokio::task::spawn_blocking(move || {
            file.rewind()?;
            Spooled::adopt(file, MAX_RESULTS)
        });
        Ok(Arc::new(spooled.await.map_err(disk)?.map_err(disk)?))
    }
}

impl From<Job> for BatchJob {
    fn from(job: Job) -> Self {
        let running = ["QUEUED", "RUNNING", "CANCELLATION_REQUESTED"];
        let file = |id: Option<String>| id.filter(|id| is_plain(id));
        Self {
            ended: !running.contains(&job.status.as_str()),
            id: job.id,
            status: job.status,
            total: job.total_requests,
            completed: job.completed_requests,
            failed: job.failed_requests,
            results: file(job.output_file)
                .into_iter()
                .chain(file(job.error_file))
                .collect(),
            errors: job
                .errors
                .into_iter()
                .map(|error| super::fault::clean(&error.message))
                .collect(),
        }
    }
}

/// It becomes a part of paths.
fn is_plain(id: &str) -> bool {
    !id.is_empty()
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn disk(error: impl std::fmt::Display) -> Fault {
    Fault::passing(format!("the results could not be spooled: {error}"))
}
