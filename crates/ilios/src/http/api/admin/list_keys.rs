use axum::Json;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::fields::KeyFields;
use crate::http::HttpState;
use crate::http::extract::query::{self, PaginationQuery, given};
use crate::http::respond::problem::Problem;
use crate::model::Caller;

/// Parameters of the query.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct KeysQuery {
    /// Id or name of the tenant whose keys are listed, those of its test data included.
    tenant: Option<String>,
}

/// A part of the keys, newest first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct KeysAnswer {
    keys: Vec<KeyFields>,
    /// Cursor of the next page, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// List API keys
///
/// Newest first: those that are accepted, and those that ended within a year.
#[utoipa::path(
    get,
    path = "/api/admin/keys",
    operation_id = "list_keys",
    tag = "admin",
    params(KeysQuery, PaginationQuery),
    responses(
        (status = 200, description = "The keys", body = KeysAnswer),
        (status = 404, description = "No such tenant"),
    ),
)]
pub(super) async fn list_keys(
    State(state): State<HttpState>,
    caller: Caller,
    Query(query): Query<KeysQuery>,
    Query(pagination): Query<PaginationQuery>,
) -> Result<Response, Problem> {
    let (after, limit) = pagination.cursor_and_limit()?;
    let admin = state.app.key_admin(caller.actor);
    let page = admin.list(given(query.tenant.as_ref()), after, limit).await?;
    let now = state.app.now();
    let answer = KeysAnswer {
        next_cursor: page.next.as_ref().map(query::cursor_text),
        keys: page.rows.into_iter().map(|key| KeyFields::of(key, now)).collect(),
    };
    Ok(Json(answer).into_response())
}
