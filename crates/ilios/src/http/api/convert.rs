use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use ilios_convert::OutputFormat;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::{ConvertNow, ConvertedNow, OutputFile, write_model_answer};
use crate::engine::Progress;
use crate::http::HttpState;
use crate::http::extract::conversion_params::ConversionFields;
use crate::http::extract::file_form::FileReader;
use crate::http::extract::idempotency::{Fingerprint, IdempotencyKey};
use crate::http::extract::upload::{Admitted, UploadForm};
use crate::http::respond::content_disposition::inline_header;
use crate::http::respond::document_view::{ChunkView, MetadataView, ModelView};
use crate::http::respond::paced::body_of;
use crate::http::respond::problem::Problem;
use crate::http::respond::stored_response::IDEMPOTENCY_REPLAYED;
use crate::model::{Document, DocumentContent, Tenant};

/// The form of `POST /v1/convert`, for the API description.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct ConvertRequest {
    /// The document.
    #[schema(value_type = String, format = Binary, required = false)]
    file: Option<Vec<u8>>,
    /// Address to fetch the document from instead, `http://` or `https://`; only where the operator allows it.
    url: Option<String>,
    /// Format of the answer.
    format: Option<String>,
    #[serde(flatten)]
    params: ConversionFields,
}

/// The answer with `format=json`, for the API description.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct ConvertAnswer<'a> {
    #[serde(flatten)]
    fields: ConvertFields<'a>,
    /// The whole document as Markdown.
    content: &'a str,
    #[serde(flatten)]
    model: ModelView,
}

/// Fields of the answer beside the content.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct ConvertFields<'a> {
    id: &'a str,
    metadata: MetadataView<'a>,
    usage: TokenUsage,
    /// Address of the stored result.
    download_url: String,
}

/// An estimate for old clients, made from the text of the result (four characters a token); not billed.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct TokenUsage {
    prompt_tokens: u64,
    completion_tokens: u64,
    total_tokens: u64,
}

/// Convert a document at once
///
/// The document is sent as `multipart/form-data`. Its type is decided by its content; name and declared media
/// type may be wrong. The result is stored and can be fetched again by the id in `X-Document-Id`.
#[utoipa::path(
    post,
    path = "/v1/convert",
    tag = "convert",
    params(IdempotencyKey),
    request_body(content = ConvertRequest, content_type = "multipart/form-data"),
    responses(
        (status = 200, description = "The converted document", content(
            (String = "text/markdown"),
            (ConvertAnswer = "application/json"),
            (String = "text/plain"),
            (String = "text/html"),
            (ChunkView = "application/x-ndjson"),
        ), headers(
            ("X-Document-Id" = String, description = "Id of the stored document"),
            ("X-Processing-Time-Ms" = u64, description = "Milliseconds the conversion took"),
            ("X-Extracted-Pages" = u32, description = "Pages that were converted"),
            ("X-Partial-Result" = String, description = "Why the conversion was stopped; absent when the result is whole"),
        )),
        (status = 415, description = "The type is not supported"),
        (status = 422, description = "The document cannot be converted"),
        (status = 502, description = "Mistral gave no usable answer"),
        (status = 503, description = "The server is busy, or Mistral cannot be asked now"),
    ),
)]
pub(in crate::http) async fn convert(
    State(state): State<HttpState>,
    tenant: Tenant,
    _: Admitted,
    key: IdempotencyKey,
    UploadForm(mut form): UploadForm<FileReader>,
) -> Result<Response, Problem> {
    if form.params.has_priority {
        // Nothing waits in the queue.
        form.params.options.ignore("priority");
    }
    let format = form.format.unwrap_or_default();
    state.app.check_options(&form.params.options)?;
    let name = key.name(|| {
        Fingerprint::of("/v1/convert")
            .with(form.upload.file_name.as_str())
            .with(form.upload.file.sha256())
            .with(format.extension())
            .with_params(&form.params)
    });
    let order = ConvertNow {
        tenant,
        upload: form.upload,
        options: form.params.options,
        retention: form.params.retention,
        name,
        form: format.into(),
        progress: Progress::default(),
    };
    let converted = Box::pin(state.app.convert_now(order)).await?;
    answer(&state, converted, format).await
}

async fn answer(
    state: &HttpState,
    converted: ConvertedNow,
    format: OutputFormat,
) -> Result<Response, Problem> {
    let mut headers = headers(&converted.document, format);
    if converted.replayed {
        headers.insert(IDEMPOTENCY_REPLAYED, HeaderValue::from_static("true"));
    }
    let ConvertedNow {
        document,
        content,
        output,
        ..
    } = converted;
    Ok(match output {
        None => (headers, content.markdown).into_response(),
        Some(output) if format == OutputFormat::Json => {
            let size = usize::try_from(output.size()).unwrap_or(usize::MAX);
            let write = move |writer: &mut dyn std::io::Write| {
                let fields = fields(&document, &content);
                write_model_answer(writer, &fields, &content.markdown, &output)
            };
            let held = state.app.buffer_written(size, write).await?;
            (headers, body_of(held, ())).into_response()
        }
        Some(output) => (headers, body_of(output.into(), ())).into_response(),
    })
}

fn fields<'a>(document: &'a Document, content: &DocumentContent) -> ConvertFields<'a> {
    let tokens = content.estimated_tokens();
    ConvertFields {
        id: document.id.as_str(),
        metadata: MetadataView::of(document),
        usage: TokenUsage {
            prompt_tokens: tokens,
            completion_tokens: tokens,
            total_tokens: 2 * tokens,
        },
        download_url: format!("/api/documents/{}", document.id),
    }
}

fn headers(document: &Document, format: OutputFormat) -> HeaderMap {
    let mut headers = content_headers(document, format);
    if let Ok(id) = HeaderValue::from_str(document.id.as_str()) {
        headers.insert("x-document-id", id);
    }
    if let Some(metadata) = &document.metadata {
        headers.insert("x-processing-time-ms", metadata.processing_time_ms.into());
        headers.insert("x-extracted-pages", metadata.extracted_pages.into());
    }
    headers
}

/// Headers of every response with a document's content.
pub(in crate::http) fn content_headers(document: &Document, format: OutputFormat) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(format.content_type()),
    );
    let name = document.file_name.with_extension(format.extension());
    if format != OutputFormat::Json
        && let Ok(disposition) = HeaderValue::from_str(&inline_header(&name))
    {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    let partial = document
        .metadata
        .as_ref()
        .and_then(|metadata| metadata.partial.as_ref());
    if let Some(reason) = partial.and_then(|partial| HeaderValue::from_str(&partial.reason).ok()) {
        headers.insert("x-partial-result", reason);
    }
    if format == OutputFormat::Html {
        let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    }
    headers
}
