//! Bodies of requests.

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use http_body_util::BodyExt;
use serde_json::Value;

use crate::refusal::Refusal;
use crate::schema::Flaw;

/// The JSON of a request of at most `limit` bytes.
pub(crate) async fn json(request: Request, limit: usize) -> Result<Value, Refusal> {
    let at = [Value::from("body")];
    let kind = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let is_json = kind
        .and_then(|kind| kind.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
    let bytes = read(request.into_body(), limit).await?;
    if !is_json {
        let message = "Input should be a valid dictionary or object to extract fields from";
        return Err(Refusal::flaw(Flaw::new(
            "model_attributes_type",
            &at,
            message,
            &Value::Null,
        )));
    }
    serde_json::from_slice(&bytes).map_err(|error| {
        let place = [Value::from("body"), Value::from(error.column())];
        Refusal::flaw(Flaw::new(
            "json_invalid",
            &place,
            "JSON decode error",
            &Value::Null,
        ))
    })
}

/// Reads to the end even what is too large: a client that still writes would see a broken connection, not the answer.
pub(crate) async fn read(mut body: Body, limit: usize) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    let mut size = 0_usize;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Refusal::Message {
            status: 400,
            message: "The body ended early.".to_owned(),
        })?;
        if let Ok(data) = frame.into_data() {
            size = size.saturating_add(data.len());
            if size <= limit {
                bytes.extend_from_slice(&data);
            } else {
                bytes = Vec::new();
            }
        }
    }
    if size > limit {
        return Err(Refusal::too_large(limit));
    }
    Ok(bytes)
}
