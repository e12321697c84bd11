use axum::Json;
use axum::extract::{Path, State};
use serde_json::Value;

use super::object::object;
use super::{missing, parsed};
use crate::http::HttpState;
use crate::http::compat::mistral::refusal::Refusal;
use crate::model::{StopReason, Tenant};

/// Cancels a job. One that has ended stays as it is.
pub(super) async fn cancel(
    State(state): State<HttpState>,
    tenant: Tenant,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let id = parsed(&id)?;
    let stopped = state.app.stop_ocr_job(&tenant, &id, StopReason::Cancelled).await;
    stopped.map_err(|error| missing(error.into()))?;
    let found = state.app.ocr_job(&tenant, &id).await;
    Ok(Json(object(&found.map_err(|error| missing(error.into()))?)?))
}
