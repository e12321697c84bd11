use std::time::Duration;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::task::{Task, missing};
use crate::http::HttpState;
use crate::http::respond::problem::Problem;
use crate::model::{Document, Status, Tenant};

/// Seconds that a client may wait, at most.
const LONGEST_WAIT: f64 = 60.0;

#[derive(Deserialize)]
pub(super) struct PollQuery {
    wait: Option<String>,
}

/// The status of a task, once it has ended or the time is over.
pub(super) async fn poll(
    State(state): State<HttpState>,
    tenant: Tenant,
    Path(id): Path<String>,
    Query(query): Query<PollQuery>,
) -> Result<Response, Problem> {
    let task = Task::named(&id)?;
    let wait = query.wait.as_deref().and_then(|wait| wait.parse::<f64>().ok());
    let wait = wait.filter(|wait| wait.is_finite()).unwrap_or_default();
    let wait = Duration::from_secs_f64(wait.clamp(0.0, LONGEST_WAIT));
    let documents = task.documents(&state, &tenant).await?;
    if let Some(open) = documents.iter().find(|document| !document.status.is_final()) {
        let waited = state.app.wait_for_document(&tenant, &open.id, wait).await;
        waited.map_err(|error| missing(error.into()))?;
    }
    status_of(&state, &tenant, &task).await
}

/// Answers where a task stands.
pub(super) async fn status_of(state: &HttpState, tenant: &Tenant, task: &Task) -> Result<Response, Problem> {
    Ok(Json(status(state, tenant, task).await?).into_response())
}

/// Status of a task.
pub(super) async fn status(state: &HttpState, tenant: &Tenant, task: &Task) -> Result<Value, Problem> {
    let documents = task.documents(state, tenant).await?;
    let ended = documents
        .iter()
        .filter(|document| document.status.is_final())
        .count();
    let pending = documents
        .iter()
        .find(|document| document.status == Status::Pending);
    let position = match pending {
        Some(document) => state.app.queue_position(document).await?,
        None => None,
    };
    let failed = documents
        .iter()
        .filter(|document| document.failure.is_some())
        .count();
    let refused = task.documents.len() - documents.len();
    Ok(json!({
        "task_id": task.id(),
        "task_type": if task.chunks { "chunk" } else { "convert" },
        "task_status": word(&documents, ended),
        "task_position": position,
        "task_meta": {
            "num_docs": task.documents.len(),
            "num_processed": ended + refused,
            "num_succeeded": ended - failed,
            "num_partially_succeeded": 0,
            "num_failed": failed + refused,
        },
        "error_message": null,
        "failure": null,
    }))
}

/// A task succeeds whatever becomes of its documents: they have a status each.
fn word(documents: &[Document], ended: usize) -> &'static str {
    if ended == documents.len() {
        "success"
    } else if ended == 0
        && documents
            .iter()
            .all(|document| document.status == Status::Pending)
    {
        "pending"
    } else {
        "started"
    }
}
