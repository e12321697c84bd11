use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::http::HttpState;
use crate::http::Surface;

/// The version of Tika that clients are told.
const TIKA: &str = "3.3.2";
/// The version of docling-serve that clients are told.
const DOCLING_SERVE: &str = "1.38.2";

/// The version, as clients of Tika ask for it in plain text, and those of docling-serve as JSON.
pub(super) async fn version(State(state): State<HttpState>, headers: HeaderMap) -> Response {
    let own = env!("CARGO_PKG_VERSION");
    let accepts = headers
        .get(header::ACCEPT)
        .map_or(&b""[..], |value| value.as_bytes());
    let wants_text = accepts.starts_with(b"text/plain");
    if wants_text || !state.edge.surfaces.has(Surface::Docling) {
        return format!("Apache Tika {TIKA} (Ilios {own})").into_response();
    }
    let versions = json!({
        "ilios": own,
        "docling-serve": DOCLING_SERVE,
        "docling-jobkit": "3.9.1",
        "docling": "2.143.0",
        "docling-core": "2.104.0",
    });
    Json(versions).into_response()
}
