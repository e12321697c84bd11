//! Mistral's OCR.
//!
//! ```text
//!   JSON ──> OcrRequest ──> document: base64, address, file ──> conversion ──> a child's pages ──> answer
//!                                                   ^
//!   form ──> files: kept, not converted ────────────┘
//!   JSON, or a file of lines ──> jobs: batches of our own ──> results, written anew for each client
//! ```

mod answer;
mod document;
mod fields;
mod files;
mod jobs;
mod jsonl;
mod ocr;
mod page_order;
mod queries;
mod refusal;
mod request;

use axum::Router;
use axum::routing::post;

pub(super) use self::refusal::ERRORS;
use crate::http::HttpState;

/// Operations that need a key.
pub(super) fn operations() -> Router<HttpState> {
    Router::new()
        .route("/v1/ocr", post(ocr::ocr))
        .merge(files::operations())
        .merge(jobs::operations())
}
