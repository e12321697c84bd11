use std::str::FromStr;

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use super::finished_batch::FinishedBatch;
use super::lines::{self, Line};
use super::{archive, chunks, parsed_id};
use crate::http::HttpState;
use crate::http::extract::output_query::OutputChanges;
use crate::http::extract::query;
use crate::http::respond::codes::Code;
use crate::http::respond::paced::body_of;
use crate::http::respond::problem::Problem;
use crate::model::{Id, Tenant};

/// Parameters of the query.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct DownloadQuery {
    /// `jsonl` (default): one JSON object a line and document. `zip`: one Markdown file a document, with a
    /// `manifest.json`. `markdown`: all documents in one. `chunks`: one JSON object a line and chunk, with the id of its
    /// `document`; the options of the outputs are those of each document where the query names none.
    format: Option<String>,
}

/// Format of a batch's results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BatchFormat {
    JsonLines,
    Zip,
    Markdown,
    Chunks,
}

const FORMATS: &[&str] = &["jsonl", "zip", "markdown", "chunks"];

impl FromStr for BatchFormat {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "jsonl" => Ok(Self::JsonLines),
            "zip" => Ok(Self::Zip),
            "markdown" => Ok(Self::Markdown),
            "chunks" => Ok(Self::Chunks),
            _ => Err(()),
        }
    }
}

impl BatchFormat {
    fn content_type(self) -> &'static str {
        match self {
            Self::JsonLines | Self::Chunks => "application/x-ndjson; charset=utf-8",
            Self::Zip => "application/zip",
            Self::Markdown => "text/markdown; charset=utf-8",
        }
    }

    fn extension(self) -> &'static str {
        match self {
            Self::JsonLines | Self::Chunks => "jsonl",
            Self::Zip => "zip",
            Self::Markdown => "md",
        }
    }
}

/// Download the results of a batch
///
/// Possible once every document has ended. Documents come one after the other; an answer that breaks off says
/// that it is not whole by how the connection ends.
#[utoipa::path(
    get,
    path = "/v1/batch/download/{batchId}",
    operation_id = "download_batch",
    tag = "batches",
    params(("batchId" = String, Path, description = "Id of the batch"), DownloadQuery),
    responses(
        (status = 200, description = "The documents in the order in which they were sent", content(
            (Line = "application/x-ndjson"),
            (Vec<u8> = "application/zip"),
            (String = "text/markdown"),
        )),
        (status = 400,
            description = "The id is malformed, the format unknown, or documents of the batch have not ended"),
    ),
)]
pub(super) async fn download(
    State(state): State<HttpState>,
    tenant: Tenant,
    Path(id): Path<String>,
    Query(query): Query<DownloadQuery>,
    OutputChanges(changes): OutputChanges,
) -> Result<Response, Problem> {
    let id = parsed_id(&id)?;
    let format = format(query.format.as_ref())?;
    let batch = state.app.batch(&tenant, &id).await?;
    if batch.completed_at.is_none() {
        let error = format!(
            "the batch is {}; it can be fetched once all its documents have ended",
            batch.status
        );
        let problem = Problem::new(Code::BATCH_NOT_READY, error);
        return Err(problem.status(batch.status).progress(batch.progress));
    }
    let documents = state.app.batch_documents(&tenant, &id).await?;
    let finished = FinishedBatch {
        state,
        tenant,
        batch,
        documents,
    };
    let headers = headers(&id, format);
    let body = match format {
        BatchFormat::JsonLines => Body::from_stream(lines::json_lines(finished)),
        BatchFormat::Chunks => Body::from_stream(chunks::lines(finished, changes)),
        BatchFormat::Markdown => Body::from_stream(lines::markdown(finished)),
        BatchFormat::Zip => {
            let rendition = archive::zip(&finished).await?;
            body_of(rendition.made.held.clone(), rendition)
        }
    };
    Ok((headers, body).into_response())
}

fn format(text: Option<&String>) -> Result<BatchFormat, Problem> {
    let known = query::choice("format", text, "takes jsonl, zip, markdown or chunks");
    let known = known.map_err(|problem| problem.supported_formats(FORMATS))?;
    Ok(known.unwrap_or(BatchFormat::JsonLines))
}

fn headers(id: &Id, format: BatchFormat) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let content_type = HeaderValue::from_static(format.content_type());
    headers.insert(header::CONTENT_TYPE, content_type);
    let disposition = format!("attachment; filename=\"batch-{id}.{}\"", format.extension());
    if let Ok(disposition) = HeaderValue::try_from(disposition) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    headers
}
