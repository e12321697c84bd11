//! Mistral's OCR: the client of its API, the way it is shared by all workers, and what becomes of its answers.

mod batch;
mod batch_client;
mod body;
mod circuit_breaker;
mod client;
mod fault;
mod limiter;
mod ocr_part;
mod ocr_request;
mod ocr_response;
mod service;
mod uploads;

use std::sync::Arc;
use std::time::Duration;

use ilios_convert::{ConvertError, Format};
use rand::rngs::StdRng;

use super::{EngineError, Request};
use crate::model::{Clock, Secret};
use crate::spool::Spooled;
use client::Client;
pub(super) use ocr_part::OcrPart;
use ocr_part::PartReader;
use ocr_request::{OcrRequest, is_image};
use ocr_response::{Expected, OcrResponse};
use service::{Failed, Service};
use uploads::{HeldUpload, Uploads};

pub use circuit_breaker::{CircuitBreakerSettings, ServiceState};
pub use service::RetryPolicy;

/// The service that is asked when nothing else is set.
pub const BASE_URL: &str = "https://api.mistral.ai";
/// The model that is asked for when nothing else is set.
pub const MODEL: &str = "mistral-ocr-latest";

/// Settings of Mistral's OCR.
#[derive(Debug, Clone)]
pub struct MistralSettings {
    /// The key of the account that pays.
    pub key: Secret,
    /// The service, without `/v1` and without a slash at the end.
    pub base_url: String,
    /// The model that is asked for.
    pub model: String,
    /// The most time that one request may take, the answer included.
    pub timeout: Duration,
    /// Requests at once, of all workers together.
    pub max_concurrency: usize,
    /// Retries, and the thresholds of the circuit breaker.
    pub retry: RetryPolicy,
    /// Limits of one request.
    pub limits: ServiceLimits,
}

/// Limits of one request and of its response.
#[derive(Debug, Clone, Copy)]
pub struct ServiceLimits {
    /// Bytes of a file that travels inside the request; a larger one is uploaded first.
    pub inline_bytes: u64,
    /// Bytes of a document.
    pub document_bytes: u64,
    /// Pages of a document.
    pub pages: u32,
    /// Pages of one request: few enough for an answer to come in time, and for little to be paid twice when none
    /// comes.
    pub part_pages: u32,
    /// Pages of one request whose answer holds pictures.
    pub pages_with_pictures: u32,
    /// Bytes of an answer without pictures.
    pub answer_bytes: usize,
    /// Bytes of an answer with pictures.
    pub answer_bytes_with_pictures: usize,
}

impl Default for ServiceLimits {
    /// "50 MB" is read as the smaller number.
    fn default() -> Self {
        Self {
            inline_bytes: 8 << 20,
            document_bytes: 50_000_000,
            pages: 1_000,
            part_pages: 200,
            pages_with_pictures: 50,
            answer_bytes: 64 << 20,
            answer_bytes_with_pictures: 256 << 20,
        }
    }
}

/// Mistral's OCR. One value is shared by all its users, with its limits on requests at once, its pauses and its
/// uploads.
pub struct MistralEngine {
    service: Arc<Service>,
    uploads: Arc<Uploads>,
    settings: MistralSettings,
}

/// A document, or a part of one, to be read with one request.
pub(super) struct DocumentSlice<'a> {
    /// Its bytes.
    pub(super) file: Arc<Spooled>,
    /// Its type.
    pub(super) format: Format,
    /// The numbers of its pages in the document, where they are known.
    pub(super) numbers: Option<&'a [u32]>,
}

impl MistralEngine {
    /// The service as `settings` say. `random` spreads the retries.
    ///
    /// # Errors
    /// The settings make no client; says why.
    pub fn new(settings: MistralSettings, clock: Arc<dyn Clock>, random: StdRng) -> Result<Self, String> {
        let client = Client::new(&settings.base_url, &settings.key, settings.timeout, clock)?;
        let service = Service::new(client, settings.max_concurrency, settings.retry, random);
        let service = Arc::new(service);
        Ok(Self {
            uploads: Arc::new(Uploads::new(Arc::clone(&service))),
            service,
            settings,
        })
    }

    /// Returns true if the service reads this type. Tables and web pages stay here, which knows their structure.
    #[must_use]
    pub fn supports(format: Format) -> bool {
        Self::is_visual(format)
            || matches!(
                format,
                Format::Doc
                    | Format::Docx
                    | Format::Ppt
                    | Format::Pptx
                    | Format::Odt
                    | Format::Rtf
                    | Format::Epub
            )
    }

    /// As [`Self::supports`], by media type.
    #[must_use]
    pub fn supports_type(mime_type: &str) -> bool {
        Format::all().any(|format| format.mime_type() == mime_type && Self::supports(format))
    }

    /// Checks that the circuit breaker lets requests through now.
    ///
    /// # Errors
    /// [`EngineError::Waiting`].
    pub fn ready(&self) -> Result<(), EngineError> {
        self.service.ready()
    }

    /// Returns true if the type may have pages that need OCR.
    #[must_use]
    pub fn is_visual(format: Format) -> bool {
        format == Format::Pdf || is_image(format)
    }

    /// The model that is asked for.
    #[must_use]
    pub fn model(&self) -> &str {
        &self.settings.model
    }

    /// Limits of the service.
    #[must_use]
    pub fn limits(&self) -> ServiceLimits {
        self.settings.limits
    }

    /// Parts of one document that are read at once.
    pub(super) fn max_concurrency(&self) -> usize {
        self.settings.max_concurrency
    }

    /// State of the service.
    #[must_use]
    pub fn state(&self) -> ServiceState {
        self.service.state()
    }

    /// Health check: a request that costs nothing; the error says what is wrong.
    ///
    /// # Errors
    /// What an operator has to set right, or that the service does not answer.
    pub async fn health_check(&self) -> Result<(), String> {
        self.service
            .client
            .health_check()
            .await
            .map_err(|fault| match fault {
                fault::Fault::Denied(words)
                | fault::Fault::NotFound(words)
                | fault::Fault::Unusable(words) => words,
                fault::Fault::Passing { what, .. } | fault::Fault::Lost(what) => what,
                fault::Fault::Document { reason, .. } => reason,
                fault::Fault::Missing | fault::Fault::TooLarge => "an odd answer".to_owned(),
            })
    }

    /// Reads a piece of the document of `request`.
    pub(super) async fn read(
        &self,
        slice: DocumentSlice<'_>,
        request: &Request,
    ) -> Result<OcrPart, EngineError> {
        let limit = self.settings.limits.document_bytes;
        if slice.file.size() > limit {
            let bytes = slice.file.size();
            return Err(ConvertError::TooLarge { bytes, limit }.into());
        }
        let expected = match slice.numbers {
            Some(numbers) => Expected::Exactly(numbers.len()),
            None if Self::is_visual(slice.format) => Expected::AsBilled,
            None => Expected::Some,
        };
        let ocr_request = OcrRequest {
            file: slice.file,
            format: slice.format,
        };
        let answer = self.ask(&ocr_request, expected, request).await?;
        read_part(answer, slice.numbers, ocr_request.format, request).await
    }

    async fn ask(
        &self,
        ocr_request: &OcrRequest,
        expected: Expected,
        request: &Request,
    ) -> Result<OcrResponse, EngineError> {
        let limits = &self.settings.limits;
        let most = if request.options.include_images {
            limits.answer_bytes_with_pictures
        } else {
            limits.answer_bytes
        };
        let call = OcrCall {
            service: &self.service,
            uploads: &self.uploads,
            ocr_request,
            expected,
            request,
            model: &self.settings.model,
            most,
        };
        let asked = if ocr_request.file.size() <= limits.inline_bytes {
            call.inline().await
        } else {
            call.uploaded().await
        };
        asked.map_err(|failed| match failed {
            Failed::Engine(error) => error,
            Failed::Missing => EngineError::ServiceFailed("it does not find what was sent".into()),
        })
    }
}

/// The pages of an answer.
async fn read_part(
    answer: OcrResponse,
    numbers: Option<&[u32]>,
    format: Format,
    request: &Request,
) -> Result<OcrPart, EngineError> {
    let reader = PartReader {
        numbers,
        points: format == Format::Pdf,
        pictures: request.options.include_images,
        artifacts: &request.artifacts,
    };
    reader.read(answer).await
}

/// One OCR call to the service.
struct OcrCall<'a> {
    service: &'a Service,
    uploads: &'a Arc<Uploads>,
    ocr_request: &'a OcrRequest,
    expected: Expected,
    request: &'a Request,
    model: &'a str,
    most: usize,
}

impl OcrCall<'_> {
    async fn inline(&self) -> Result<OcrResponse, Failed> {
        self.service
            .call(|| {
                let body = self.ocr_request.inline(self.model, &self.request.options);
                self.service.client.ocr(body, self.expected, self.most)
            })
            .await
    }

    async fn uploaded(&self) -> Result<OcrResponse, Failed> {
        let mut held =
            HeldUpload::hold(self.uploads, &self.ocr_request.file, self.ocr_request.format).await?;
        let mut answer = self.by_url(&held.id).await;
        if matches!(answer, Err(Failed::Missing)) {
            // Another process that had the same bytes has deleted the file, perhaps.
            let id = held.id.clone();
            if !self.service.call(|| self.service.client.exists(&id)).await? {
                held.renew(&self.ocr_request.file, self.ocr_request.format)
                    .await?;
                answer = self.by_url(&held.id).await;
            }
        }
        held.release().await;
        answer
    }

    async fn by_url(&self, id: &str) -> Result<OcrResponse, Failed> {
        let client = &self.service.client;
        let address = self.service.call(|| client.address(id)).await?;
        self.service
            .call(|| {
                let body = self
                    .ocr_request
                    .by_url(self.model, &self.request.options, &address);
                client.ocr(body, self.expected, self.most)
            })
            .await
    }
}
