//! Counts what passes, and makes some of it fail.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use bytes::Bytes;
use futures::StreamExt;
use serde_json::{Value, json};

use crate::body;
use crate::counts::Refused;
use crate::faults::Failure;
use crate::refusal::Reason;
use crate::world::World;

fn name(request: &Request) -> String {
    let path = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| request.uri().path(), MatchedPath::as_str);
    format!("{} {path}", request.method())
}

/// Counts a request, its answer, and why it was refused.
pub(crate) async fn count(State(world): State<Arc<World>>, request: Request, next: Next) -> Response {
    let name = name(&request);
    world.state().counts.arrived(&name);
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let mut state = world.state();
    state.counts.answered(status);
    if let Some(Reason(body)) = response.extensions().get() {
        state.counts.refused(Refused {
            request: name,
            status,
            body: body.clone(),
        });
    }
    drop(state);
    response
}

/// Does to a request what the next outage that is meant for it wants.
pub(crate) async fn fail(State(world): State<Arc<World>>, request: Request, next: Next) -> Response {
    let Some(failure) = next_failure(&world, &name(&request)) else {
        return next.run(request).await;
    };
    if let Failure::Status {
        status,
        retry_after,
        worked: false,
    } = &failure
    {
        // The body is taken in, for a client that writes all of it before it reads.
        let _ = body::read(request.into_body(), 0).await;
        return outage(*status, retry_after.as_deref());
    }
    let response = next.run(request).await;
    if !response.status().is_success() {
        // A request that breaks a rule is not hidden behind an outage.
        return response;
    }
    match failure {
        Failure::Status {
            status, retry_after, ..
        } => outage(status, retry_after.as_deref()),
        Failure::Html { status } => {
            let page = Html("<html><body><h1>Please wait</h1></body></html>");
            (code(status), page).into_response()
        }
        Failure::Stall { milliseconds } => {
            tokio::time::sleep(Duration::from_millis(milliseconds)).await;
            response
        }
        Failure::StallInside { milliseconds } => halves(response, Some(milliseconds)).await,
        Failure::CutConnection => halves(response, None).await,
        Failure::CutJson => {
            let bytes = all(response).await;
            let half = bytes.slice(..bytes.len() / 2);
            ([(header::CONTENT_TYPE, "application/json")], half).into_response()
        }
    }
}

/// The first outage that is meant for this request and has something left.
fn next_failure(world: &World, name: &str) -> Option<Failure> {
    let mut state = world.state();
    let outage =
        state.faults.outages.iter_mut().find(|outage| {
            outage.times > 0 && outage.request.as_deref().is_none_or(|request| request == name)
        })?;
    if outage.after > 0 {
        outage.after -= 1;
        return None;
    }
    outage.times -= 1;
    Some(outage.failure.clone())
}

fn code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// An error with the body that was seen for its status.
fn outage(status: u16, retry_after: Option<&str>) -> Response {
    let object = |kind: &str, code: &str, message: &str| {
        json!({"object": "error", "message": message, "type": kind, "param": null, "code": code,
            "raw_status_code": status})
    };
    let body: Value = match status {
        429 => object("rate_limited", "1300", "Rate limit exceeded"),
        403 => object("tier_not_allowed", "1910", "Your tier does not allow this."),
        502 => json!({"message": "An invalid response was received from the upstream server",
            "request_id": "0123456789abcdef"}),
        _ => {
            json!({"message": code(status).canonical_reason().unwrap_or("Error"), "request_id": "0123456789abcdef"})
        }
    };
    let mut response = (code(status), Json(body)).into_response();
    if let Some(value) = retry_after.and_then(|text| HeaderValue::from_str(text).ok()) {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    response
}

async fn all(response: Response) -> Bytes {
    axum::body::to_bytes(response.into_body(), usize::MAX)
        .await
        .unwrap_or_default()
}

/// The length and half of the body; then, after a while, the other half, or the end of the connection.
async fn halves(response: Response, pause: Option<u64>) -> Response {
    let kind = response.headers().get(header::CONTENT_TYPE).cloned();
    let bytes = all(response).await;
    let middle = bytes.len() / 2;
    let (first, second) = (bytes.slice(..middle), bytes.slice(middle..));
    let first = futures::stream::once(async move { Ok::<_, Infallible>(first) });
    let body = match pause {
        Some(milliseconds) => Body::from_stream(first.chain(futures::stream::once(async move {
            tokio::time::sleep(Duration::from_millis(milliseconds)).await;
            Ok(second)
        }))),
        None => {
            let broken = futures::stream::once(async {
                // The first half is to leave before the connection ends.
                tokio::time::sleep(Duration::from_millis(50)).await;
                Err(std::io::Error::other("cut"))
            });
            Body::from_stream(first.map(|half| Ok(half.unwrap_or_default())).chain(broken))
        }
    };
    let mut response = Response::new(body);
    response
        .headers_mut()
        .insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    if let Some(kind) = kind {
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    response
}
