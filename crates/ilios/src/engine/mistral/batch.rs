use std::io;
use std::sync::Arc;

use futures::future::BoxFuture;
use ilios_convert::Format;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::Deserialize;
use serde_json::Value;

use super::fault::Fault;
use super::ocr_request::OcrRequest;
use super::ocr_response::{Expected, OcrResponse};
use super::service::Failed;
use super::{MistralEngine, read_part};
use crate::engine::select::assembled;
use crate::engine::{BatchJob, BatchService, Converted, EngineError, Request};
use crate::model::Timestamp;
use crate::spool::{Spool, Spooled};

/// A line of a file of results, of which the name is asked first.
#[derive(Deserialize)]
struct Named {
    custom_id: String,
}

#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    response: Option<Response>,
    #[serde(default)]
    error: Option<Value>,
}

#[derive(Deserialize)]
struct Response {
    status_code: u16,
    #[serde(default)]
    body: Value,
}

impl MistralEngine {
    async fn read_line(&self, line: &[u8], request: &Request) -> Result<Converted, EngineError> {
        let format = format_of(request).map_err(|error| EngineError::Unavailable(error.to_string()))?;
        let expected = if Self::is_visual(format) {
            Expected::AsBilled
        } else {
            Expected::Some
        };
        let answer = answer(line, expected).map_err(|fault| match fault {
            Fault::Passing { what, .. } => EngineError::ServiceFailed(what),
            Fault::Denied(words) | Fault::NotFound(words) => EngineError::ServiceFailed(words),
            Fault::Missing => EngineError::ServiceFailed("it did not find the document".into()),
            fault => match self.service.final_error(fault) {
                Failed::Engine(error) => error,
                Failed::Missing => EngineError::ServiceFailed("it did not find the document".into()),
            },
        })?;
        let part = read_part(answer, None, format, request).await?;
        let mut converted = assembled(format, vec![part], None, None)?;
        if let Some(service_output) = &mut converted.service_output {
            service_output.in_batch = true;
        }
        Ok(converted)
    }
}

/// The answer in a line of results, or why there is none.
fn answer(line: &[u8], expected: Expected) -> Result<OcrResponse, Fault> {
    let unusable = |what: &str| Fault::Unusable(what.to_owned());
    let line: Line = serde_json::from_slice(line).map_err(|_| unusable("a result is cut off or is none"))?;
    let Some(response) = line.response else {
        return Err(unusable("a result without an answer"));
    };
    // The body of a refusal is JSON in a string.
    let body = match response.body {
        Value::String(text) => text.into_bytes(),
        body => body.to_string().into_bytes(),
    };
    let status = StatusCode::from_u16(response.status_code).map_err(|_| unusable("a result of no status"))?;
    if status != StatusCode::OK {
        return Err(Fault::of_status(
            status,
            &HeaderMap::new(),
            &body,
            Timestamp::from_millis(0),
        ));
    }
    if line.error.is_some_and(|error| !error.is_null()) {
        return Err(unusable("a result that is an error"));
    }
    OcrResponse::read(&body, expected)
}

fn format_of(request: &Request) -> io::Result<Format> {
    let format = request.detect()?;
    format.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "a document of no known type"))
}

/// Maps a failure that is not retried to an error.
fn engine(failed: Failed) -> EngineError {
    match failed {
        Failed::Engine(error) => error,
        Failed::Missing => EngineError::Refused("a file of the batch is gone".into()),
    }
}

impl BatchService for MistralEngine {
    fn supports(&self, mime_type: &str, size: u64) -> bool {
        size <= self.settings.limits.document_bytes && Self::supports_type(mime_type)
    }

    fn write_request(&self, name: &str, request: &Request, out: &mut dyn io::Write) -> io::Result<()> {
        let ocr_request = OcrRequest {
            file: Arc::clone(&request.file),
            format: format_of(request)?,
        };
        write!(out, r#"{{"custom_id":"{name}","body":"#)?;
        ocr_request.write(self.model(), &request.options, out)?;
        out.write_all(b"}")
    }

    fn upload(&self, requests: Arc<Spooled>) -> BoxFuture<'_, Result<String, EngineError>> {
        Box::pin(async move {
            let client = &self.service.client;
            let upload = || client.upload_for("batch", &requests, "requests.jsonl", "application/jsonl");
            self.service.call(upload).await.map_err(engine)
        })
    }

    fn has_file<'a>(&'a self, file: &'a str) -> BoxFuture<'a, Result<bool, EngineError>> {
        Box::pin(async move {
            let known = self.service.call(|| self.service.client.exists(file)).await;
            known.map_err(engine)
        })
    }

    fn create_job<'a>(
        &'a self,
        file: &'a str,
        mark: &'a str,
    ) -> BoxFuture<'a, Result<BatchJob, EngineError>> {
        Box::pin(async move {
            let begin = self.service.client.begin(file, mark, self.model());
            self.service.call_at_most_once(begin).await.map_err(engine)
        })
    }

    fn find_job<'a>(&'a self, mark: &'a str) -> BoxFuture<'a, Result<Option<BatchJob>, EngineError>> {
        Box::pin(async move {
            let found = self.service.call(|| self.service.client.marked(mark)).await;
            found.map_err(engine)
        })
    }

    fn job_status<'a>(&'a self, job: &'a str) -> BoxFuture<'a, Result<Option<BatchJob>, EngineError>> {
        Box::pin(async move {
            let looked = self.service.call(|| self.service.client.job(job)).await;
            looked.map_err(engine)
        })
    }

    fn cancel_job<'a>(&'a self, job: &'a str) -> BoxFuture<'a, Result<(), EngineError>> {
        Box::pin(async move {
            let stopped = self.service.call(|| self.service.client.cancel(job)).await;
            stopped.map_err(engine)
        })
    }

    fn download<'a>(
        &'a self,
        file: &'a str,
        spool: &'a Spool,
    ) -> BoxFuture<'a, Result<Arc<Spooled>, EngineError>> {
        Box::pin(async move {
            let fetched = self
                .service
                .call(|| self.service.client.content(file, spool))
                .await;
            fetched.map_err(engine)
        })
    }

    fn delete_file<'a>(&'a self, file: &'a str) -> BoxFuture<'a, Result<(), EngineError>> {
        Box::pin(async move {
            let deleted = self.service.call(|| self.service.client.delete(file)).await;
            deleted.map_err(engine)
        })
    }

    fn request_name(&self, line: &[u8]) -> Option<String> {
        let named: Named = serde_json::from_slice(line).ok()?;
        Some(named.custom_id)
    }

    fn read_result<'a>(
        &'a self,
        line: &'a [u8],
        request: &'a Request,
    ) -> BoxFuture<'a, Result<Converted, EngineError>> {
        Box::pin(self.read_line(line, request))
    }
}
