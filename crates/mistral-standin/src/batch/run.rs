//! How a job gets on: a step at every look, all lines in the last one.

use serde_json::{Value, json};
use uuid::Uuid;

use super::Job;
use super::lines::Line;
use crate::faults::{Batches, ErrorBody};
use crate::files::StoredFile;
use crate::ocr;
use crate::refusal::Refusal;
use crate::world::{State, World};

/// Results are kept for thirty days, as all files.
const KEPT_HOURS: u64 = 30 * 24;

/// Brings a job one step further.
pub(crate) fn step(world: &World, id: Uuid) {
    let mut state = world.state();
    let (now, faults) = (state.now(), state.faults.batches.clone());
    let Some(job) = state
        .jobs
        .iter_mut()
        .find(|job| job.id == id && job.is_open() && !job.finishing)
    else {
        return;
    };
    job.looks += 1;
    if job.status == "CANCELLATION_REQUESTED" {
        job.status = "CANCELLED";
        job.completed_at = Some(now);
    } else if now >= job.deadline {
        job.status = "TIMEOUT_EXCEEDED";
        job.completed_at = Some(now);
    } else if job.looks < faults.looks {
        job.status = "RUNNING";
        job.started_at.get_or_insert(now);
    } else if faults.fail {
        job.status = "FAILED";
        job.completed_at = Some(now);
        job.errors.push("The job could not be run.".to_owned());
    } else {
        job.started_at.get_or_insert(now);
        // Nobody else may run the lines while they are read without the lock.
        job.status = "RUNNING";
        job.finishing = true;
        let work = job.clone();
        drop(state);
        let results = results(world, &work, &faults);
        finish(&mut world.state(), id, results);
    }
}

/// Lines of the two result files.
#[derive(Default)]
struct Results {
    good: Vec<Value>,
    bad: Vec<Value>,
}

fn results(world: &World, job: &Job, faults: &Batches) -> Results {
    let mut results = Results::default();
    // The order of lines is promised nowhere: the last comes first here.
    for (number, line) in job.lines.iter().enumerate().rev() {
        let named = |names: &[String]| line.custom_id.as_ref().is_some_and(|id| names.contains(id));
        if named(&faults.lost_lines) {
            continue;
        }
        let answer = if named(&faults.failing_lines) {
            Err(Refusal::Message {
                status: 500,
                message: "Internal Server Error".to_owned(),
            })
        } else {
            ocr::read(world, &line.body, job.model.as_ref(), true)
        };
        match answer {
            Ok(body) => results.good.push(envelope(job, number, line, 200, &body)),
            Err(refusal) => {
                let (status, body) = refusal.parts();
                let body = match faults.error_body {
                    ErrorBody::Text => Value::String(body.to_string()),
                    ErrorBody::Object => body,
                };
                results.bad.push(envelope(job, number, line, status, &body));
            }
        }
    }
    results
}

fn envelope(job: &Job, number: usize, line: &Line, status: u16, body: &Value) -> Value {
    let simple = job.id.simple().to_string();
    json!({
        "id": format!("batch-{}-{number}-{}", simple.get(..8).unwrap_or_default(), job.id),
        "custom_id": line.custom_id,
        "response": {"status_code": status, "body": body},
        "error": null,
    })
}

fn finish(state: &mut State, id: Uuid, results: Results) {
    let output = save(state, "batch_result", &results.good);
    let error = save(state, "batch_error", &results.bad);
    let now = state.now();
    let Some(job) = state.jobs.iter_mut().find(|job| job.id == id) else {
        return;
    };
    job.status = "SUCCESS";
    job.completed_at = Some(now);
    job.succeeded = results.good.len();
    job.failed = results.bad.len();
    job.output_file = output;
    job.error_file = error;
    if job.inline {
        job.outputs = results.good.into_iter().chain(results.bad).collect();
    }
}

/// A file of results; none when there are no lines.
fn save(state: &mut State, sample_type: &'static str, lines: &[Value]) -> Option<Uuid> {
    if lines.is_empty() {
        return None;
    }
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let file = StoredFile {
        id: state.new_id(),
        name: format!("{sample_type}.jsonl"),
        purpose: "batch".to_owned(),
        sample_type,
        source: "mistral",
        mime: "text/plain",
        visibility: "workspace".to_owned(),
        lines: lines.len(),
        bytes: text.into(),
        created_at: state.now(),
        expires_at: state.in_hours(KEPT_HOURS),
        unseen: 0,
    };
    let id = file.id;
    state.files.insert(id, file);
    Some(id)
}
