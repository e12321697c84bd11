//! Unstructured's partition endpoint.
//!
//! ```text
//!   form ──> Options, files ──> a child's lines ──> Element ──> Chunks, if wanted ──> JSON or CSV
//! ```

mod answer;
mod chunks;
mod element;
mod options;
mod partition;

use axum::extract::Request;
use axum::http::{HeaderName, StatusCode, header};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::http::HttpState;
use crate::http::extract::auth::X_API_KEY;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::ErrorForm;

const OWN_KEY: HeaderName = HeaderName::from_static("unstructured-api-key");

/// Errors with their detail in words.
pub(super) const ERRORS: ErrorForm = ErrorForm(|problem| {
    let (status, detail) = match problem.code() {
        Code::UNAUTHORIZED => (StatusCode::UNAUTHORIZED, "the API key is missing or invalid"),
        Code::UNSUPPORTED_TYPE => (StatusCode::BAD_REQUEST, "File type is not supported."),
        Code::MISSING_FILE => {
            let detail = json!([{"type": "missing", "loc": ["body", "files"], "msg": "Field required"}]);
            return (StatusCode::UNPROCESSABLE_ENTITY, json!({"detail": detail}));
        }
        Code::EMPTY_FILE => (StatusCode::UNPROCESSABLE_ENTITY, problem.error()),
        Code::BUSY | Code::TENANT_BUSY => {
            let detail = "Server is under heavy load. Please try again later.";
            (problem.http_status(), detail)
        }
        _ => (problem.http_status(), problem.error()),
    };
    (status, json!({"detail": detail}))
});

/// Operations that need a key.
pub(super) fn operations() -> Router<HttpState> {
    let partition = post(partition::partition);
    Router::new()
        .route("/general/v0/general", partition.clone())
        // Clients append the path to an address that has it already.
        .route("/general/v0/general/general/v0/general", partition)
}

/// Operations for everybody.
pub(super) fn public() -> Router<HttpState> {
    Router::new()
        .route("/general/v0/general", get(only_post))
        // A client looks for this page before it cuts a PDF.
        .route(
            "/general/docs",
            get(async || "POST /general/v0/general takes documents; see /docs.\n"),
        )
        .route(
            "/healthcheck",
            get(async || Json(json!({"healthcheck": "HEALTHCHECK STATUS: EVERYTHING OK!"}))),
        )
}

async fn only_post() -> (StatusCode, Json<Value>) {
    let detail = json!({"detail": "Only POST requests are supported."});
    (StatusCode::METHOD_NOT_ALLOWED, Json(detail))
}

/// Takes the key of Unstructured's own header.
pub(super) async fn own_key(mut request: Request) -> Request {
    let headers = request.headers_mut();
    let has_other = headers.contains_key(X_API_KEY) || headers.contains_key(header::AUTHORIZATION);
    if let Some(key) = headers.get(OWN_KEY).cloned().filter(|_| !has_other) {
        headers.insert(X_API_KEY, key);
    }
    request
}
