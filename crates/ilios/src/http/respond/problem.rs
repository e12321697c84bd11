use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::codes::Code;
use super::progress_fields::ProgressFields;
use crate::model::{Progress, Status};

/// Header with the id of a request, which the body of its problem has too.
pub(in crate::http) const REQUEST_ID: &str = "x-request-id";

/// An error on its way to a client. The request middleware writes its body, adds the request's id and logs
/// the cause of a server fault.
#[derive(Debug, Clone)]
pub struct Problem {
    code: Code,
    error: String,
    field: Option<&'static str>,
    retry_after: Option<u64>,
    cause: Option<String>,
    details: Option<Box<Details>>,
}

/// In the extensions of a response: its problem is answered as the product does whose interface was asked.
#[derive(Debug, Clone, Copy)]
pub(in crate::http) struct ErrorForm(pub(in crate::http) fn(&Problem) -> (StatusCode, Value));

/// Optional members of a problem.
#[derive(Debug, Clone, Default)]
struct Details {
    http_status: Option<StatusCode>,
    status: Option<Status>,
    progress: Option<Progress>,
    supported_formats: Option<&'static [&'static str]>,
    file_size: Option<u64>,
}

/// The body of every error.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct ProblemBody<'a> {
    /// Description for people.
    error: &'a str,
    /// The stable name of the fault.
    code: &'a str,
    /// The form field, header, query parameter or path part at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    /// Status of the document or batch, when that is the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    status: Option<Status>,
    /// Progress of the batch, when that is the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<ProgressFields>)]
    progress: Option<Progress>,
    /// Values that `format` takes, when that is the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    supported_formats: Option<&'a [&'a str]>,
    /// The request's id, as in `X-Request-Id`.
    request_id: &'a str,
}

impl Problem {
    pub(in crate::http) fn new(code: Code, error: impl Into<String>) -> Self {
        Self {
            code,
            error: error.into(),
            field: None,
            retry_after: None,
            cause: None,
            details: None,
        }
    }

    pub(in crate::http) fn invalid(field: &'static str, takes: impl std::fmt::Display) -> Self {
        Self::new(Code::INVALID_PARAMETER, format!("{field} {takes}")).at(field)
    }

    pub(in crate::http) fn not_found() -> Self {
        Self::new(Code::NOT_FOUND, "there is no such document or batch")
    }

    pub(in crate::http) fn internal(cause: impl std::fmt::Display) -> Self {
        let error = "the server failed; tell its operator the request id";
        Self::new(Code::INTERNAL, error).because(cause)
    }

    pub(in crate::http) fn unavailable(cause: impl std::fmt::Display) -> Self {
        let error = "the server cannot work at the moment; try again";
        Self::new(Code::UNAVAILABLE, error).because(cause).retry_after(5)
    }

    fn because(mut self, cause: impl std::fmt::Display) -> Self {
        self.cause = Some(cause.to_string());
        self
    }

    pub(in crate::http) fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    pub(in crate::http) fn at(mut self, field: &'static str) -> Self {
        self.field = Some(field);
        self
    }

    /// Answered with another status than the code's own.
    pub(in crate::http) fn answered_as(mut self, status: StatusCode) -> Self {
        self.details().http_status = Some(status);
        self
    }

    pub(in crate::http) fn status(mut self, status: Status) -> Self {
        self.details().status = Some(status);
        self
    }

    pub(in crate::http) fn progress(mut self, progress: Progress) -> Self {
        self.details().progress = Some(progress);
        self
    }

    pub(in crate::http) fn supported_formats(mut self, formats: &'static [&'static str]) -> Self {
        self.details().supported_formats = Some(formats);
        self
    }

    /// Bytes of the file of which a range was asked for.
    pub(in crate::http) fn file_size(mut self, size: u64) -> Self {
        self.details().file_size = Some(size);
        self
    }

    fn details(&mut self) -> &mut Details {
        self.details.get_or_insert_default()
    }

    /// The cause of a server fault, for the log alone.
    pub(in crate::http) fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    pub(in crate::http) fn code(&self) -> Code {
        self.code
    }

    /// Description for people.
    pub(in crate::http) fn error(&self) -> &str {
        &self.error
    }

    /// The form field, header, query parameter or path part at fault.
    pub(in crate::http) fn field(&self) -> Option<&'static str> {
        self.field
    }

    /// The status it is answered with.
    pub(in crate::http) fn http_status(&self) -> StatusCode {
        let other = self.details.as_ref().and_then(|details| details.http_status);
        other.unwrap_or(self.code.status())
    }

    /// The response with its body.
    pub(in crate::http) fn render(&self, request_id: &str) -> Response {
        let details = self.details.as_deref();
        let body = ProblemBody {
            error: &self.error,
            code: self.code.name(),
            field: self.field,
            status: details.and_then(|details| details.status),
            progress: details.and_then(|details| details.progress),
            supported_formats: details.and_then(|details| details.supported_formats),
            request_id,
        };
        self.with_headers((self.http_status(), axum::Json(body)).into_response())
    }

    /// The response with its body as another product has it.
    pub(in crate::http) fn render_as(&self, form: ErrorForm) -> Response {
        let (status, body) = form.0(self);
        self.with_headers((status, axum::Json(body)).into_response())
    }

    /// Adds what is told in the head of the response.
    fn with_headers(&self, mut response: Response) -> Response {
        let details = self.details.as_deref();
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if self.code == Code::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        let size = details.and_then(|details| details.file_size);
        if let Some(range) = size.and_then(|size| HeaderValue::try_from(format!("bytes */{size}")).ok()) {
            headers.insert(header::CONTENT_RANGE, range);
        }
        response
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.http_status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}
