use std::io::Write;

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::parsed_id;
use crate::app::{AppError, BufferedBytes, BuiltRendition, OutputFormat, Rendition, RenditionWork};
use crate::http::HttpState;
use crate::http::api::convert::content_headers;
use crate::http::extract::param_values;
use crate::http::respond::document_view::{MetadataView, PageView};
use crate::http::respond::paced::body_of;
use crate::http::respond::problem::Problem;
use crate::model::{Document, DocumentContent, Id, Tenant, Timestamp};

/// Parameters of the query.
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
        (status = 400, description = "The id is malformed or the document has no content yet"),
        (status = 422, description = "The content takes too much to be made into `text` or `html`"),
        (status = 503, description = "The server is busy; `text` and `html` take a conversion's place"),
    ),
)]
pub(super) async fn read(
    State(state): State<HttpState>,
    tenant: Tenant,
    Path(id): Path<String>,
    Query(query): Query<DocumentQuery>,
) -> Result<Response, Problem> {
    let id = parsed_id(&id)?;
    let format = param_values::value::<OutputFormat>("format", query.format.as_deref())?.unwrap_or_default();
    if format.needs_rendering() {
        let (document, held) = state.app.rendered_document(&tenant, &id, format).await?;
        let headers = content_headers(&document, format);
        return Ok((headers, body_of(held, ())).into_response());
    }
    let rendition = rendition(&state, &tenant, &id, format).await?;
    let document = rendition.made.document.as_ref();
    let headers = document.map(|document| content_headers(document, format));
    let body = body_of(rendition.made.held.clone(), rendition.clone());
    Ok((headers.unwrap_or_default(), body).into_response())
}

/// The document as Markdown or JSON, as it is sent; made once for all who are sent it at the same time.
async fn rendition(
    state: &HttpState,
    tenant: &Tenant,
    id: &Id,
    format: OutputFormat,
) -> Result<Rendition, Problem> {
    let make = async {
        let (document, content) = state.app.document_with_content(tenant, id).await?;
        let held = match format {
            OutputFormat::Json => json(state, document.clone(), content).await?,
            _ => state.app.buffer(content.markdown.into()).await?,
        };
        let document = Some(document);
        Ok::<_, Problem>(BuiltRendition { document, held })
    };
    let key = format!("{id}.{}", format.extension());
    let rendition = state
        .app
        .renditions()
        .get(key, RenditionWork::Reading, make)
        .await?;
    if rendition.is_shared {
        // It may have been made for another tenant, and deleted since.
        let document = state.app.document(tenant, id).await?;
        if !document.status.has_content() {
            return Err(AppError::NotReady(document.status).into());
        }
    }
    Ok(rendition)
}

async fn json(
    state: &HttpState,
    document: Document,
    content: DocumentContent,
) -> Result<BufferedBytes, Problem> {
    let size = content.markdown.len();
    let write = move |writer: &mut dyn Write| {
        let answer = DocumentAnswer {
            id: document.id.as_str(),
            file_name: document.file_name.as_str(),
            content: &content.markdown,
            pages: PageView::all(&content),
            metadata: MetadataView::of(&document),
            created_at: document.created_at,
            processed_at: document.processed_at,
        };
        Ok(serde_json::to_writer(writer, &answer)?)
    };
    Ok(state.app.buffer_written(size, write).await?)
}
