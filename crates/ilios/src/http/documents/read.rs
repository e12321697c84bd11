use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::parsed_id;
use crate::app::{MetadataView, OutputFormat, PageView};
use crate::http::convert::content_headers;
use crate::http::problem::{Problem, ProblemBody};
use crate::http::{HttpState, sent, spooled_body};
use crate::model::{Tenant, Timestamp};

/// What to give out.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct DocumentQuery {
    /// `markdown` (default), `json`, `text` or `html`.
    format: Option<String>,
}

/// A converted document.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DocumentAnswer<'a> {
    id: &'a str,
    file_name: &'a str,
    /// The whole document as Markdown.
    content: &'a str,
    pages: Vec<PageView<'a>>,
    metadata: MetadataView<'a>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    processed_at: Option<Timestamp>,
}

/// Get a converted document
#[utoipa::path(
    get,
    path = "/api/documents/{id}",
    operation_id = "read_document",
    tag = "documents",
    params(("id" = String, Path, description = "Id of the document"), DocumentQuery),
    responses(
        (status = 200, description = "The converted document", content(
            (String = "text/markdown"),
            (DocumentAnswer = "application/json"),
            (String = "text/plain"),
            (String = "text/html"),
        )),
        (status = 400, description = "The id is malformed or the document has no content yet", body = ProblemBody),
        (status = 401, description = "The API key is missing or wrong", body = ProblemBody),
        (status = 404, description = "No such document of this key", body = ProblemBody),
        (status = 422, description = "The content takes too much to be made into `text` or `html`", body = ProblemBody),
        (status = 503, description = "The server is busy; `text` and `html` take a conversion's place", body = ProblemBody),
    ),
)]
pub(super) async fn read(
    State(state): State<HttpState>,
    tenant: Tenant,
    Path(id): Path<String>,
    Query(query): Query<DocumentQuery>,
) -> Result<Response, Problem> {
    let id = parsed_id(&id)?;
    let format = sent::value::<OutputFormat>("format", query.format.as_deref())?.unwrap_or_default();
    if format.needs_rendering() {
        let (document, file) = state.app.rendered_document(&tenant, &id, format).await?;
        let mut headers = content_headers(&document, format);
        let body = spooled_body::body(file, &mut headers).await?;
        return Ok((headers, body).into_response());
    }
    let (document, content) = state.app.document_with_content(&tenant, &id).await?;
    let headers = content_headers(&document, format);
    if format == OutputFormat::Json {
        let answer = DocumentAnswer {
            id: document.id.as_str(),
            file_name: document.file_name.as_str(),
            content: &content.markdown,
            pages: PageView::all(&content),
            metadata: MetadataView::of(&document),
            created_at: document.created_at,
            processed_at: document.processed_at,
        };
        return Ok((headers, Json(answer)).into_response());
    }
    Ok((headers, content.markdown).into_response())
}
