use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::HttpState;
use crate::http::respond::problem::Problem;
use crate::model::Tenant;

/// Number of documents by status, up to 1,000,000.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DocumentSummaryAnswer {
    /// Those that wait.
    pending: u64,
    /// Those that are converted now.
    processing: u64,
    /// Those that have a result.
    completed: u64,
    /// Those that were given up.
    failed: u64,
    /// Those that are past their retention.
    archived: u64,
    /// Seconds since the first of those that wait could have been begun.
    #[serde(skip_serializing_if = "Option::is_none")]
    oldest_pending_seconds: Option<u64>,
}

/// Count documents by status
#[utoipa::path(
    get,
    path = "/api/documents/summary",
    operation_id = "documents_summary",
    tag = "documents",
    responses((status = 200, description = "Numbers of documents of this key", body = DocumentSummaryAnswer)),
)]
pub(super) async fn summary(State(state): State<HttpState>, tenant: Tenant) -> Result<Response, Problem> {
    let summary = state.app.document_summary(&tenant).await?;
    let answer = DocumentSummaryAnswer {
        pending: summary.counts.pending,
        processing: summary.counts.processing,
        completed: summary.counts.completed,
        failed: summary.counts.failed,
        archived: summary.counts.archived,
        oldest_pending_seconds: summary.oldest_pending.map(|age| age.as_secs()),
    };
    Ok(Json(answer).into_response())
}
