use axum::Json;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::status::StatusAnswer;
use crate::http::HttpState;
use crate::http::extract::query::{self, PaginationQuery, RangeQuery};
use crate::http::respond::problem::Problem;
use crate::model::Tenant;
use crate::store::DocumentFilter;

/// The most characters of a name that is looked for.
const MAX_NAME: usize = 255;

/// Parameters of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// Those that are `pending`, `processing`, `completed`, `failed` or `archived`.
    status: Option<String>,
    /// Those of this batch.
    batch_id: Option<String>,
    /// Those with this text in their name, in whatever case. One request looks at 10,000 names: a page with a
    /// `nextCursor` may then be short, or empty.
    name: Option<String>,
}

/// A part of the documents, newest first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DocumentList<'a> {
    documents: Vec<StatusAnswer<'a>>,
    /// Cursor of the next page, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// List documents
///
/// Newest first. The list can be read to its end with `cursor` while new documents come.
#[utoipa::path(
    get,
    path = "/api/documents",
    operation_id = "list_documents",
    tag = "documents",
    params(PaginationQuery, ListQuery, RangeQuery),
    responses((status = 200, description = "Documents of this key", body = DocumentList)),
)]
pub(super) async fn list(
    State(state): State<HttpState>,
    tenant: Tenant,
    Query(pagination): Query<PaginationQuery>,
    Query(query): Query<ListQuery>,
    Query(range): Query<RangeQuery>,
) -> Result<Response, Problem> {
    let statuses = "takes pending, processing, completed, failed or archived";
    let filter = DocumentFilter {
        status: query::choice("status", query.status.as_ref(), statuses)?,
        batch: query::choice("batchId", query.batch_id.as_ref(), "takes the id of a batch")?,
        range: range.range()?,
    };
    let (after, limit) = pagination.cursor_and_limit()?;
    let page = match query::given(query.name.as_ref()) {
        None => state.app.list_documents(&tenant, &filter, after, limit).await?,
        Some(part) if part.chars().count() > MAX_NAME => {
            let takes = format_args!("takes up to {MAX_NAME} characters");
            return Err(Problem::invalid("name", takes));
        }
        Some(part) => {
            state
                .app
                .find_documents(&tenant, &filter, part, after, limit)
                .await?
        }
    };
    let answer = DocumentList {
        documents: page.rows.iter().map(|row| StatusAnswer::of(row, None)).collect(),
        next_cursor: page.next.as_ref().map(query::cursor_text),
    };
    Ok(Json(answer).into_response())
}
