use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};

use super::{parsed, refuse_results};
use crate::http::HttpState;
use crate::http::respond::problem::Problem;
use crate::model::Tenant;

/// Deletes a file. Clients delete what may be gone already, and take anything but success for a failure of theirs.
pub(super) async fn delete(
    State(state): State<HttpState>,
    tenant: Tenant,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    refuse_results(&id)?;
    let id = parsed(&id)?;
    state.app.delete_file(&tenant, &id).await?;
    Ok(Json(json!({"id": id, "object": "file", "deleted": true})))
}
