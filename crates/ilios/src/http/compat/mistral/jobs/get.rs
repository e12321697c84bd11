use axum::Json;
use axum::extract::{Path, Query, State};
use serde_json::Value;

use super::object::object;
use super::results::{ResultFile, Results, lines_of};
use super::{missing, parsed};
use crate::http::HttpState;
use crate::http::compat::mistral::fields::Kind;
use crate::http::compat::mistral::queries::{Pairs, flag, refused, unknown};
use crate::http::compat::mistral::refusal::Refusal;
use crate::model::Tenant;

/// Requests of a job whose results are given out within the answer, at most.
const MAX_INLINE: u64 = 100;

/// Answers the state of a job.
pub(super) async fn get(
    State(state): State<HttpState>,
    tenant: Tenant,
    Path(id): Path<String>,
    Query(query): Query<Pairs>,
) -> Result<Json<Value>, Refusal> {
    let mut is_inline = false;
    for (name, value) in &query {
        match name.as_str() {
            "inline" => is_inline = flag("inline", value)?,
            name => return Err(unknown(name)),
        }
    }
    let id = parsed(&id)?;
    let found = state.app.ocr_job(&tenant, &id).await;
    let job = found.map_err(|error| missing(error.into()))?;
    let mut answer = object(&job)?;
    if is_inline && job.1.completed_at.is_some() {
        if job.1.progress.total > MAX_INLINE {
            let message = "The job has too many requests for that: fetch output_file";
            return Err(refused(Kind::Value, "inline", message));
        }
        let results = Results::of(&state, &tenant, &id, ResultFile::Output).await?;
        answer["outputs"] = lines_of(results).await?.into();
    }
    Ok(Json(answer))
}
