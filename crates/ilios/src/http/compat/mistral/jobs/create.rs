use std::time::Duration;

use axum::Json;
use axum::extract::{Request, State};
use serde_json::Value;
use tokio::sync::Semaphore;

use super::intake::{RequestIntake, TakenRequest};
use super::line::Line;
use super::object::{Details, object};
use super::order::{JobOrder, JobSource};
use crate::app::{Received, SubmitBatch, Upload};
use crate::http::HttpState;
use crate::http::compat::big_json::{self, BigJson};
use crate::http::compat::mistral::document::kept;
use crate::http::compat::mistral::fields::{Faults, Kind};
use crate::http::compat::mistral::files::object::BATCH;
use crate::http::compat::mistral::jsonl::each_line;
use crate::http::compat::mistral::refusal::Refusal;
use crate::http::respond::problem::Problem;
use crate::model::{ConversionOptions, Id, Priority, RetentionDays, Tenant};
use crate::store::NewOcrJob;

/// Lines that are read ahead.
const READ_AHEAD: usize = 1;
/// Jobs whose files are read at once: a line of each is in memory, and may be a large one.
static READING: Semaphore = Semaphore::const_new(2);

/// Makes a job. When this is answered, the documents of its requests are stored and will be converted, whatever happens
/// to the server.
pub(super) async fn create(State(state): State<HttpState>, request: Request) -> Result<Json<Value>, Refusal> {
    let BigJson { tenant, body, place } = big_json::receive::<Value>(&state, request).await?;
    let JobOrder {
        source,
        model,
        metadata,
        hours,
    } = JobOrder::read(body)?;
    let mut intake = RequestIntake::new(&state, &tenant, model.clone());
    let input_files = match source {
        JobSource::Requests(requests) => {
            for request in requests {
                intake.take(request).await?;
            }
            drop(place);
            Vec::new()
        }
        JobSource::Files(ids) => {
            drop(place);
            let _turn = READING.acquire().await.map_err(Problem::internal)?;
            for id in &ids {
                let upload = requests_of(&state, &tenant, id).await?;
                take_lines(&mut intake, upload).await?;
            }
            ids
        }
    };
    let (files, requests) = intake.finish().await?;
    let details = Details {
        model,
        metadata,
        input_files,
    };
    let overdue_at = state
        .app
        .now()
        .plus(Duration::from_secs(u64::from(hours) * 60 * 60));
    let job = NewOcrJob {
        details: serde_json::to_string(&details).map_err(Problem::internal)?,
        lines: lines(&files, &requests)?,
        overdue_at,
    };
    let own_options = requests.into_iter().map(|request| request.options).collect();
    let id = submitted(&state, &tenant, files, own_options, job).await?;
    Ok(Json(object(&state.app.ocr_job(&tenant, &id).await?)?))
}

/// The requests as they are kept.
fn lines(files: &[Received], requests: &[TakenRequest]) -> Result<String, Problem> {
    let lines: Vec<Line> = files
        .iter()
        .zip(requests)
        .map(|(file, request)| Line {
            document: file.id.to_string(),
            custom_id: request.custom_id.clone(),
            wanted: request.wanted.clone(),
        })
        .collect();
    serde_json::to_string(&lines).map_err(Problem::internal)
}

async fn submitted(
    state: &HttpState,
    tenant: &Tenant,
    files: Vec<Received>,
    own_options: Vec<ConversionOptions>,
    job: NewOcrJob,
) -> Result<Id, Refusal> {
    let order = SubmitBatch {
        tenant: tenant.clone(),
        files,
        options: ConversionOptions::default(),
        own_options,
        ocr_job: Some(job),
        priority: Priority::default(),
        retention: RetentionDays::MONTH,
        by_provider: false,
        name: None,
        answer: &|batch, _, _| batch.id.to_string(),
    };
    let answered = Box::pin(state.app.submit_batch(order)).await?;
    Ok(answered.text.parse().map_err(Problem::internal)?)
}

/// A file of requests.
async fn requests_of(state: &HttpState, tenant: &Tenant, id: &str) -> Result<Upload, Refusal> {
    if let Ok(id) = id.parse::<Id>()
        && let Ok(file) = state.app.file(tenant, &id).await
        && file.purpose != BATCH
    {
        let mut faults = Faults::default();
        let place = ["body".into(), "input_files".into()];
        faults.add(
            Kind::Value,
            &place,
            "Input should be files whose purpose is batch",
        );
        return Err(Refusal::Invalid(faults));
    }
    kept(state, tenant, id).await
}

/// Takes the requests of a file, whose lines are read as they are taken.
async fn take_lines(intake: &mut RequestIntake<'_>, upload: Upload) -> Result<(), Refusal> {
    let (lines, mut read) = tokio::sync::mpsc::channel(READ_AHEAD);
    let reading = tokio::task::spawn_blocking(move || {
        each_line(&upload.file, &mut |line| {
            if line.trim_ascii().is_empty() {
                return true;
            }
            // A line that is none is refused as a request without a body.
            let request: Value = serde_json::from_slice(line).unwrap_or_default();
            lines.blocking_send(request).is_ok()
        })
    });
    while let Some(request) = read.recv().await {
        intake.take(request).await?;
    }
    let read = reading.await.map_err(Problem::internal)?;
    Ok(read.map_err(Problem::unavailable)?)
}
