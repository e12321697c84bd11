use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use super::parsed_id;
use super::status::BatchStatus;
use crate::http::HttpState;
use crate::http::respond::problem::Problem;
use crate::model::Tenant;

/// Cancel a batch
///
/// Its documents that have not ended are `failed` with the code `cancelled` at once; those that have stay as they
/// are. Cancelling a batch that has ended changes nothing.
#[utoipa::path(
    post,
    path = "/v1/batch/{batchId}/cancel",
    operation_id = "cancel_batch",
    tag = "batches",
    params(("batchId" = String, Path, description = "Id of the batch")),
    responses((status = 200, description = "It has ended", body = BatchStatus)),
)]
pub(super) async fn cancel(
    State(state): State<HttpState>,
    tenant: Tenant,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let batch = state.app.cancel_batch(&tenant, &parsed_id(&id)?).await?;
    Ok(Json(BatchStatus::of(&batch, None)).into_response())
}
