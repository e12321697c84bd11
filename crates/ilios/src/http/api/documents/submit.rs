use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::Submit;
use crate::http::HttpState;
use crate::http::extract::conversion_params::ConversionFields;
use crate::http::extract::file_form::FileReader;
use crate::http::extract::idempotency::{Fingerprint, IdempotencyKey};
use crate::http::extract::upload::UploadForm;
use crate::http::respond::content_disposition::attachment_header;
use crate::http::respond::problem::Problem;
use crate::http::respond::stored_response;
use crate::http::server::address::Origin;
use crate::model::{Document, RetentionDays, Status, Tenant, Timestamp};

/// The form of `POST /api/documents/submit`, for the API description.
#[derive(Serialize, ToSchema)]
pub(super) struct SubmitRequest {
    /// The document.
    #[schema(value_type = String, format = Binary, required = false)]
    file: Option<Vec<u8>>,
    /// Address to fetch the document from instead, `http://` or `https://`; only where the operator allows it.
    url: Option<String>,
    /// Priority among your own documents, 1 to 10, higher first; 5 by default.
    priority: Option<u8>,
    #[serde(flatten)]
    params: ConversionFields,
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
    /// Address of the original, which is stored already: it works for one hour and needs no API key. Later on,
    /// `/api/documents/{id}/original` redirects to it. The answer to a request that is sent again under its
    /// `Idempotency-Key` has an address that works for half an hour at least.
    upload_url: String,
    /// For people.
    message: &'a str,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = u16)]
    retention_days: RetentionDays,
}

/// Submit a document to the queue
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
        (status = 404,
            description = "The same request was made before under its Idempotency-Key, and its document is deleted"),
        (status = 415, description = "The type is not supported"),
        (status = 422, description = "The document at `url` cannot be fetched"),
        (status = 503, description = "The queue is full"),
    ),
)]
pub(super) async fn submit(
    State(state): State<HttpState>,
    tenant: Tenant,
    origin: Origin,
    key: IdempotencyKey,
    UploadForm(mut form): UploadForm<FileReader>,
) -> Result<Response, Problem> {
    if form.format.is_some() {
        // There is no result yet.
        form.params.options.ignore("format");
    }
    state.app.check_options(&form.params.options)?;
    let name = key.name(|| {
        Fingerprint::of("/api/documents/submit")
            .with(form.upload.file_name.as_str())
            .with(form.upload.file.sha256())
            .with_params(&form.params)
    });
    let order = Submit {
        tenant,
        upload: form.upload,
        options: form.params.options,
        priority: form.params.priority,
        retention: form.params.retention,
        name,
        address: attachment_header,
        answer: &|document, address| words(document, origin.absolute(address)),
    };
    let answered = Box::pin(state.app.submit(order)).await?;
    Ok(stored_response::response(StatusCode::OK, answered))
}

fn words(document: &Document, upload_url: String) -> String {
    stored_response::json(&SubmitAnswer {
        id: document.id.as_str(),
        status: document.status,
        file_name: document.file_name.as_str(),
        file_size: document.file_size,
        upload_url,
        message: "The document is queued. Look at its status for the result.",
        created_at: document.created_at,
        retention_days: document.retention,
    })
}
