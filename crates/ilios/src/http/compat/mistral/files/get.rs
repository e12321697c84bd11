use axum::Json;
use axum::extract::{Path, State};
use serde_json::Value;

use super::object::object;
use super::{file, missing};
use crate::http::HttpState;
use crate::http::compat::mistral::jobs::results::{ResultFile, Results};
use crate::http::respond::problem::Problem;
use crate::model::Tenant;

/// Answers the facts of a file.
pub(super) async fn get(
    State(state): State<HttpState>,
    tenant: Tenant,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    if let Some((file, job)) = ResultFile::named(&id) {
        let results = Results::of(&state, &tenant, &job, file).await;
        return Ok(Json(results.map_err(missing)?.object().await?));
    }
    let mut answer = object(&file(&state, &tenant, &id).await?);
    answer["deleted"] = false.into();
    Ok(Json(answer))
}
