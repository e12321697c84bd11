use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};

use super::{missing, parsed};
use crate::http::HttpState;
use crate::http::compat::mistral::refusal::Refusal;
use crate::model::Tenant;

/// Deletes a job with its results. What of it has not ended is cancelled.
pub(super) async fn delete(
    State(state): State<HttpState>,
    tenant: Tenant,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let id = parsed(&id)?;
    let deleted = state.app.delete_ocr_job(&tenant, &id).await;
    deleted.map_err(|error| missing(error.into()))?;
    Ok(Json(
        json!({"id": id.as_str(), "object": "batch", "deleted": true}),
    ))
}
