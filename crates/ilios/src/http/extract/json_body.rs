use axum::extract::{FromRequest, Request};
use axum::http::{Method, header};
use futures::StreamExt;
use serde::de::DeserializeOwned;

use super::upload::announced;
use crate::http::HttpState;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;

/// Bytes that the body may have.
const MAX_BODY: usize = 16 * 1024;

/// Body of a request that is a JSON object. No body is an empty object.
pub(in crate::http) struct JsonBody<T>(pub(in crate::http) T);

impl<T: DeserializeOwned> FromRequest<HttpState> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &HttpState) -> Result<Self, Problem> {
        debug_assert_ne!(request.method(), Method::GET, "a GET has no body");
        let bytes = read(request).await?;
        let bytes = if bytes.trim_ascii().is_empty() {
            b"{}"
        } else {
            bytes.as_slice()
        };
        serde_json::from_slice(bytes)
            .map(Self)
            .map_err(|error| invalid(&error.to_string()))
    }
}

fn invalid(error: &str) -> Problem {
    Problem::new(Code::INVALID_BODY, format!("send a JSON object: {error}"))
}

async fn read(request: Request) -> Result<Vec<u8>, Problem> {
    let too_large = || {
        let error = format!("send a JSON object of at most {MAX_BODY} bytes");
        Problem::new(Code::TOO_LARGE, error)
    };
    if announced(request.headers()).is_some_and(|bytes| bytes > MAX_BODY as u64) {
        return Err(too_large());
    }
    let is_form = request
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|media| media.as_bytes().starts_with(b"multipart/"));
    if is_form {
        return Err(invalid("this is a form"));
    }
    let mut body = request.into_body().into_data_stream();
    let mut bytes = Vec::new();
    while let Some(chunk) = body.next().await {
        bytes.extend_from_slice(&chunk.map_err(|error| invalid(&error.to_string()))?);
        if bytes.len() > MAX_BODY {
            return Err(too_large());
        }
    }
    Ok(bytes)
}
