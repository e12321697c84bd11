use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::fields::Faults;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::{ErrorForm, Problem};

/// Reason a request is not answered as it asks.
#[derive(Debug)]
pub(super) enum Refusal {
    /// Its fields have faults.
    Invalid(Faults),
    /// It is refused in the words of the service.
    Worded(StatusCode, Value),
    /// A fault of the document, or one that the server has in common for all interfaces.
    Problem(Box<Problem>),
}

/// Errors that have no words of their own.
pub(in crate::http::compat) const ERRORS: ErrorForm = ErrorForm(worded);

pub(super) fn worded(problem: &Problem) -> (StatusCode, Value) {
    let status = problem.http_status();
    let words = problem.error();
    match problem.code() {
        Code::UNAUTHORIZED => (StatusCode::UNAUTHORIZED, json!({"detail": "Unauthorized"})),
        Code::NOT_FOUND => (StatusCode::NOT_FOUND, json!({"detail": words})),
        Code::INVALID_BODY => {
            let detail = json!([{"type": "json_invalid", "loc": ["body"], "msg": words}]);
            (StatusCode::UNPROCESSABLE_ENTITY, json!({"detail": detail}))
        }
        Code::INVALID_PARAMETER | Code::MISSING_FILE => field_fault(problem),
        Code::UNSUPPORTED_TYPE | Code::INVALID_DOCUMENT => {
            of_document("document_parser_invalid_file", "3740", words)
        }
        Code::TOO_MANY_PAGES => of_document("document_parser_too_many_pages", "3730", words),
        Code::EMPTY_FILE
        | Code::INVALID_URL
        | Code::URL_INPUT_OFF
        | Code::URL_NOT_ALLOWED
        | Code::URL_FETCH_FAILED
        | Code::EXPIRED_SIGNATURE => of_document("invalid_request_file", "3310", words),
        Code::TENANT_BUSY => {
            let status = StatusCode::TOO_MANY_REQUESTS;
            (status, object(status, "rate_limited", Some("1300"), words))
        }
        // That status means faults of fields to clients.
        code if status == StatusCode::UNPROCESSABLE_ENTITY => {
            let status = StatusCode::BAD_REQUEST;
            (status, object(status, code.name(), None, words))
        }
        code => (status, object(status, code.name(), None, words)),
    }
}

/// The fault of a field that is found where all interfaces read it.
fn field_fault(problem: &Problem) -> (StatusCode, Value) {
    let kind = if problem.code() == Code::MISSING_FILE {
        "missing"
    } else {
        "value_error"
    };
    let place: Vec<&str> = ["body"].into_iter().chain(problem.field()).collect();
    let detail = json!([{"type": kind, "loc": place, "msg": problem.error()}]);
    (StatusCode::UNPROCESSABLE_ENTITY, json!({"detail": detail}))
}

fn of_document(kind: &str, code: &str, words: &str) -> (StatusCode, Value) {
    let status = StatusCode::BAD_REQUEST;
    (status, object(status, kind, Some(code), words))
}

/// The object of an error.
pub(super) fn object(status: StatusCode, kind: &str, code: Option<&str>, message: &str) -> Value {
    json!({
        "object": "error", "message": message, "type": kind, "param": null, "code": code,
        "raw_status_code": status.as_u16(),
    })
}

impl Refusal {
    /// A model that is not known.
    pub(super) fn model(name: &str) -> Self {
        let name: String = name.chars().filter(|c| !c.is_control()).take(64).collect();
        let (status, message) = (StatusCode::BAD_REQUEST, format!("Invalid model: {name}"));
        Self::Worded(status, object(status, "invalid_model", Some("1500"), &message))
    }

    /// A file that is not there, or not any more.
    pub(super) fn file(id: &str) -> Self {
        let id: String = id.chars().filter(|c| !c.is_control()).take(64).collect();
        let status = StatusCode::BAD_REQUEST;
        let message = format!("File '{id}' could not be found or may have expired.");
        Self::Worded(
            status,
            object(status, "invalid_request_file", Some("3310"), &message),
        )
    }

    /// Status and body of the answer.
    pub(super) fn answer(&self) -> (StatusCode, Value) {
        match self {
            Self::Invalid(faults) => (StatusCode::UNPROCESSABLE_ENTITY, faults.body()),
            Self::Worded(status, body) => (*status, body.clone()),
            Self::Problem(problem) => worded(problem),
        }
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

impl From<crate::app::AppError> for Refusal {
    fn from(error: crate::app::AppError) -> Self {
        Problem::from(error).into()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            // Its words are made where its cause is logged.
            Self::Problem(problem) => problem.into_response(),
            refusal => {
                let (status, body) = refusal.answer();
                (status, Json(body)).into_response()
            }
        }
    }
}
