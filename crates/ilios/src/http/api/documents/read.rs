use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use ilios_convert::OutputFormat;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::parsed_id;
use crate::app::{
    BufferedBytes, BuiltRendition, OutputRequest, RenderedDocument, Rendition, RenditionWork,
    write_model_answer,
};
use crate::http::HttpState;
use crate::http::api::convert::content_headers;
use crate::http::extract::output_query::OutputQuery;
use crate::http::respond::document_view::{ChunkView, MetadataView, ModelView};
use crate::http::respond::paced::body_of;
use crate::http::respond::problem::Problem;
use crate::model::{Document, Tenant, Timestamp};

/// Parameters of the query, for the API description, which adds the options of the outputs.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct DocumentQuery {
    /// Format of the answer.
    #[expect(dead_code, reason = "describes what `OutputQuery` reads")]
    format: Option<String>,
}

/// A converted document, for the API description.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DocumentAnswer<'a> {
    #[serde(flatten)]
    fields: DocumentFields<'a>,
    /// The whole document as Markdown.
    content: &'a str,
    #[serde(flatten)]
    model: ModelView,
}

/// Fields of a converted document beside its content.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DocumentFields<'a> {
    id: &'a str,
    file_name: &'a str,
    metadata: MetadataView<'a>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    processed_at: Option<Timestamp>,
}

/// Get a converted document
///
/// Every format but the Markdown that is stored is written from the document's model, with the options that are given
/// here and otherwise with those of its conversion.
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
            (ChunkView = "application/x-ndjson"),
        )),
        (status = 400,
            description = "The id is malformed, the document has no content yet or a parameter has a wrong value"),
        (status = 422, description = "The content takes too much to be made into the format"),
        (status = 503, description = "The server is busy; what is not stored takes a conversion's place"),
    ),
)]
pub(super) async fn read(
    State(state): State<HttpState>,
    tenant: Tenant,
    Path(id): Path<String>,
    OutputQuery(wanted): OutputQuery,
) -> Result<Response, Problem> {
    let id = parsed_id(&id)?;
    let document = state.app.document(&tenant, &id).await?;
    let rendition = if wanted.is_stored(&document) {
        stored(&state, &tenant, &document).await?
    } else if matches!(wanted.format, OutputFormat::Json | OutputFormat::Chunks) {
        written(&state, &tenant, &document, &wanted).await?
    } else {
        let rendered = state.app.rendered_document(&tenant, &id, &wanted).await?;
        let mut headers = content_headers(&rendered.document, wanted.format);
        name_unfollowed(&mut headers, &rendered.unfollowed);
        return Ok((headers, body_of(rendered.output.into(), ())).into_response());
    };
    let document = rendition.made.document.as_ref();
    let headers = document.map(|document| content_headers(document, wanted.format));
    let mut headers = headers.unwrap_or_default();
    name_unfollowed(&mut headers, &rendition.made.unfollowed);
    let body = body_of(rendition.made.held.clone(), rendition.clone());
    Ok((headers, body).into_response())
}

/// Names the options that only another conversion would follow, beside an output that holds no warnings.
fn name_unfollowed(headers: &mut HeaderMap, unfollowed: &[&'static str]) {
    if let Ok(names) = HeaderValue::from_str(&unfollowed.join(", "))
        && !unfollowed.is_empty()
    {
        headers.insert("x-needs-reconvert", names);
    }
}

/// The stored Markdown as it is sent; read once for all who are sent it at the same time.
async fn stored(state: &HttpState, tenant: &Tenant, document: &Document) -> Result<Rendition, Problem> {
    let make = async {
        let (document, content) = state.app.document_with_content(tenant, &document.id).await?;
        let held = state.app.buffer(content.markdown.into()).await?;
        Ok::<_, Problem>(BuiltRendition {
            document: Some(document),
            held,
            unfollowed: Vec::new(),
        })
    };
    let renditions = state.app.renditions();
    renditions.get(key(document), RenditionWork::Reading, make).await
}

/// The document as JSON or chunks; written once for all who are sent it at the same time.
async fn written(
    state: &HttpState,
    tenant: &Tenant,
    document: &Document,
    wanted: &OutputRequest,
) -> Result<Rendition, Problem> {
    let make = async {
        let rendered = state.app.rendered_document(tenant, &document.id, wanted).await?;
        let document = Some(rendered.document.clone());
        let (held, unfollowed) = if wanted.format == OutputFormat::Json {
            (json(state, rendered).await?, Vec::new())
        } else {
            (rendered.output.into(), rendered.unfollowed)
        };
        Ok::<_, Problem>(BuiltRendition {
            document,
            held,
            unfollowed,
        })
    };
    let key = format!("{} {wanted:?}", key(document));
    let renditions = state.app.renditions();
    renditions.get(key, RenditionWork::Writing, make).await
}

/// Name of the stored Markdown of a conversion: a document that is converted again has another one.
fn key(document: &Document) -> String {
    let conversion = document.processed_at.map_or(0, Timestamp::as_millis);
    format!("{} {} {conversion}", document.id, document.status)
}

async fn json(state: &HttpState, rendered: RenderedDocument) -> Result<BufferedBytes, Problem> {
    let RenderedDocument {
        document,
        content,
        output,
        ..
    } = rendered;
    let size = usize::try_from(output.size()).unwrap_or(usize::MAX);
    let write = move |writer: &mut dyn std::io::Write| {
        let fields = DocumentFields {
            id: document.id.as_str(),
            file_name: document.file_name.as_str(),
            metadata: MetadataView::of(&document),
            created_at: document.created_at,
            processed_at: document.processed_at,
        };
        write_model_answer(writer, &fields, &content.markdown, &output)
    };
    Ok(state.app.buffer_written(size, write).await?)
}
