use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use rmcp::transport::streamable_http_server::StreamableHttpServerConfig;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::tower::StreamableHttpService;

use super::body::{MAX_MESSAGE, Message};
use super::server::McpServer;
use super::tools::DocumentTools;
use crate::http::HttpState;
use crate::http::extract::upload::Admitted;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::model::Caller;

/// Bytes of an answer in words of the library, at most.
const MAX_WORDS: usize = 4 * 1024;

/// Answers a message. Its tools work on the documents of its caller.
pub(super) async fn message(
    State(state): State<HttpState>,
    caller: Caller,
    _: Admitted,
    request: Request,
) -> Result<Response, Problem> {
    let (head, body) = request.into_parts();
    let Message { bytes, place } = Message::receive(&state, &head.headers, body).await?;
    let server = McpServer::new(DocumentTools::new(state.app, caller).with_place(place));
    let service = StreamableHttpService::new(
        move || Ok(server.clone()),
        Arc::new(NeverSessionManager::default()),
        settings(),
    );
    let response = service.handle(Request::from_parts(head, Body::from(bytes))).await;
    answer(response.map(Body::new)).await
}

/// Without sessions. `Host` and `Origin` were checked before: by [`check_page`], and for all paths alike.
fn settings() -> StreamableHttpServerConfig {
    StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_max_request_body_bytes(usize::try_from(MAX_MESSAGE).unwrap_or(usize::MAX))
        .disable_allowed_hosts()
}

/// The answer, with what the library says in plain words as an error of JSON-RPC.
async fn answer(response: Response) -> Result<Response, Problem> {
    let status = response.status();
    let is_json = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"application/json"));
    if status.is_server_error() {
        // It was being answered when the server was told to stop.
        return Err(Problem::unavailable("the protocol gave no answer"));
    }
    if is_json || !status.is_client_error() {
        return Ok(response);
    }
    let words = axum::body::to_bytes(response.into_body(), MAX_WORDS).await;
    let words = words.map_err(Problem::internal)?;
    let words = String::from_utf8_lossy(&words);
    if status == StatusCode::UNSUPPORTED_MEDIA_TYPE {
        // Its media type was looked at before.
        let error = "the body takes one JSON-RPC request or notification, with an object as `params`";
        return Err(Problem::new(Code::INVALID_PARAMETER, error));
    }
    Err(Problem::new(Code::INVALID_PARAMETER, words).answered_as(status))
}

/// Refuses pages that the operator has not named, also where their requests bring a key: a model that reads documents
/// is no business of theirs.
pub(in crate::http::compat) async fn check_page(
    State(state): State<HttpState>,
    request: Request,
    next: Next,
) -> Response {
    let edge = &state.edge;
    if edge.origins.is_from(&request, &edge.tool_pages) {
        return next.run(request).await;
    }
    let error =
        "a web page of another origin may not use these tools: the operator can name it in CORS_ORIGINS";
    Problem::new(Code::ORIGIN_NOT_ALLOWED, error)
        .at("origin")
        .into_response()
}
