use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::answer::QueueAnswer;
use crate::http::HttpState;
use crate::http::respond::problem::Problem;
use crate::model::Tenant;

/// Get the queue of this key
///
/// Its documents that wait and are converted, by engine, with the age of the oldest. Of those that wait the 10,000 that
/// are due first are counted.
#[utoipa::path(
    get,
    path = "/api/queue",
    operation_id = "queue",
    tag = "documents",
    responses((status = 200, description = "The queue of this key", body = QueueAnswer)),
)]
pub(super) async fn queue(State(state): State<HttpState>, tenant: Tenant) -> Result<Response, Problem> {
    let queue = state.app.queue(Some(&tenant)).await?;
    Ok(Json(QueueAnswer::of(queue, false)).into_response())
}
