use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::form::{BatchForm, BatchReader};
use crate::app::SubmitBatch;
use crate::http::HttpState;
use crate::http::extract::conversion_params::ConversionFields;
use crate::http::extract::idempotency::{Fingerprint, IdempotencyKey};
use crate::http::extract::upload::UploadForm;
use crate::http::respond::problem::Problem;
use crate::http::respond::stored_response;
use crate::model::{Batch, Document, Id, Status, Tenant};

/// The form of `POST /v1/batch/submit`, for the API description.
#[derive(Serialize, ToSchema)]
pub(super) struct BatchRequest {
    /// The documents: 1 to 100 parts named `files` or `files[]`.
    #[schema(value_type = Vec<String>, format = Binary)]
    files: Vec<Vec<u8>>,
    /// Address to fetch a document from, `http://` or `https://`, once for each; only where the operator allows it.
    /// Counts as one of the files.
    url: Option<String>,
    /// Priority among your own documents, 1 to 10, higher first; 5 by default.
    priority: Option<u8>,
    /// `true`: Mistral converts them as a batch of its own, within a day and for half the price. Files that it does
    /// not take are converted as without it.
    #[schema(rename = "useMistralBatch")]
    use_mistral_batch: Option<bool>,
    /// The model of Mistral's that converts them; only the one of the server (`MISTRAL_OCR_MODEL`) is taken.
    model: Option<String>,
    #[serde(flatten)]
    params: ConversionFields,
}

/// A batch that was accepted.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct BatchAnswer<'a> {
    batch_id: &'a str,
    /// `queued`; `failed` when every file was refused.
    status: &'a str,
    total_documents: usize,
    /// In the order in which the files were sent.
    documents: Vec<AcceptedDocument<'a>>,
    /// Address of its status.
    status_url: String,
    /// With `useMistralBatch`: the id of the batch that goes to Mistral.
    #[serde(skip_serializing_if = "Option::is_none")]
    mistral_batch_job_id: Option<&'a str>,
}

/// A document of a batch that was accepted.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AcceptedDocument<'a> {
    id: &'a str,
    file_name: &'a str,
    file_size: u64,
    /// `pending`; `failed` when the file was refused.
    #[schema(value_type = String)]
    status: Status,
    /// Description of the refusal, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
    /// Stable code of the refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    error_code: Option<&'a str>,
}

/// Submit up to 100 documents as a batch
///
/// A file that is empty, too large or of an unsupported type is refused alone. When this is answered, all others
/// are stored and will be converted, whatever happens to the server.
#[utoipa::path(
    post,
    path = "/v1/batch/submit",
    operation_id = "submit_batch",
    tag = "batches",
    params(IdempotencyKey),
    request_body(content = BatchRequest, content_type = "multipart/form-data"),
    responses(
        (status = 202, description = "It is queued", body = BatchAnswer),
        (status = 413, description = "The files are too large together"),
        (status = 503, description = "The queue is full"),
    ),
)]
pub(super) async fn submit(
    State(state): State<HttpState>,
    tenant: Tenant,
    key: IdempotencyKey,
    UploadForm(form): UploadForm<BatchReader>,
) -> Result<Response, Problem> {
    let name = key.name(|| fingerprint(&form));
    let order = SubmitBatch {
        tenant,
        files: form.files,
        options: form.params.options,
        priority: form.params.priority,
        retention: form.params.retention,
        own_options: Vec::new(),
        ocr_job: None,
        by_provider: form.use_mistral_batch,
        name,
        answer: &words,
    };
    Ok(stored_response::response(
        StatusCode::ACCEPTED,
        Box::pin(state.app.submit_batch(order)).await?,
    ))
}

fn fingerprint(form: &BatchForm) -> Fingerprint {
    let request = Fingerprint::of("/v1/batch/submit")
        .with_params(&form.params)
        .with(&form.use_mistral_batch.to_string());
    form.files.iter().fold(request, |request, file| {
        request
            .with(file.file_name.as_str())
            .with(&file.file_size.to_string())
            .with(&file.sha256)
    })
}

fn words(batch: &Batch, documents: &[Document], provider: Option<&Id>) -> String {
    let queued = batch.completed_at.is_none();
    stored_response::json(&BatchAnswer {
        batch_id: batch.id.as_str(),
        status: if queued { "queued" } else { batch.status.as_str() },
        total_documents: documents.len(),
        documents: documents.iter().map(accepted).collect(),
        status_url: format!("/v1/batch/status/{}", batch.id),
        mistral_batch_job_id: provider.map(Id::as_str),
    })
}

fn accepted(document: &Document) -> AcceptedDocument<'_> {
    let failure = document.failure.as_ref();
    AcceptedDocument {
        id: document.id.as_str(),
        file_name: document.file_name.as_str(),
        file_size: document.file_size,
        status: document.status,
        error: failure.map(|failure| failure.message.as_str()),
        error_code: failure.map(|failure| failure.code.as_str()),
    }
}
