use std::collections::HashMap;
use std::io::{self, Write};
use std::time::Duration;

use axum::http::StatusCode;
use bytes::Bytes;
use futures::stream::{self, Stream, StreamExt, TryStreamExt};
use serde_json::{Value, json};

use super::line::Line;
use super::{missing, not_found};
use crate::app::BufferedBytes;
use crate::http::HttpState;
use crate::http::compat::mistral::answer::{OcrAnswer, Recognized};
use crate::http::compat::mistral::refusal::{Refusal, object as error_object, worded};
use crate::http::respond::codes::Code;
use crate::http::respond::paced::pieces_of;
use crate::http::respond::problem::Problem;
use crate::model::{Document, Id, Tenant, Timestamp};

/// Pause before a place of a conversion is asked for again.
const BUSY_PAUSE: Duration = Duration::from_secs(1);

/// File of results of a job. It is written anew for each client that fetches it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http::compat::mistral) enum ResultFile {
    /// Requests that were carried out.
    Output,
    /// Those that failed.
    Errors,
}

/// Results of a job that has ended.
pub(in crate::http::compat::mistral) struct Results {
    state: HttpState,
    tenant: Tenant,
    job: Id,
    created_at: Timestamp,
    file: ResultFile,
    lines: Vec<(usize, Line, Option<Document>)>,
}

impl ResultFile {
    const ALL: [Self; 2] = [Self::Output, Self::Errors];

    fn prefix(self) -> &'static str {
        match self {
            Self::Output => "batch-output-",
            Self::Errors => "batch-errors-",
        }
    }

    /// The id of the file of a job.
    pub(super) fn id(self, job: &Id) -> String {
        format!("{}{job}", self.prefix())
    }

    /// The file with this id, and its job.
    pub(in crate::http::compat::mistral) fn named(id: &str) -> Option<(Self, Id)> {
        Self::ALL
            .into_iter()
            .find_map(|file| Some((file, id.strip_prefix(file.prefix())?.parse().ok()?)))
    }

    fn sample_type(self) -> &'static str {
        match self {
            Self::Output => "batch_result",
            Self::Errors => "batch_error",
        }
    }

    /// Returns true if the result of a document is in this file.
    fn takes(self, document: Option<&Document>) -> bool {
        let is_done = document.is_some_and(is_done);
        is_done == (self == Self::Output)
    }
}

/// Returns true if a document was converted.
fn is_done(document: &Document) -> bool {
    document.failure.is_none() && document.status.has_content()
}

impl Results {
    /// The results of the job `id` of `tenant`.
    ///
    /// # Errors
    /// There is no such job, or it has not ended.
    pub(in crate::http::compat::mistral) async fn of(
        state: &HttpState,
        tenant: &Tenant,
        id: &Id,
        file: ResultFile,
    ) -> Result<Self, Problem> {
        let found = state.app.ocr_job(tenant, id).await;
        let (job, batch) = found.map_err(|error| missing(error.into()))?;
        if batch.completed_at.is_none() {
            return Err(not_found());
        }
        let lines = state.app.ocr_job_lines(tenant, id).await?;
        let lines: Vec<Line> = serde_json::from_str(&lines).map_err(Problem::internal)?;
        let documents = state.app.batch_documents(tenant, id).await?;
        let mut documents: HashMap<String, Document> = documents
            .into_iter()
            .map(|document| (document.id.to_string(), document))
            .collect();
        let lines = lines.into_iter().enumerate().map(|(at, line)| {
            let document = documents.remove(&line.document);
            (at, line, document)
        });
        Ok(Self {
            state: state.clone(),
            tenant: tenant.clone(),
            job: id.clone(),
            created_at: batch.completed_at.unwrap_or(job.created_at),
            file,
            lines: lines
                .filter(|(_, _, document)| file.takes(document.as_ref()))
                .collect(),
        })
    }

    /// The file as it is given out. Its size is known once it was written.
    pub(in crate::http::compat::mistral) async fn object(self) -> Result<Value, Problem> {
        let (id, file, count) = (self.file.id(&self.job), self.file, self.lines.len());
        let created_at = self.created_at.as_millis().div_euclid(1_000);
        let size = self.stream().map_ok(|piece| piece.len() as u64);
        let size: u64 = size
            .try_fold(0, async |sum, length| Ok(sum + length))
            .await
            .map_err(Problem::unavailable)?;
        Ok(json!({
            "id": id, "object": "file", "bytes": size, "created_at": created_at, "expires_at": null,
            "filename": format!("{id}.jsonl"), "purpose": "batch", "sample_type": file.sample_type(),
            "source": "mistral", "num_lines": count, "mimetype": "application/jsonl", "signature": null,
            "visibility": "workspace", "deleted": false,
        }))
    }

    /// The lines. One is written when the one before has been sent.
    pub(in crate::http::compat::mistral) fn stream(self) -> impl Stream<Item = io::Result<Bytes>> + Send {
        let Self {
            state,
            tenant,
            job,
            lines,
            ..
        } = self;
        let written = stream::iter(lines).then(move |(at, line, document)| {
            let (state, tenant) = (state.clone(), tenant.clone());
            let id = format!("batch-{job}-{at}-{}", line.document);
            async move {
                let written = written(&state, &tenant, id, line, document).await;
                let written = written.map_err(|problem| broken_off(&problem))?;
                Ok::<_, io::Error>(pieces_of(written, ()))
            }
        });
        written.try_flatten()
    }
}

/// The lines of results, read again.
pub(super) async fn lines_of(results: Results) -> Result<Vec<Value>, Problem> {
    let bytes = results.stream().try_fold(Vec::new(), async |mut all, piece| {
        all.extend_from_slice(&piece);
        Ok(all)
    });
    let bytes = bytes.await.map_err(Problem::unavailable)?;
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines
        .map(|line| serde_json::from_slice(line).map_err(Problem::internal))
        .collect()
}

async fn written(
    state: &HttpState,
    tenant: &Tenant,
    id: String,
    line: Line,
    document: Option<Document>,
) -> Result<BufferedBytes, Problem> {
    let custom_id = line.custom_id.clone();
    let answer = match document {
        Some(document) if is_done(&document) => answered(state, tenant, document, line).await?,
        document => Err(failure_of(document.as_ref())),
    };
    match answer {
        Ok(answer) => {
            let write = move |writer: &mut dyn Write| {
                let head = json!({"id": id, "custom_id": custom_id});
                let head = serde_json::to_vec(&head)?;
                writer.write_all(head.strip_suffix(b"}").unwrap_or(&head))?;
                writer.write_all(b",\"response\":{\"status_code\":200,\"body\":")?;
                answer.write(writer)?;
                writer.write_all(b"},\"error\":null}\n")
            };
            Ok(state.app.buffer_written(1 << 20, write).await?)
        }
        Err((status, body)) => {
            // A text that holds JSON, as the service has it.
            let line = json!({
                "id": id, "custom_id": custom_id,
                "response": {"status_code": status.as_u16(), "body": body.to_string()}, "error": null,
            });
            Ok(state.app.buffer(format!("{line}\n").into()).await?)
        }
    }
}

/// Status and body of the answer to a request whose document was not converted.
fn failure_of(document: Option<&Document>) -> (StatusCode, Value) {
    let Some(document) = document else {
        return worded(&Problem::new(Code::NOT_FOUND, "The document is gone."));
    };
    let failure = document.failure.as_ref();
    let (code, message) = failure.map_or(("not_found", "The document holds no result."), |failure| {
        (failure.code.as_str(), failure.message.as_str())
    });
    match Code::named(code) {
        Some(code) => worded(&Problem::new(code, message)),
        // One that only documents of the queue have, such as `cancelled`.
        None => {
            let status = StatusCode::BAD_REQUEST;
            (status, error_object(status, code, None, message))
        }
    }
}

/// The answer to a request whose document was converted; the inner error is that of the request alone.
async fn answered(
    state: &HttpState,
    tenant: &Tenant,
    document: Document,
    line: Line,
) -> Result<Result<OcrAnswer, (StatusCode, Value)>, Problem> {
    loop {
        let recognized = Recognized {
            lines: None,
            size: document.file_size,
            document: Some(document.clone()),
        };
        let answer = OcrAnswer::of(state, tenant, recognized, line.wanted.clone()).await;
        return match answer {
            Ok(answer) => Ok(Ok(answer)),
            Err(Refusal::Problem(problem)) if [Code::BUSY, Code::TENANT_BUSY].contains(&problem.code()) => {
                // The answer has begun: it waits as long as its client does.
                tokio::time::sleep(BUSY_PAUSE).await;
                continue;
            }
            Err(Refusal::Problem(problem)) if problem.http_status().is_server_error() => Err(*problem),
            Err(Refusal::Problem(problem)) => Ok(Err(worded(&problem))),
            Err(_) => Err(Problem::internal("a stored document is refused")),
        };
    }
}

/// The answer has begun, so that it can only be broken off.
fn broken_off(problem: &Problem) -> io::Error {
    let cause = problem.cause().unwrap_or_else(|| problem.error());
    tracing::error!(cause, "the results of a job broke off");
    io::Error::other("the results cannot be read")
}
