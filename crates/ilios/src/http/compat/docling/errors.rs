use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::http::respond::codes::Code;
use crate::http::respond::problem::{ErrorForm, Problem};

/// Errors as FastAPI words them: some clients compare the words.
pub(in crate::http::compat) const ERRORS: ErrorForm = ErrorForm(|problem| match problem.code() {
    Code::UNAUTHORIZED => (StatusCode::UNAUTHORIZED, json!({"detail": "Unauthorized"})),
    Code::MISSING_FILE => invalid("missing", json!(["body", "files"]), "Field required"),
    Code::INVALID_BODY => invalid("json_invalid", json!(["body", 1]), problem.error()),
    Code::INVALID_PARAMETER => match problem.field() {
        Some(field) => invalid(kind(problem), json!(["body", field]), problem.error()),
        None => (
            StatusCode::UNPROCESSABLE_ENTITY,
            json!({"detail": problem.error()}),
        ),
    },
    Code::BUSY | Code::TENANT_BUSY => {
        let detail = "Server is busy, please try again shortly.";
        (problem.http_status(), json!({"detail": detail}))
    }
    _ => (problem.http_status(), json!({"detail": problem.error()})),
});

fn invalid(kind: &str, place: Value, message: &str) -> (StatusCode, Value) {
    let detail = json!({"type": kind, "loc": place, "msg": message});
    (StatusCode::UNPROCESSABLE_ENTITY, json!({"detail": [detail]}))
}

/// The kind of the fault, told by the words of [`Problem::invalid`].
fn kind(problem: &Problem) -> &'static str {
    let is = |words: &str| problem.error().contains(words);
    if is("is required") {
        "missing"
    } else if is("takes true or false") {
        "bool_parsing"
    } else if is("takes a whole number") {
        "int_parsing"
    } else if is("takes one of") {
        "enum"
    } else {
        "value_error"
    }
}
