use std::time::Duration;

use axum::Json;
use axum::extract::{Path, Query, State};
use serde_json::{Value, json};

use super::{missing, parsed, refuse_results};
use crate::http::HttpState;
use crate::http::compat::mistral::queries::{Pairs, number, unknown};
use crate::http::compat::mistral::refusal::Refusal;
use crate::http::respond::content_disposition::attachment_header;
use crate::http::server::address::Origin;
use crate::model::Tenant;

/// Hours that an address works.
const HOURS: std::ops::RangeInclusive<u64> = 1..=168;
const DEFAULT_HOURS: u64 = 24;

/// An address from which a file can be fetched without a key, and which requests may name.
pub(super) async fn address(
    State(state): State<HttpState>,
    tenant: Tenant,
    origin: Origin,
    Path(id): Path<String>,
    Query(query): Query<Pairs>,
) -> Result<Json<Value>, Refusal> {
    let mut hours = DEFAULT_HOURS;
    for (name, value) in &query {
        match name.as_str() {
            "expiry" => hours = number("expiry", value, HOURS)?,
            name => return Err(unknown(name)),
        }
    }
    refuse_results(&id)?;
    let id = parsed(&id)?;
    let lifetime = Duration::from_secs(hours * 60 * 60);
    let address = state
        .app
        .file_address(&tenant, &id, lifetime, attachment_header)
        .await;
    let address = address.map_err(|error| missing(error.into()))?;
    Ok(Json(json!({"url": origin.absolute(address)})))
}
