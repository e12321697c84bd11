use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Instrument;

use super::host::Host;
use super::request_log::RequestLine;
use crate::http::HttpState;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::{ErrorForm, Problem, REQUEST_ID};

/// Assigns every request an id (the client's own, if it sent a sound one), writes the body of every problem, logs one
/// line for each request and the cause of every server fault.
pub(in crate::http) async fn assign_request_id(
    State(state): State<HttpState>,
    request: Request,
    next: Next,
) -> Response {
    handle(&state, request, |request| next.run(request)).await
}

/// Refuses a request without a sound host, and gives the others' hosts to the handlers.
pub(in crate::http) async fn require_host(
    State(state): State<HttpState>,
    mut request: Request,
    next: Next,
) -> Response {
    match Host::of(request.version(), request.uri(), request.headers()) {
        Ok(host) => {
            if let Some(host) = host {
                request.extensions_mut().insert(host);
            }
            next.run(request).await
        }
        Err(fault) => {
            handle(&state, request, async |_| {
                Problem::new(Code::INVALID_HOST, format!("host {}", fault.words()))
                    .at("host")
                    .into_response()
            })
            .await
        }
    }
}

async fn handle<F: Future<Output = Response>>(
    state: &HttpState,
    request: Request,
    answer: impl FnOnce(Request) -> F,
) -> Response {
    let id = sent_id(&request).unwrap_or_else(|| state.app.new_id().to_string());
    let span = tracing::info_span!("request", request_id = %id);
    let (line, request) = RequestLine::begin(state, span.clone(), request);
    let respond = async {
        let mut response = answer(request).await;
        let problem = response.extensions_mut().remove::<Problem>();
        if let Some(problem) = problem.or_else(|| fallback_problem(&response)) {
            if let Some(cause) = problem.cause() {
                tracing::error!(code = problem.code().name(), cause, "a request failed");
            }
            response = match response.extensions().get::<ErrorForm>() {
                Some(form) => problem.render_as(*form),
                None => problem.render(&id),
            };
        }
        response
    };
    let mut response = line.end_with(respond.instrument(span).await);
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// The problem for an error that a library answered in its own way, such as a path that is no UTF-8.
fn fallback_problem(response: &Response) -> Option<Problem> {
    let json = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value == "application/json");
    match response.status() {
        _ if json => None,
        StatusCode::BAD_REQUEST => Some(Problem::new(
            Code::INVALID_PARAMETER,
            "the path or the query cannot be read",
        )),
        StatusCode::NOT_FOUND => Some(Problem::new(Code::NOT_FOUND, "there is no such path")),
        StatusCode::INTERNAL_SERVER_ERROR => Some(Problem::internal("an answer without a body")),
        _ => None,
    }
}

/// The client's own id, where it is short and plain enough to be logged.
fn sent_id(request: &Request) -> Option<String> {
    let id = request.headers().get(REQUEST_ID)?.to_str().ok()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    ((1..=64).contains(&id.len()) && id.chars().all(plain)).then(|| id.to_owned())
}
