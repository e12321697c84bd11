use std::pin::pin;

use futures::stream::{self, StreamExt};
use ilios_convert::Format;
use serde_json::Value;

use super::order::MAX_REQUESTS;
use crate::app::{BatchIntake, Received, Upload};
use crate::http::HttpState;
use crate::http::compat::mistral::document::{self, brought, with_format};
use crate::http::compat::mistral::ocr::is_paged;
use crate::http::compat::mistral::refusal::Refusal;
use crate::http::compat::mistral::request::{OcrRequest, Wanted};
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::model::{ConversionOptions, Failure, FileName, Tenant};

/// Characters that are kept of the name of a request, at most.
const MAX_CUSTOM_ID: usize = 512;
/// Documents that are brought at once.
const MAX_CONCURRENT_FETCHES: usize = 8;
/// The model of requests that name none.
const DEFAULT_MODEL: &str = "mistral-ocr-latest";

/// Requests of a job while they are read. The document that a request holds goes to the object store at once; those that
/// have to be brought here come behind them, once no request is in memory any more. A request that cannot be carried out
/// is refused alone.
pub(super) struct RequestIntake<'s> {
    state: &'s HttpState,
    tenant: Tenant,
    model: Option<String>,
    documents: BatchIntake,
    requests: Vec<TakenRequest>,
    deferred: Vec<Deferred>,
}

/// Request whose document was received, or refused.
pub(super) struct TakenRequest {
    pub(super) custom_id: Option<String>,
    pub(super) wanted: Wanted,
    pub(super) options: ConversionOptions,
}

/// Request whose document has to be brought here.
struct Deferred {
    custom_id: Option<String>,
    document: document::Received,
    wanted: Wanted,
}

impl<'s> RequestIntake<'s> {
    pub(super) fn new(state: &'s HttpState, tenant: &Tenant, model: Option<String>) -> Self {
        Self {
            state,
            tenant: tenant.clone(),
            model,
            documents: BatchIntake::new(&state.app, tenant),
            requests: Vec::new(),
            deferred: Vec::new(),
        }
    }

    /// Takes the next request.
    ///
    /// # Errors
    /// One of this server, or there are too many requests.
    pub(super) async fn take(&mut self, request: Value) -> Result<(), Refusal> {
        if self.requests.len() + self.deferred.len() == MAX_REQUESTS {
            let error = format!("a job takes at most {MAX_REQUESTS} requests");
            return Err(Problem::new(Code::TOO_LARGE, error).into());
        }
        let custom_id = match request.get("custom_id") {
            Some(Value::String(id)) => Some(id.chars().take(MAX_CUSTOM_ID).collect()),
            _ => None,
        };
        match self.read(request).await {
            Ok((document::Received::Upload(upload), wanted)) => {
                let found = found(self.state, &self.tenant, document::Received::Upload(upload)).await;
                self.settle(custom_id, wanted, found).await
            }
            Ok((document, wanted)) => {
                self.deferred.push(Deferred {
                    custom_id,
                    document,
                    wanted,
                });
                Ok(())
            }
            Err(refusal) => self.refuse(custom_id, refusal),
        }
    }

    async fn read(&self, request: Value) -> Result<(document::Received, Wanted), Refusal> {
        let mut body = match request {
            Value::Object(mut fields) => fields.remove("body").unwrap_or_default(),
            _ => Value::Null,
        };
        if let Value::Object(fields) = &mut body {
            // The job's model is that of all its requests.
            match &self.model {
                Some(model) => {
                    fields.insert("model".to_owned(), model.as_str().into());
                }
                None if fields.get("model").is_none_or(Value::is_null) => {
                    fields.insert("model".to_owned(), DEFAULT_MODEL.into());
                }
                None => {}
            }
        }
        let OcrRequest { document, wanted } = OcrRequest::read(body)?;
        Ok((document::receive(self.state, document).await?, wanted))
    }

    /// Stores the document of a request.
    async fn settle(
        &mut self,
        custom_id: Option<String>,
        wanted: Wanted,
        found: Result<(Upload, Format), Refusal>,
    ) -> Result<(), Refusal> {
        let (upload, format) = match found {
            Ok(found) => found,
            Err(refusal) => return self.refuse(custom_id, refusal),
        };
        let options = wanted.conversion(is_paged(format));
        self.documents.take(upload).await?;
        self.requests.push(TakenRequest {
            custom_id,
            wanted,
            options,
        });
        Ok(())
    }

    /// Notes a request that is refused; an error of the server is one of all requests.
    fn refuse(&mut self, custom_id: Option<String>, refusal: Refusal) -> Result<(), Refusal> {
        let failure = refusal.into_failure()?;
        self.documents.refused(FileName::clean(""), failure);
        self.requests.push(TakenRequest {
            custom_id,
            wanted: Wanted::default(),
            options: ConversionOptions::default(),
        });
        Ok(())
    }

    /// The requests with their documents, once those are here that had to be brought.
    ///
    /// # Errors
    /// One of this server.
    pub(super) async fn finish(mut self) -> Result<(Vec<Received>, Vec<TakenRequest>), Refusal> {
        let (state, tenant) = (self.state, self.tenant.clone());
        let deferred = std::mem::take(&mut self.deferred).into_iter();
        let brought = deferred.map(|deferred| {
            let Deferred {
                custom_id,
                document,
                wanted,
            } = deferred;
            let tenant = &tenant;
            async move { (custom_id, wanted, found(state, tenant, document).await) }
        });
        let mut brought = pin!(stream::iter(brought).buffered(MAX_CONCURRENT_FETCHES));
        while let Some((custom_id, wanted, found)) = brought.next().await {
            self.settle(custom_id, wanted, found).await?;
        }
        Ok((self.documents.finish().await?, self.requests))
    }
}

/// A document that is here, with its type.
async fn found(
    state: &HttpState,
    tenant: &Tenant,
    document: document::Received,
) -> Result<(Upload, Format), Refusal> {
    let upload = brought(state, tenant, document).await?;
    with_format(state, upload).await
}

impl Refusal {
    /// The failure of one request of a job.
    ///
    /// # Errors
    /// It is none of the request, but one of the server or of what its operator allows.
    fn into_failure(self) -> Result<Failure, Self> {
        match self {
            Self::Problem(problem) => {
                let is_of_request = problem.http_status().is_client_error()
                    && ![Code::URL_INPUT_OFF, Code::TENANT_BUSY].contains(&problem.code());
                if is_of_request {
                    Ok(Failure::new(problem.code().name(), problem.error()))
                } else {
                    Err(Self::Problem(problem))
                }
            }
            refusal => {
                let (_, body) = refusal.answer();
                let words = body.get("message").and_then(Value::as_str);
                let words = words.map_or_else(|| body["detail"].to_string(), str::to_owned);
                Ok(Failure::new(Code::INVALID_PARAMETER.name(), words))
            }
        }
    }
}
