use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::answer::QueueAnswer;
use crate::http::HttpState;
use crate::http::respond::problem::Problem;

/// Get the queue of all tenants
///
/// Documents that wait and are converted, by tenant and engine, with the age of the oldest. Of those that wait the
/// 10,000 that are due first are counted.
#[utoipa::path(
    get,
    path = "/api/admin/queue",
    operation_id = "queue_of_all_tenants",
    tag = "admin",
    responses((status = 200, description = "The queue of all tenants", body = QueueAnswer)),
)]
pub(super) async fn queue_of_all(State(state): State<HttpState>) -> Result<Response, Problem> {
    let queue = state.app.queue(None).await?;
    Ok(Json(QueueAnswer::of(queue, true)).into_response())
}
