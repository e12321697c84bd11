use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::app::StoredResponse;

/// Says that an answer was given before.
pub(in crate::http) const IDEMPOTENCY_REPLAYED: &str = "idempotency-replayed";

/// The response body that is stored under an `Idempotency-Key`.
pub(in crate::http) fn json(answer: &impl Serialize) -> String {
    // Fields with names, no maps with other keys than text: serializing cannot fail.
    serde_json::to_string(answer).unwrap_or_default()
}

/// A response whose body was made by [`json`].
pub(in crate::http) fn response(status: StatusCode, stored: StoredResponse) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if stored.replayed {
        headers.insert(IDEMPOTENCY_REPLAYED, HeaderValue::from_static("true"));
    }
    (status, headers, stored.text).into_response()
}
