use std::time::Duration;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::MadeKey;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::model::{ApiKey, Id, Scope, Scopes, TenantEntry, Timestamp};

/// Seconds of a day.
const DAY: u64 = 24 * 60 * 60;
/// The longest life of a key that has an end.
const MAX_DAYS: u64 = 3_650;

/// An API key, without its text.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct KeyFields {
    id: String,
    name: String,
    /// Id of the tenant whose documents it reaches; that of a test key ends with `:test`.
    tenant: String,
    scopes: Vec<&'static str>,
    /// `live`, `test`, or `environment` for a key of `API_KEY` that was adopted.
    kind: &'static str,
    /// `active`, `ending` (replaced, and accepted until `revokedAt`), `expired` or `revoked`.
    state: &'static str,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// To the minute.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Timestamp>,
    /// Moment from which it is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    revoked_at: Option<Timestamp>,
}

/// An API key that was made.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct MadeKeyFields {
    /// Text of the key. It is told once, here.
    key: String,
    #[serde(flatten)]
    fields: KeyFields,
}

/// A tenant that has a name.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TenantFields {
    id: String,
    name: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl KeyFields {
    pub(super) fn of(key: ApiKey, now: Timestamp) -> Self {
        Self {
            state: key.state(now).as_str(),
            id: key.id.to_string(),
            name: key.name,
            tenant: key.tenant.as_str().to_owned(),
            scopes: key.scopes.iter().map(Scope::as_str).collect(),
            kind: key.kind.as_str(),
            created_at: key.created_at,
            expires_at: key.expires_at,
            last_used_at: key.last_used_at,
            revoked_at: key.revoked_at,
        }
    }
}

impl From<TenantEntry> for TenantFields {
    fn from(entry: TenantEntry) -> Self {
        Self {
            id: entry.tenant.as_str().to_owned(),
            name: entry.name,
            created_at: entry.created_at,
        }
    }
}

/// Answers with a key that was made. No cache keeps it.
pub(super) fn made(made: MadeKey, now: Timestamp) -> Response {
    let answer = MadeKeyFields {
        key: made.text.reveal().to_owned(),
        fields: KeyFields::of(made.key, now),
    };
    let no_store = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    (StatusCode::CREATED, no_store, Json(answer)).into_response()
}

/// The set of the scopes that are named; `None` where none is.
pub(super) fn scopes(names: Option<&[String]>) -> Result<Option<Scopes>, Problem> {
    let Some(names) = names else {
        return Ok(None);
    };
    let scopes = names.join(",").parse();
    scopes
        .map(Some)
        .map_err(|error| Problem::invalid("scopes", error))
}

/// A life of `days`.
pub(super) fn lifetime(days: Option<u64>) -> Result<Option<Duration>, Problem> {
    match days {
        None => Ok(None),
        Some(days @ 1..=MAX_DAYS) => Ok(Some(Duration::from_secs(days * DAY))),
        Some(_) => Err(Problem::invalid(
            "expiresInDays",
            format_args!("takes a whole number from 1 to {MAX_DAYS}"),
        )),
    }
}

/// The id of a key in a path.
pub(super) fn key_id(text: &str) -> Result<Id, Problem> {
    let id = text.parse();
    id.map_err(|takes| Problem::new(Code::INVALID_ID, format!("the id {takes}")).at("id"))
}
