use axum::Json;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::status::BatchStatus;
use crate::http::HttpState;
use crate::http::extract::query::{self, PaginationQuery};
use crate::http::respond::problem::Problem;
use crate::model::Tenant;
use crate::store::BatchFilter;

/// Parameters of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// Those that are `pending`, `processing`, `completed` or `failed`.
    status: Option<String>,
}

/// A part of the batches, newest first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct BatchList<'a> {
    batches: Vec<BatchStatus<'a>>,
    /// Cursor of the next page, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// List batches
///
/// Newest first. The list can be read to its end with `cursor` while new batches come.
#[utoipa::path(
    get,
    path = "/v1/batch",
    operation_id = "list_batches",
    tag = "batches",
    params(PaginationQuery, ListQuery),
    responses((status = 200, description = "Batches of this key", body = BatchList)),
)]
pub(super) async fn list(
    State(state): State<HttpState>,
    tenant: Tenant,
    Query(pagination): Query<PaginationQuery>,
    Query(query): Query<ListQuery>,
) -> Result<Response, Problem> {
    let statuses = "takes pending, processing, completed or failed";
    let filter = BatchFilter {
        status: query::choice("status", query.status.as_ref(), statuses)?,
    };
    let (after, limit) = pagination.cursor_and_limit()?;
    let page = state.app.list_batches(&tenant, filter, after, limit).await?;
    let answer = BatchList {
        batches: page.rows.iter().map(|row| BatchStatus::of(row, None)).collect(),
        next_cursor: page.next.as_ref().map(query::cursor_text),
    };
    Ok(Json(answer).into_response())
}
