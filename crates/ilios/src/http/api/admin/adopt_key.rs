use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::ToSchema;

use super::fields::TenantFields;
use crate::http::HttpState;
use crate::http::extract::json_body::JsonBody;
use crate::http::respond::problem::Problem;
use crate::model::Caller;

/// A tenant that was known by a key of `API_KEY` alone.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct AdoptKeyRequest {
    /// The first 8 or more hexadecimal digits of the SHA-256 of a key of `API_KEY`, as the log shows them, or
    /// `anonymous` for what was sent to an open server.
    fingerprint: String,
    /// The tenant's name for people, up to 100 characters.
    name: String,
}

/// Name the tenant of a key of the environment
///
/// From then on further keys can be made for its documents, and the key of the environment can be rotated and revoked.
#[utoipa::path(
    post,
    path = "/api/admin/keys/adopt",
    operation_id = "adopt_key",
    tag = "admin",
    request_body = AdoptKeyRequest,
    responses(
        (status = 201, description = "The tenant", body = TenantFields),
        (status = 400, description = "A field has a wrong value"),
        (status = 409, description = "Another tenant has this name, or this one has one"),
    ),
)]
pub(super) async fn adopt_key(
    State(state): State<HttpState>,
    caller: Caller,
    JsonBody(request): JsonBody<AdoptKeyRequest>,
) -> Result<Response, Problem> {
    let admin = state.app.key_admin(caller.actor);
    let tenant = admin
        .adopt(&state.api_keys, &request.fingerprint, &request.name)
        .await?;
    state.app.keys_changed();
    Ok((StatusCode::CREATED, Json(TenantFields::from(tenant))).into_response())
}
