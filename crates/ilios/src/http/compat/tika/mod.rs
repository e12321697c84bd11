//! Apache Tika's server: the paths of its version 3, and those of version 4 that version 3 has not.
//!
//! ```text
//!   PUT  body  ─┐             ┌─ text, XHTML, Markdown     /tika
//!               ├─> Document ─┼─ metadata and content      /tika/text, /tika/json, /rmeta
//!   POST form ──┘             ├─ metadata alone            /meta
//!                             └─ an archive of both        /unpack/all
//!   type and language of what is sent take no conversion   /detect, /language
//! ```

mod answer;
mod content;
mod detect;
mod document;
mod form;
mod language;
mod lists;
mod meta;
mod metadata;
mod options;
mod rmeta;
mod text;
mod unpack;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post, put};
use serde_json::json;

use crate::http::HttpState;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::ErrorForm;

/// Clients look at the status: 422 for whatever cannot be read.
pub(super) const ERRORS: ErrorForm = ErrorForm(|problem| {
    let status = match problem.code() {
        Code::UNSUPPORTED_TYPE | Code::EMPTY_FILE => StatusCode::UNPROCESSABLE_ENTITY,
        _ => problem.http_status(),
    };
    let body = json!({"status": problem.code().name(), "message": problem.error()});
    (status, body)
});

/// Operations that need a key.
pub(super) fn operations() -> Router<HttpState> {
    let language = put(language::language).post(language::language);
    Router::new()
        .route("/tika", get(text::greeting).put(text::by_accept))
        .route("/tika/{form}", put(text::in_form))
        .route("/tika/json/{form}", put(text::json_in_form))
        .route("/tika/form", post(form::by_accept))
        .route("/tika/form/{form}", post(form::in_form))
        .route("/rmeta", put(rmeta::of_body))
        .route("/rmeta/{form}", put(rmeta::of_body_in_form))
        .route("/rmeta/form", post(rmeta::of_form))
        .route("/rmeta/form/{form}", post(rmeta::of_form_in_form))
        .route("/meta", put(meta::of_body))
        .route("/meta/{field}", put(meta::field))
        .route("/meta/form", post(meta::of_form))
        .route("/detect", put(detect::detect))
        .route("/detect/stream", put(detect::detect))
        .route("/language", language.clone())
        .route("/language/stream", language.clone())
        .route("/language/string", language)
        .route("/unpack", put(unpack::files))
        .route("/unpack/all", put(unpack::all))
}

/// Lists of what is known, for everybody.
pub(super) fn public() -> Router<HttpState> {
    Router::new()
        .route("/parsers", get(lists::parsers))
        .route("/parsers/details", get(lists::parsers))
        .route("/detectors", get(lists::detectors))
        .route("/mime-types", get(lists::mime_types))
}
