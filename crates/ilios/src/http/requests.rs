use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Instrument;

use super::HttpState;
use super::codes::Code;
use super::problem::Problem;
use super::watched::TwoLengths;

const REQUEST_ID: &str = "x-request-id";

/// Gives every request an id (the client's own, if it sent a sound one), writes the body of every problem,
/// logs one line a request and the cause of every server fault.
pub(super) async fn identify(State(state): State<HttpState>, request: Request, next: Next) -> Response {
    answered(&state, request, |request| next.run(request)).await
}

/// Refuses a request whose end is open to question, before anything else could answer it; nobody looks at its body.
pub(super) async fn refuse_two_lengths(
    State(state): State<HttpState>,
    request: Request,
    next: Next,
) -> Response {
    if request.extensions().get::<TwoLengths>().is_none() {
        return next.run(request).await;
    }
    answered(&state, request, async |_| {
        let error = "takes a Content-Length or a Transfer-Encoding, not both";
        Problem::new(Code::TWO_LENGTHS, error)
            .at("content-length")
            .into_response()
    })
    .await
}

async fn answered<F: Future<Output = Response>>(
    state: &HttpState,
    request: Request,
    answer: impl FnOnce(Request) -> F,
) -> Response {
    let id = sent_id(&request).unwrap_or_else(|| state.app.ids.next(state.app.clock.now()).to_string());
    let span = tracing::info_span!("request", request_id = %id);
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let started = Instant::now();
    let respond = async {
        let mut response = answer(request).await;
        let problem = response.extensions_mut().remove::<Problem>();
        if let Some(problem) = problem.or_else(|| unworded(&response)) {
            if let Some(cause) = problem.cause() {
                tracing::error!(code = problem.code().name(), cause, "a request failed");
            }
            response = problem.render(&id);
        }
        let status = response.status().as_u16();
        let microseconds = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
        tracing::info!(%method, path, status, microseconds, "answered");
        response
    };
    let mut response = respond.instrument(span).await;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// The problem behind an error that a library answered in its own way, such as a path that is no UTF-8.
fn unworded(response: &Response) -> Option<Problem> {
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
