use axum::extract::{Path, State};
use axum::http::StatusCode;

use super::parsed_id;
use crate::http::HttpState;
use crate::http::respond::problem::Problem;
use crate::model::Caller;

/// Delete a document
///
/// The document goes with its content and its original, in whatever state it is; a conversion that runs is
/// stopped. Its usage record stays.
#[utoipa::path(
    delete,
    path = "/api/documents/{id}",
    operation_id = "delete_document",
    tag = "documents",
    params(("id" = String, Path, description = "Id of the document")),
    responses((status = 204, description = "It is deleted")),
)]
pub(super) async fn delete(
    State(state): State<HttpState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    state.app.delete_document(&caller, &parsed_id(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
