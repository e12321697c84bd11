use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::Submit;
use crate::http::form::{FileForm, multipart};
use crate::http::idempotency::{self, Fingerprint, IdempotencyKey};
use crate::http::problem::{Problem, ProblemBody};
use crate::http::{HttpState, answered};
use crate::model::{Document, RetentionDays, Status, Tenant, Timestamp};

/// The form of `POST /api/documents/submit`, for the API description.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form that is read part by part")]
pub(super) struct SubmitRequest {
    /// The document.
    #[schema(value_type = Option<String>, format = Binary)]
    file: Option<Vec<u8>>,
    /// Where to fetch the document instead, `http://` or `https://`; only where the operator allows it.
    url: Option<String>,
    /// How urgent it is among your own documents, 1 to 10, higher first; 5 by default.
    priority: Option<u8>,
    /// 1-based pages and ranges such as `1-3,7`; all by default.
    pages: Option<String>,
    /// `auto` (default), `off` or `force`.
    ocr: Option<String>,
    /// Languages of tesseract joined by `+`, such as `eng+deu`.
    #[schema(rename = "ocrLanguages")]
    ocr_languages: Option<String>,
    /// `true`: when the conversion is stopped, keep the pages that are done. `false` by default.
    partial: Option<bool>,
    /// `mistral`, `local`, or `auto`: Mistral for the pages that need eyes, the server itself for the rest. The
    /// server's choice by default.
    engine: Option<String>,
    /// Whether pictures of the pages are kept and linked to; `false` by default. Only Mistral takes them out.
    #[schema(rename = "includeImages")]
    include_images: Option<bool>,
    /// Whether Mistral takes the headers of pages out of their text; `false` by default.
    #[schema(rename = "extractHeader")]
    extract_header: Option<bool>,
    /// Whether Mistral takes the footers of pages out of their text; `false` by default.
    #[schema(rename = "extractFooter")]
    extract_footer: Option<bool>,
    /// The most that the conversion of a document may cost, in US cents such as `25` or `0.4`. Dearer ones fail
    /// with `cost_limit_exceeded` before anything is spent.
    #[schema(rename = "maxCostCents", value_type = Option<f64>)]
    max_cost_cents: Option<String>,
    /// Days to keep the document, 1 to 3650; 365 by default.
    #[schema(rename = "retentionDays")]
    retention_days: Option<u16>,
}

/// A document that was accepted.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SubmitAnswer<'a> {
    id: &'a str,
    /// `pending`.
    #[schema(value_type = String)]
    status: Status,
    file_name: &'a str,
    file_size: u64,
    /// Where the original, which is uploaded already, can be fetched.
    upload_url: String,
    /// For people.
    message: &'a str,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = u16)]
    retention_days: RetentionDays,
}

/// Queues a document
///
/// When this is answered, the file is stored and will be converted, whatever happens to the server.
#[utoipa::path(
    post,
    path = "/api/documents/submit",
    operation_id = "submit_document",
    tag = "documents",
    params(IdempotencyKey),
    request_body(content = SubmitRequest, content_type = "multipart/form-data"),
    responses(
        (status = 200, description = "It is queued", body = SubmitAnswer),
        (status = 400, description = "The form is broken or a field has a wrong value", body = ProblemBody),
        (status = 401, description = "The API key is missing or wrong", body = ProblemBody),
        (status = 403, description = "The `url`, or the web page that asks, is not allowed", body = ProblemBody),
        (status = 408, description = "The body makes no progress", body = ProblemBody),
        (status = 409, description = "The Idempotency-Key belongs to another request", body = ProblemBody),
        (status = 413, description = "The file is too large", body = ProblemBody),
        (status = 415, description = "The type is not supported", body = ProblemBody),
        (status = 422, description = "The document at `url` cannot be fetched", body = ProblemBody),
        (status = 503, description = "The queue is full", body = ProblemBody),
    ),
)]
pub(super) async fn submit(
    State(state): State<HttpState>,
    tenant: Tenant,
    request: Request,
) -> Result<Response, Problem> {
    let key = idempotency::key(request.headers())?;
    let multipart = multipart(request, 1, &state.app.spool).await?;
    let mut form = FileForm::read(multipart, &state.app.spool).await?;
    let (file_name, file) = form.take_file(&state.app).await?;
    state.app.check_options(&form.wishes.options)?;
    let name = key.map(|key| {
        Fingerprint::of("/api/documents/submit")
            .with(file_name.as_str())
            .with(file.sha256())
            .with_wishes(&form.wishes)
            .named(key)
    });
    let order = Submit {
        tenant,
        file,
        file_name,
        options: form.wishes.options,
        priority: form.wishes.priority,
        retention: form.wishes.retention,
        name,
        answer: &words,
    };
    Ok(answered::response(StatusCode::OK, state.app.submit(order).await?))
}

fn words(document: &Document) -> String {
    answered::json(&SubmitAnswer {
        id: document.id.as_str(),
        status: document.status,
        file_name: document.file_name.as_str(),
        file_size: document.file_size,
        upload_url: format!("/api/documents/{}/original", document.id),
        message: "The document is queued. Look at its status for the result.",
        created_at: document.created_at,
        retention_days: document.retention,
    })
}
