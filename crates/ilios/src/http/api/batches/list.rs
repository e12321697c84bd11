use axum::Json;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::status::BatchStatus;
use crate::http::HttpState;
use crate::http::extract::query;
use crate::http::respond::problem::{Problem, ProblemBody};
use crate::model::Tenant;
use crate::store::BatchFilter;

/// Parameters of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// At most so many, 1 to 200; 50 by default.
    #[param(value_type = Option<u32>)]
    limit: Option<String>,
    /// Position to continue from: the `nextCursor` of the previous answer.
    cursor: Option<String>,
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
    params(ListQuery),
    responses(
        (status = 200, description = "Batches of this key", body = BatchList),
        (status = 400, description = "A parameter has a wrong value", body = ProblemBody),
        (status = 401, description = "The API key is missing or wrong", body = ProblemBody),
    ),
)]
pub(super) async fn list(
    State(state): State<HttpState>,
    tenant: Tenant,
    Query(query): Query<ListQuery>,
) -> Result<Response, Problem> {
    let statuses = "takes pending, processing, completed or failed";
    let filter = BatchFilter {
        status: query::choice("status", query.status.as_ref(), statuses)?,
    };
    let (after, limit) = (
        query::cursor(query.cursor.as_ref())?,
        query::limit(query.limit.as_ref())?,
    );
    let page = state.app.list_batches(&tenant, filter, after, limit).await?;
    let answer = BatchList {
        batches: page.rows.iter().map(|row| BatchStatus::of(row, None)).collect(),
        next_cursor: page.next.as_ref().map(query::cursor_text),
    };
    Ok(Json(answer).into_response())
}
