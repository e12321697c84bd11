use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use super::fields::{KeyFields, key_id};
use crate::http::HttpState;
use crate::http::respond::problem::Problem;
use crate::model::Caller;

/// Revoke an API key
///
/// It is refused at once, on other nodes within five seconds. Its row stays listed for a year.
#[utoipa::path(
    post,
    path = "/api/admin/keys/{id}/revoke",
    operation_id = "revoke_key",
    tag = "admin",
    params(("id" = String, Path, description = "Id of the key")),
    responses(
        (status = 200, description = "The key as it is now", body = KeyFields),
        (status = 404, description = "No such key"),
    ),
)]
pub(super) async fn revoke_key(
    State(state): State<HttpState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let key = state.app.key_admin(caller.actor).revoke(&key_id(&id)?).await?;
    state.app.keys_changed();
    // The clock of the database may be ahead.
    let now = state.app.now().max(key.revoked_at.unwrap_or(key.created_at));
    Ok(Json(KeyFields::of(key, now)).into_response())
}
