use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use futures::StreamExt;
use serde::de::DeserializeOwned;

use super::upload::announced;
use crate::http::HttpState;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;

/// Bytes that the body may have.
const MAX_BODY: usize = 64 * 1024;

/// Body of a request that is a JSON object. No body is an empty object.
pub(in crate::http) struct JsonBody<T>(pub(in crate::http) T);

impl<T: DeserializeOwned> FromRequest<HttpState> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &HttpState) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let bytes = read(&parts.headers, body).await?;
        let bytes = if bytes.trim_ascii().is_empty() {
            b"{}"
        } else {
            bytes.as_slice()
        };
        serde_json::from_slice(bytes)
            .map(Self)
            .map_err(|error| invalid(&error))
    }
}

fn invalid(error: &dyn std::fmt::Display) -> Problem {
    Problem::new(Code::INVALID_BODY, format!("send a JSON object: {error}"))
}

async fn read(headers: &HeaderMap, body: Body) -> Result<Vec<u8>, Problem> {
    let too_large = || {
        let error = format!("send a JSON object of at most {MAX_BODY} bytes");
        Problem::new(Code::TOO_LARGE, error)
    };
    if announced(headers).is_some_and(|bytes| bytes > MAX_BODY as u64) {
        return Err(too_large());
    }
    let mut body = body.into_data_stream();
    let mut bytes = Vec::new();
    while let Some(chunk) = body.next().await {
        bytes.extend_from_slice(&chunk.map_err(|error| invalid(&error))?);
        if bytes.len() > MAX_BODY {
            return Err(too_large());
        }
    }
    Ok(bytes)
}
