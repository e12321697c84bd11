use axum::extract::{Path, State};
use axum::response::Response;

use super::parsed_id;
use super::status::{StatusAnswer, status_of};
use crate::http::HttpState;
use crate::http::respond::problem::Problem;
use crate::model::Tenant;

/// Cancel a document
///
/// A document that has not ended is `failed` with the code `cancelled` at once; a conversion that runs is
/// stopped, and nothing is charged.
#[utoipa::path(
    post,
    path = "/api/documents/{id}/cancel",
    operation_id = "cancel_document",
    tag = "documents",
    params(("id" = String, Path, description = "Id of the document")),
    responses(
        (status = 200, description = "It is cancelled", body = StatusAnswer),
        (status = 409, description = "It had ended before; `status` says how"),
    ),
)]
pub(super) async fn cancel(
    State(state): State<HttpState>,
    tenant: Tenant,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let document = state.app.cancel_document(&tenant, &parsed_id(&id)?).await?;
    status_of(&state, &document).await
}
