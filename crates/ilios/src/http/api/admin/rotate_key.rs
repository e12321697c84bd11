use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::fields::{MadeKeyFields, key_id, lifetime, made};
use crate::app::RotateKey;
use crate::http::HttpState;
use crate::http::extract::json_body::JsonBody;
use crate::http::respond::problem::Problem;
use crate::model::{Caller, DEFAULT_GRACE, MAX_GRACE};

/// Replacement of an API key.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RotateKeyRequest {
    /// Seconds for which the old key is accepted yet, 0 to 2592000; a day by default.
    grace_seconds: Option<u64>,
    /// Days after which the new key is refused, 1 to 3650; never by default.
    expires_in_days: Option<u64>,
}

/// Replace an API key
///
/// The new key has the tenant, the name and the scopes of the old one, which is accepted for some time yet. The text of
/// the new key is told once, in this answer.
#[utoipa::path(
    post,
    path = "/api/admin/keys/{id}/rotate",
    operation_id = "rotate_key",
    tag = "admin",
    params(("id" = String, Path, description = "Id of the key")),
    request_body = RotateKeyRequest,
    responses(
        (status = 201, description = "The new key", body = MadeKeyFields),
        (status = 400, description = "A field has a wrong value"),
        (status = 404, description = "No such key"),
        (status = 409, description = "The key was revoked, replaced or has expired"),
    ),
)]
pub(super) async fn rotate_key(
    State(state): State<HttpState>,
    caller: Caller,
    Path(id): Path<String>,
    JsonBody(request): JsonBody<RotateKeyRequest>,
) -> Result<Response, Problem> {
    let rotate = RotateKey {
        id: key_id(&id)?,
        grace: grace(request.grace_seconds)?,
        lifetime: lifetime(request.expires_in_days)?,
    };
    let key = state.app.key_admin(caller.actor).rotate(rotate).await?;
    state.app.keys_changed();
    Ok(made(key, state.app.now()))
}

fn grace(seconds: Option<u64>) -> Result<Duration, Problem> {
    let grace = seconds.map_or(DEFAULT_GRACE, Duration::from_secs);
    if grace <= MAX_GRACE {
        return Ok(grace);
    }
    Err(Problem::invalid(
        "graceSeconds",
        format_args!("takes a whole number from 0 to {}", MAX_GRACE.as_secs()),
    ))
}
