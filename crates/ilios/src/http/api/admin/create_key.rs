use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::fields::{MadeKeyFields, lifetime, made, scopes};
use crate::app::CreateKey;
use crate::http::HttpState;
use crate::http::extract::json_body::JsonBody;
use crate::http::respond::problem::Problem;
use crate::model::{Caller, Scopes};

/// An API key to be made.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct CreateKeyRequest {
    /// Name for people, up to 100 characters.
    name: String,
    /// Id or name of the tenant whose documents it reaches; a new tenant of the key's name without one.
    tenant: Option<String>,
    /// Its permissions: `convert`, `read`, `usage`, `webhooks`, `admin`, `metrics`. The first four by default.
    scopes: Option<Vec<String>>,
    /// A key of test data: it never spends, and what it sends is deleted after a day.
    #[serde(default)]
    test: bool,
    /// Days after which it is refused, 1 to 3650; never by default.
    expires_in_days: Option<u64>,
}

/// Make an API key
///
/// The text of the key is told once, in this answer.
#[utoipa::path(
    post,
    path = "/api/admin/keys",
    operation_id = "create_key",
    tag = "admin",
    request_body = CreateKeyRequest,
    responses(
        (status = 201, description = "The key", body = MadeKeyFields),
        (status = 400, description = "A field has a wrong value"),
        (status = 404, description = "No such tenant"),
        (status = 409, description = "Another tenant has this name"),
    ),
)]
pub(super) async fn create_key(
    State(state): State<HttpState>,
    caller: Caller,
    JsonBody(request): JsonBody<CreateKeyRequest>,
) -> Result<Response, Problem> {
    let create = CreateKey {
        scopes: scopes(request.scopes.as_deref())?.unwrap_or(Scopes::DEFAULT),
        lifetime: lifetime(request.expires_in_days)?,
        name: request.name,
        tenant: request.tenant,
        test: request.test,
    };
    let key = state.app.key_admin(caller.actor).create(create).await?;
    state.app.keys_changed();
    Ok(made(key, state.app.now()))
}
