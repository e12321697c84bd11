use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use ilios_convert::OutputFormat;
use serde::Serialize;
use utoipa::ToSchema;

use super::parsed_id;
use crate::app::OutputFile;
use crate::http::HttpState;
use crate::http::respond::content_disposition::inline_header;
use crate::http::respond::paced::body_of;
use crate::http::respond::problem::Problem;
use crate::model::Tenant;

/// A line of the places of words, for the API description: a child writes it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PlaceView {
    /// 1-based number of the page.
    page: u32,
    /// Id of the block that the word is in.
    block: String,
    /// Place of its line among those of the block, from 0.
    line: u32,
    /// The word.
    text: String,
    /// Left, top, right and bottom edge in the unit of the page, from its upper left corner.
    bbox: Vec<f32>,
    /// Degrees by which its line is turned clockwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    angle: Option<f32>,
    /// Confidence in the word, 0 to 1, where it was recognized.
    #[serde(skip_serializing_if = "Option::is_none")]
    confidence: Option<f32>,
}

/// Get the places of a document's words
///
/// A line of JSON for each word of the pages that have places: those of PDFs and pictures. The document has to be
/// converted with `places=word`.
#[utoipa::path(
    get,
    path = "/api/documents/{id}/places",
    operation_id = "document_places",
    tag = "documents",
    params(("id" = String, Path, description = "Id of the document")),
    responses(
        (status = 200, description = "The words", content((PlaceView = "application/x-ndjson"))),
        (status = 400, description = "The id is malformed, or the document has no content yet"),
        (status = 404, description = "No such document of this key"),
        (status = 409, description = "The document was converted without the places of its words"),
        (status = 503, description = "The server is busy; writing them takes a conversion's place"),
    ),
)]
pub(super) async fn places(
    State(state): State<HttpState>,
    tenant: Tenant,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = parsed_id(&id)?;
    let rendered = state.app.word_places(&tenant, &id).await?;
    let mut headers = HeaderMap::new();
    let kind = OutputFormat::Chunks.content_type();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    let name = rendered.document.file_name.with_extension("places.jsonl");
    if let Ok(disposition) = HeaderValue::from_str(&inline_header(&name)) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    Ok((headers, body_of(rendered.output.into(), ())).into_response())
}
