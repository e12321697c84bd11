use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::results::ResultFile;
use crate::http::respond::problem::Problem;
use crate::model::{Batch, OcrJob, OcrJobWithBatch, StopReason, Timestamp};

/// Facts about a job that are given out again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Details {
    pub(super) model: Option<String>,
    pub(super) metadata: Option<BTreeMap<String, String>>,
    pub(super) input_files: Vec<String>,
}

impl Details {
    pub(super) fn of(job: &OcrJob) -> Result<Self, Problem> {
        serde_json::from_str(&job.details).map_err(Problem::internal)
    }
}

/// A job as it is given out.
pub(super) fn object((job, batch): &OcrJobWithBatch) -> Result<Value, Problem> {
    let details = Details::of(job)?;
    let progress = &batch.progress;
    let is_ended = batch.completed_at.is_some();
    let file = |file: ResultFile, count: u64| (is_ended && count > 0).then(|| file.id(&job.id));
    let errors: Vec<Value> = match job.stopped {
        Some(StopReason::Overdue) => vec![json!({
            "message": "The job has taken longer than timeout_hours allows.", "count": 1,
        })],
        _ => Vec::new(),
    };
    Ok(json!({
        "id": job.id,
        "object": "batch",
        "input_files": details.input_files,
        "metadata": details.metadata,
        "endpoint": "/v1/ocr",
        "model": details.model,
        "agent_id": null,
        "output_file": file(ResultFile::Output, progress.completed),
        "error_file": file(ResultFile::Errors, progress.failed),
        "errors": errors,
        "outputs": null,
        "status": status(job, batch),
        "created_at": seconds(job.created_at),
        "total_requests": progress.total,
        "completed_requests": progress.completed + progress.failed,
        "succeeded_requests": progress.completed,
        "failed_requests": progress.failed,
        "started_at": (progress.pending < progress.total).then(|| seconds(job.created_at)),
        "completed_at": batch.completed_at.map(seconds),
    }))
}

fn seconds(time: Timestamp) -> i64 {
    time.as_millis().div_euclid(1_000)
}

/// The status of a job. It succeeds whatever becomes of its requests: they have a status each.
pub(super) fn status(job: &OcrJob, batch: &Batch) -> &'static str {
    match (batch.completed_at.is_some(), job.stopped) {
        (true, None) => "SUCCESS",
        (true, Some(StopReason::Cancelled)) => "CANCELLED",
        (true, Some(StopReason::Overdue)) => "TIMEOUT_EXCEEDED",
        (false, Some(_)) => "CANCELLATION_REQUESTED",
        (false, None) if batch.progress.pending == batch.progress.total => "QUEUED",
        (false, None) => "RUNNING",
    }
}
