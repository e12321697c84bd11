//! Errors, in the shapes in which the real service sends them.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::schema::Flaw;

/// Why a request is refused.
#[derive(Debug, Clone)]
pub(crate) enum Refusal {
    /// The body is not what the schema wants: 422 with one entry a flaw.
    Schema(Vec<Flaw>),
    /// An error object with a type and mostly a code, which is a string of digits.
    Error {
        status: u16,
        kind: &'static str,
        code: Option<&'static str>,
        message: String,
    },
    /// A short `detail`.
    Detail { status: u16, detail: &'static str },
    /// An upload that is not of a kind that its purpose allows: 422.
    Upload {
        message: String,
        lines: Vec<(usize, String)>,
    },
    /// The message of a gateway.
    Message { status: u16, message: String },
}

/// Remembers a refusal beside the answer, for the counts.
#[derive(Debug, Clone)]
pub(crate) struct Reason(pub(crate) String);

impl Refusal {
    /// A single flaw of the body.
    pub(crate) fn flaw(flaw: Flaw) -> Self {
        Self::Schema(vec![flaw])
    }

    /// A file that OCR is asked to read and cannot.
    pub(crate) fn unreadable(message: impl Into<String>) -> Self {
        Self::Error {
            status: 400,
            kind: "invalid_request_file",
            code: Some("3310"),
            message: message.into(),
        }
    }

    /// Something is larger than it may be. No body of the real service is known; a client should look at the status.
    pub(crate) fn too_large(limit: usize) -> Self {
        Self::Message {
            status: 413,
            message: format!("More than the {limit} bytes that are allowed."),
        }
    }

    pub(crate) const fn no_file() -> Self {
        Self::Detail {
            status: 404,
            detail: "No file matches the given query.",
        }
    }

    pub(crate) const fn no_job() -> Self {
        Self::Detail {
            status: 404,
            detail: "No batch job matches the given query.",
        }
    }

    /// The status and the body, for an answer or for the line of a batch.
    pub(crate) fn parts(&self) -> (u16, Value) {
        match self {
            Self::Schema(flaws) => (
                422,
                json!({"detail": flaws.iter().map(Flaw::json).collect::<Vec<_>>()}),
            ),
            Self::Error {
                status,
                kind,
                code,
                message,
            } => (*status, error(*status, kind, *code, message)),
            Self::Detail { status, detail } => (*status, json!({"detail": detail})),
            Self::Upload { message, lines } => (422, upload(message, lines)),
            Self::Message { status, message } => (*status, json!({"message": message})),
        }
    }
}

fn error(status: u16, kind: &str, code: Option<&str>, message: &str) -> Value {
    json!({
        "object": "error",
        "message": message,
        "type": kind,
        "param": null,
        "code": code,
        "raw_status_code": status,
    })
}

fn upload(message: &str, lines: &[(usize, String)]) -> Value {
    if lines.is_empty() {
        return json!({"detail": "Invalid file format.", "message": message});
    }
    let errors: Vec<Value> = lines
        .iter()
        .map(|(line, message)| json!({"message": message, "line_number": line}))
        .collect();
    json!({
        "detail": "Invalid file format.",
        "message": message,
        "description": "Some lines are not requests.",
        "errors": errors,
    })
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, body) = self.parts();
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
        let reason = Reason(body.to_string());
        let mut response = (status, Json(body)).into_response();
        response.extensions_mut().insert(reason);
        response
    }
}
