use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::parsed_id;
use crate::http::HttpState;
use crate::http::extract::query;
use crate::http::respond::document_view::MetadataView;
use crate::http::respond::problem::Problem;
use crate::model::{Document, Reconversion, Status, Tenant, Timestamp};

/// Parameters of the query.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct StatusQuery {
    /// Seconds to wait for the document to end, 0 (default) to 60: the answer comes as soon as it has.
    #[param(value_type = Option<u64>)]
    wait: Option<String>,
}

/// Status of a document.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct StatusAnswer<'a> {
    id: &'a str,
    /// `pending`, `processing`, `completed`, `failed` or `archived`.
    #[schema(value_type = String)]
    status: Status,
    file_name: &'a str,
    file_size: u64,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Time at which it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    processed_at: Option<Timestamp>,
    /// The batch that it was sent in.
    #[serde(skip_serializing_if = "Option::is_none")]
    batch_id: Option<&'a str>,
    /// The place of a pending document in the line of this API key: 1 is next. Not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    queue_position: Option<u64>,
    /// Progress of the conversion of a document with pages. Not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    progress: Option<ProgressView>,
    /// Another conversion of a completed document that was asked for; absent once its result is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    reconversion: Option<ReconversionView<'a>>,
    /// Address of the content, once there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    download_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<MetadataView<'a>>,
    /// Description of the failure, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
    /// Stable code of the failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    error_code: Option<&'a str>,
}

/// Another conversion of a completed document.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ReconversionView<'a> {
    /// `pending` or `failed`.
    status: &'static str,
    /// Description of the failure, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
    /// Stable code of the failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    error_code: Option<&'a str>,
}

impl<'a> ReconversionView<'a> {
    fn of(reconversion: &'a Reconversion) -> Self {
        let failure = reconversion.failure.as_ref();
        Self {
            status: if failure.is_none() { "pending" } else { "failed" },
            error: failure.map(|failure| failure.message.as_str()),
            error_code: failure.map(|failure| failure.code.as_str()),
        }
    }
}

/// Progress of a conversion.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ProgressView {
    /// Pages that are converted.
    pages_done: u32,
    /// Pages to convert.
    pages: u32,
}

impl<'a> StatusAnswer<'a> {
    /// Of `document`, at this place of the line.
    pub(super) fn of(document: &'a Document, queue_position: Option<u64>) -> Self {
        let failure = document.failure.as_ref();
        // An archived document may have failed before.
        let has_content = document.status.has_content() && failure.is_none();
        Self {
            id: document.id.as_str(),
            status: document.status,
            file_name: document.file_name.as_str(),
            file_size: document.file_size,
            created_at: document.created_at,
            processed_at: document.processed_at,
            batch_id: document.batch.as_ref().map(|id| id.as_str()),
            queue_position,
            progress: None,
            reconversion: document.reconversion.as_ref().map(ReconversionView::of),
            download_url: has_content.then(|| format!("/api/documents/{}", document.id)),
            metadata: has_content.then(|| MetadataView::of(document)),
            error: failure.map(|failure| failure.message.as_str()),
            error_code: failure.map(|failure| failure.code.as_str()),
        }
    }
}

/// The answer of every operation that changes where a document stands.
pub(super) async fn status_of(state: &HttpState, document: &Document) -> Result<Response, Problem> {
    let position = state.app.queue_position(document).await?;
    let pages = state.app.events().running.pages(&document.id);
    let progress = pages.filter(|_| document.status == Status::Processing || !document.is_settled());
    Ok(Json(StatusAnswer {
        progress: progress.map(|(pages_done, pages)| ProgressView { pages_done, pages }),
        ..StatusAnswer::of(document, position)
    })
    .into_response())
}

/// Get the status of a document
///
/// With `wait` the answer comes as soon as the document has ended, or after that many seconds.
#[utoipa::path(
    get,
    path = "/api/documents/status/{id}",
    operation_id = "document_status",
    tag = "documents",
    params(("id" = String, Path, description = "Id of the document"), StatusQuery),
    responses(
        (status = 200, description = "Where it stands", body = StatusAnswer),
        (status = 400, description = "The id is malformed or a parameter has a wrong value"),
    ),
)]
pub(super) async fn status(
    State(state): State<HttpState>,
    tenant: Tenant,
    Path(id): Path<String>,
    Query(query): Query<StatusQuery>,
) -> Result<Response, Problem> {
    let id = parsed_id(&id)?;
    let timeout = query::wait(query.wait.as_ref())?;
    let document = state.app.wait_for_document(&tenant, &id, timeout).await?;
    status_of(&state, &document).await
}
