//! `/v1/batch/jobs`: many requests for OCR in one job.

mod create;
mod jobs;
pub(crate) mod lines;
mod run;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::ocr::Model;

pub(crate) use create::create;
pub(crate) use jobs::{cancel, delete, list, show};

/// A job.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    pub(crate) id: Uuid,
    pub(crate) input_files: Vec<String>,
    /// Taken over when the job was made: its files may be deleted since.
    pub(crate) lines: Vec<lines::Line>,
    pub(crate) inline: bool,
    pub(crate) model: Option<Model>,
    pub(crate) metadata: Map<String, Value>,
    pub(crate) status: &'static str,
    pub(crate) created_at: u64,
    pub(crate) started_at: Option<u64>,
    pub(crate) completed_at: Option<u64>,
    pub(crate) deadline: u64,
    pub(crate) succeeded: usize,
    pub(crate) failed: usize,
    pub(crate) output_file: Option<Uuid>,
    pub(crate) error_file: Option<Uuid>,
    pub(crate) outputs: Vec<Value>,
    pub(crate) errors: Vec<String>,
    /// How often it was looked at.
    pub(crate) looks: u32,
    /// Whether its lines are being read.
    pub(crate) finishing: bool,
    /// How many requests still do not find it.
    pub(crate) unseen: u32,
}

impl Job {
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.status, "QUEUED" | "RUNNING" | "CANCELLATION_REQUESTED")
    }

    /// Its state; with the lines themselves where they were asked for.
    pub(crate) fn json(&self, with_outputs: bool) -> Value {
        // The number of lines is not known before they have been checked.
        let total = if self.status == "QUEUED" {
            0
        } else {
            self.lines.len()
        };
        let errors: Vec<Value> = self
            .errors
            .iter()
            .map(|message| json!({"message": message, "count": 1}))
            .collect();
        let mut job = json!({
            "id": self.id,
            "object": "batch",
            "input_files": self.input_files,
            "endpoint": "/v1/ocr",
            "model": self.model.map(|model| model.name),
            "agent_id": null,
            "metadata": self.metadata,
            "errors": errors,
            "status": self.status,
            "created_at": self.created_at,
            "started_at": self.started_at,
            "completed_at": self.completed_at,
            "total_requests": total,
            "completed_requests": self.succeeded + self.failed,
            "succeeded_requests": self.succeeded,
            "failed_requests": self.failed,
            "output_file": self.output_file,
            "error_file": self.error_file,
        });
        job["outputs"] = json!(with_outputs.then_some(&self.outputs));
        job
    }
}
