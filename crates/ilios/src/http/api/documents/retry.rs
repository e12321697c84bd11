use axum::extract::{Path, State};
use axum::response::Response;

use super::parsed_id;
use super::status::{StatusAnswer, status_of};
use crate::http::HttpState;
use crate::http::respond::problem::Problem;
use crate::model::Tenant;

/// Retry a failed document
///
/// The document is queued anew with all its attempts; its batch is open again.
#[utoipa::path(
    post,
    path = "/api/documents/{id}/retry",
    operation_id = "retry_document",
    tag = "documents",
    params(("id" = String, Path, description = "Id of the document")),
    responses(
        (status = 200, description = "It is queued", body = StatusAnswer),
        (status = 409, description = "It has not failed, or its original was not kept"),
        (status = 503, description = "The queue is full"),
    ),
)]
pub(super) async fn retry(
    State(state): State<HttpState>,
    tenant: Tenant,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let document = state.app.retry_document(&tenant, &parsed_id(&id)?).await?;
    status_of(&state, &document).await
}
