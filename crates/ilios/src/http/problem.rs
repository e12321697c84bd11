use std::fmt::Write;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use ilios_convert::ConvertError;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::{AppError, Busy};
use crate::engine::EngineError;
use crate::spool::SpoolError;
use crate::store::{Disposition, StoreError};

/// The stable name of a fault, with the status it is answered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// 400
    InvalidMultipart,
    /// 400
    MissingFile,
    /// 400
    EmptyFile,
    /// 400
    InvalidParameter,
    /// 400
    InvalidId,
    /// 400
    DocumentNotReady,
    /// 401
    Unauthorized,
    /// 404
    NotFound,
    /// 405
    MethodNotAllowed,
    /// 413
    TooLarge,
    /// 415
    UnsupportedType,
    /// 422
    InvalidDocument,
    /// 422
    PasswordProtected,
    /// 422
    EmptyDocument,
    /// 422
    OcrUnavailable,
    /// 422
    TooManyPages,
    /// 422
    LimitExceeded,
    /// 422
    Timeout,
    /// 422
    ConverterCrashed,
    /// 500
    Internal,
    /// 503
    Busy,
    /// 503
    Unavailable,
}

impl Code {
    /// Every code, by status.
    pub const ALL: [Self; 22] = [
        Self::InvalidMultipart,
        Self::MissingFile,
        Self::EmptyFile,
        Self::InvalidParameter,
        Self::InvalidId,
        Self::DocumentNotReady,
        Self::Unauthorized,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::TooLarge,
        Self::UnsupportedType,
        Self::InvalidDocument,
        Self::PasswordProtected,
        Self::EmptyDocument,
        Self::OcrUnavailable,
        Self::TooManyPages,
        Self::LimitExceeded,
        Self::Timeout,
        Self::ConverterCrashed,
        Self::Internal,
        Self::Busy,
        Self::Unavailable,
    ];

    /// Name, status, meaning and what the client does next.
    fn entry(self) -> (&'static str, u16, &'static str) {
        match self {
            Self::InvalidMultipart => {
                ("invalid_multipart", 400, "The body is no complete multipart/form-data. Send it again whole.")
            }
            Self::MissingFile => ("missing_file", 400, "The form has no part `file`. Add one."),
            Self::EmptyFile => ("empty_file", 400, "The file has no bytes. Send one that has."),
            Self::InvalidParameter => {
                ("invalid_parameter", 400, "`field` has a value that it does not take; `error` says what it takes.")
            }
            Self::InvalidId => ("invalid_id", 400, "The id in the path is malformed."),
            Self::DocumentNotReady => {
                ("document_not_ready", 400, "The document has no content; `status` says where it stands.")
            }
            Self::Unauthorized => {
                ("unauthorized", 401, "The API key is missing or wrong. Send `Authorization: Bearer <key>`.")
            }
            Self::NotFound => {
                ("not_found", 404, "There is no such path, or no such document of this API key.")
            }
            Self::MethodNotAllowed => ("method_not_allowed", 405, "The path does not take this method."),
            Self::TooLarge => ("too_large", 413, "The file is larger than the server takes."),
            Self::UnsupportedType => {
                ("unsupported_type", 415, "The file is of no type that can be converted, judged by its content.")
            }
            Self::InvalidDocument => ("invalid_document", 422, "The document is broken and cannot be read."),
            Self::PasswordProtected => {
                ("password_protected", 422, "The document needs a password. Remove it and send it again.")
            }
            Self::EmptyDocument => ("empty_document", 422, "The document holds no text."),
            Self::OcrUnavailable => {
                ("ocr_unavailable", 422, "The document is pictures of text, and OCR is missing or switched off.")
            }
            Self::TooManyPages => ("too_many_pages", 422, "The document has more pages than the server takes."),
            Self::LimitExceeded => {
                ("limit_exceeded", 422, "The document inflates, nests or grows beyond a limit.")
            }
            Self::Timeout => ("timeout", 422, "The conversion took longer than allowed and was stopped."),
            Self::ConverterCrashed => {
                ("converter_crashed", 422, "The converter died of the document. Nothing else was harmed.")
            }
            Self::Internal => ("internal", 500, "A fault of the server; the log has its cause. Try again."),
            Self::Busy => ("busy", 503, "Too many conversions run and wait. Try again after `Retry-After` seconds."),
            Self::Unavailable => {
                ("unavailable", 503, "Something the server needs does not answer. Try again after `Retry-After`.")
            }
        }
    }

    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.entry().0
    }

    /// The status it is answered with.
    #[must_use]
    pub fn status(self) -> StatusCode {
        StatusCode::from_u16(self.entry().1).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// The reference of all codes as Markdown: `docs/errors.md`.
#[must_use]
pub fn documentation() -> String {
    let mut text = String::from(
        "# Errors\n\n\
         Every error has the same body: `{\"error\": \"<text for people>\", \"code\": \"<stable name>\", \
         \"field\"?, \"status\"?, \"requestId\"}`. Rely on `code`; `error` may change. `field` names the form \
         field, header or path part at fault. `requestId` is also in the header `X-Request-Id` and in every \
         line of the log about the request.\n\n\
         A 4xx is the client's: the same request fails again. A 503 may be sent again after the seconds in \
         `Retry-After`. Nothing is stored of a failed conversion.\n\n\
         This page is generated by `ilios reference errors`.\n\n\
         | code | HTTP | meaning |\n| --- | --- | --- |\n",
    );
    for code in Code::ALL {
        let (name, status, meaning) = code.entry();
        // Writing to a string cannot fail.
        let _ = writeln!(text, "| `{name}` | {status} | {meaning} |");
    }
    text
}

/// An error on its way to a client. The request middleware writes its body, adds the request's id and logs
/// the cause of a server fault.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    code: Code,
    error: String,
    field: Option<&'static str>,
    status: Option<&'static str>,
    retry_after: Option<u64>,
    cause: Option<String>,
}

/// The body of every error.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ProblemBody<'a> {
    /// What is wrong, for people.
    error: &'a str,
    /// The stable name of the fault.
    code: &'a str,
    /// The form field, header or path part at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    /// Where the document stands, when that is the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'a str>,
    /// The request's id, as in `X-Request-Id`.
    request_id: &'a str,
}

impl Problem {
    pub(super) fn new(code: Code, error: impl Into<String>) -> Self {
        Self { code, error: error.into(), field: None, status: None, retry_after: None, cause: None }
    }

    pub(super) fn invalid(field: &'static str, takes: impl std::fmt::Display) -> Self {
        Self { field: Some(field), ..Self::new(Code::InvalidParameter, format!("{field} {takes}")) }
    }

    pub(super) fn not_found() -> Self {
        Self::new(Code::NotFound, "there is no such document")
    }

    pub(super) fn internal(cause: impl std::fmt::Display) -> Self {
        let error = "the server failed; tell its operator the request id";
        Self { cause: Some(cause.to_string()), ..Self::new(Code::Internal, error) }
    }

    fn unavailable(cause: impl std::fmt::Display) -> Self {
        let error = "the server cannot work at the moment; try again";
        Self { cause: Some(cause.to_string()), retry_after: Some(5), ..Self::new(Code::Unavailable, error) }
    }

    pub(super) fn at(mut self, field: &'static str) -> Self {
        self.field = Some(field);
        self
    }

    /// The cause of a server fault, for the log alone.
    pub(super) fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    pub(super) fn code(&self) -> Code {
        self.code
    }

    /// The response with its body.
    pub(super) fn render(&self, request_id: &str) -> Response {
        let body = ProblemBody {
            error: &self.error,
            code: self.code.name(),
            field: self.field,
            status: self.status,
            request_id,
        };
        let mut response = (self.code.status(), axum::Json(body)).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        if self.code == Code::Unauthorized {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.code.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        match error {
            AppError::NotFound => Self::not_found(),
            AppError::NotReady(status) => Self {
                status: Some(status.as_str()),
                ..Self::new(Code::DocumentNotReady, error.to_string())
            },
            AppError::Busy(busy) => busy.into(),
            AppError::Engine(error) => error.into(),
            AppError::Store(error) => error.into(),
        }
    }
}

impl From<Busy> for Problem {
    fn from(busy: Busy) -> Self {
        Self { retry_after: Some(busy.retry_after_seconds), ..Self::new(Code::Busy, busy.to_string()) }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error.disposition() {
            Disposition::Retry => Self::unavailable(error),
            Disposition::GiveUp => Self::internal(error),
        }
    }
}

impl From<SpoolError> for Problem {
    fn from(error: SpoolError) -> Self {
        match error {
            SpoolError::TooLarge { .. } => Self::new(Code::TooLarge, error.to_string()).at("file"),
            SpoolError::Io(_) => Self::unavailable(error),
        }
    }
}

impl From<EngineError> for Problem {
    fn from(error: EngineError) -> Self {
        let code = match &error {
            EngineError::Document(error) => code_of(error),
            EngineError::Timeout(_) => Code::Timeout,
            EngineError::Crashed => Code::ConverterCrashed,
            EngineError::Unavailable(_) => return Self::unavailable(error),
        };
        Self::new(code, error.to_string()).at("file")
    }
}

fn code_of(error: &ConvertError) -> Code {
    match error {
        ConvertError::UnsupportedType => Code::UnsupportedType,
        ConvertError::InvalidDocument { .. } => Code::InvalidDocument,
        ConvertError::PasswordProtected => Code::PasswordProtected,
        ConvertError::EmptyDocument { .. } => Code::EmptyDocument,
        ConvertError::OcrUnavailable { .. } => Code::OcrUnavailable,
        ConvertError::TooLarge { .. } => Code::TooLarge,
        ConvertError::TooManyPages { .. } => Code::TooManyPages,
        ConvertError::LimitExceeded { .. } => Code::LimitExceeded,
    }
}
