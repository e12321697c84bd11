use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::HttpState;
use super::document::parsed_id;
use super::problem::{Problem, ProblemBody};
use crate::app::MetadataView;
use crate::model::{Status, Tenant, Timestamp};

/// Where a document stands.
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
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    processed_at: Option<Timestamp>,
    /// Where the content is, once there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    download_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<MetadataView<'a>>,
}

/// Tells where a document stands
#[utoipa::path(
    get,
    path = "/api/documents/status/{id}",
    tag = "documents",
    params(("id" = String, Path, description = "Id of the document")),
    responses(
        (status = 200, description = "Where it stands", body = StatusAnswer),
        (status = 400, description = "The id is malformed", body = ProblemBody),
        (status = 401, description = "The API key is missing or wrong", body = ProblemBody),
        (status = 404, description = "No such document of this key", body = ProblemBody),
    ),
)]
pub(super) async fn status(
    State(state): State<HttpState>,
    tenant: Tenant,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let document = state.app.document(&tenant, &parsed_id(&id)?).await?;
    let has_content = document.status.has_content();
    let answer = StatusAnswer {
        id: document.id.as_str(),
        status: document.status,
        file_name: document.file_name.as_str(),
        file_size: document.file_size,
        created_at: document.created_at,
        processed_at: document.processed_at,
        download_url: has_content.then(|| format!("/api/documents/{}", document.id)),
        metadata: has_content.then(|| MetadataView::of(&document)),
    };
    Ok(Json(answer).into_response())
}
