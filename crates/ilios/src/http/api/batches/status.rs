use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::parsed_id;
use crate::http::HttpState;
use crate::http::extract::query;
use crate::http::respond::problem::Problem;
use crate::http::respond::progress_fields::ProgressFields;
use crate::model::{Batch, Document, Progress, ProviderBatch, ProviderProgress, Status, Tenant, Timestamp};

/// Parameters of the query.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct StatusQuery {
    /// `true`: with each document.
    #[param(value_type = Option<bool>)]
    details: Option<String>,
    /// Seconds to wait for the batch to end, 0 (default) to 60: the answer comes as soon as it has.
    #[param(value_type = Option<u64>)]
    wait: Option<String>,
}

/// Status of a batch.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct BatchStatus<'a> {
    batch_id: &'a str,
    /// `pending`, `processing`, `completed`, or `failed` when every document failed.
    #[schema(value_type = String)]
    status: Status,
    #[schema(value_type = ProgressFields)]
    progress: Progress,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Time at which its last document ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    completed_at: Option<Timestamp>,
    /// Address of the results, once all documents have ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    download_url: Option<String>,
    /// Of a batch with `useMistralBatch`: the id of the batch that goes to Mistral.
    #[serde(skip_serializing_if = "Option::is_none")]
    mistral_batch_job_id: Option<String>,
    /// Of a batch with `useMistralBatch`: how far Mistral is.
    #[serde(skip_serializing_if = "Option::is_none")]
    mistral_status: Option<MistralStatus>,
    /// With `details=true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    documents: Option<Vec<BatchDocument<'a>>>,
}

/// Progress of Mistral's jobs of a batch.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct MistralStatus {
    /// Mistral's word of the batch that is the least far: `QUEUED`, `RUNNING`, `SUCCESS`, `FAILED`,
    /// `TIMEOUT_EXCEEDED`, `CANCELLATION_REQUESTED` or `CANCELLED`; `PENDING` before it is sent.
    status: String,
    total_requests: u64,
    completed_requests: u64,
    failed_requests: u64,
}

/// Status of a document of a batch.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct BatchDocument<'a> {
    id: &'a str,
    file_name: &'a str,
    file_size: u64,
    #[schema(value_type = String)]
    status: Status,
    /// Description of the failure, for people.
    error: Option<&'a str>,
    /// Stable code of the failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    error_code: Option<&'a str>,
    #[schema(value_type = Option<String>, format = DateTime)]
    processed_at: Option<Timestamp>,
}

impl<'a> BatchStatus<'a> {
    /// Of `batch`; with each document, if they are given.
    pub(super) fn of(batch: &'a Batch, documents: Option<&'a [Document]>) -> Self {
        let ended = batch.completed_at.is_some();
        Self {
            batch_id: batch.id.as_str(),
            status: batch.status,
            progress: batch.progress,
            created_at: batch.created_at,
            completed_at: batch.completed_at,
            download_url: ended.then(|| format!("/v1/batch/download/{}", batch.id)),
            mistral_batch_job_id: None,
            mistral_status: None,
            documents: documents.map(|documents| documents.iter().map(BatchDocument::of).collect()),
        }
    }

    /// With what is known of the batches that went to a provider.
    pub(super) fn with_provider(mut self, batches: &[ProviderBatch]) -> Self {
        let sum =
            |count: fn(&ProviderProgress) -> u64| batches.iter().map(|batch| count(&batch.progress)).sum();
        let behind = batches.iter().find(|batch| batch.ended_at.is_none());
        self.mistral_batch_job_id = batches.first().map(|batch| batch.id.to_string());
        self.mistral_status = behind.or(batches.last()).map(|batch| MistralStatus {
            status: batch.progress.status.clone(),
            total_requests: sum(|progress| progress.total),
            completed_requests: sum(|progress| progress.completed),
            failed_requests: sum(|progress| progress.failed),
        });
        self
    }
}

impl<'a> BatchDocument<'a> {
    /// Of `document`.
    pub(super) fn of(document: &'a Document) -> Self {
        let failure = document.failure.as_ref();
        Self {
            id: document.id.as_str(),
            file_name: document.file_name.as_str(),
            file_size: document.file_size,
            status: document.status,
            error: failure.map(|failure| failure.message.as_str()),
            error_code: failure.map(|failure| failure.code.as_str()),
            processed_at: document.processed_at,
        }
    }
}

/// Get the status of a batch
///
/// With `wait` the answer comes as soon as every document has ended, or after that many seconds.
#[utoipa::path(
    get,
    path = "/v1/batch/status/{batchId}",
    operation_id = "batch_status",
    tag = "batches",
    params(("batchId" = String, Path, description = "Id of the batch"), StatusQuery),
    responses(
        (status = 200, description = "Where it stands", body = BatchStatus),
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
    let details = query::flag("details", query.details.as_ref())?;
    let timeout = query::wait(query.wait.as_ref())?;
    let batch = state.app.wait_for_batch(&tenant, &id, timeout).await?;
    let provider = state.app.provider_batches(&tenant, &id).await?;
    let documents = if details {
        Some(state.app.batch_documents(&tenant, &id).await?)
    } else {
        None
    };
    let status = BatchStatus::of(&batch, documents.as_deref()).with_provider(&provider);
    Ok(Json(status).into_response())
}
