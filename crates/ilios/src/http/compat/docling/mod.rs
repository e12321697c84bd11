//! docling-serve.
//!
//! ```text
//!   form ───┐                                ┌─> Outcome ──> Export ──> one JSON answer, or a ZIP
//!           ├─> Order (files, options) ──────┤
//!   JSON ───┘                  async ─> Task ┘      a task's id says which documents it is of, and what is wanted
//! ```
//!
//! A document that cannot be converted is no error of the request: it has a status of its own in the answer. Nothing is
//! kept of a task but its documents: what else there is to know stands in its id.

mod answer;
mod archive;
mod chunk;
mod confidence;
mod convert;
mod errors;
mod export;
mod health;
mod options;
mod order;
mod outcome;
mod result;
mod source;
mod status;
mod submit;
mod task;
mod watch;

use axum::Router;
use axum::routing::{get, post};

pub(super) use self::errors::ERRORS;
pub(super) use self::watch::key_of_query;
use crate::http::HttpState;

/// Operations that need a key.
pub(super) fn operations() -> Router<HttpState> {
    let mut router = Router::new()
        .route("/v1/chunk/{chunker}/file", post(chunk::file))
        .route("/v1/chunk/{chunker}/source", post(chunk::source))
        .route("/v1/chunk/{chunker}/file/async", post(submit::file))
        .route("/v1/chunk/{chunker}/source/async", post(submit::source));
    for version in ["/v1", "/v1alpha"] {
        let at = |path: &str| format!("{version}{path}");
        router = router
            .route(&at("/convert/file"), post(convert::file))
            .route(&at("/convert/source"), post(convert::source))
            .route(&at("/convert/file/async"), post(submit::file))
            .route(&at("/convert/source/async"), post(submit::source))
            .route(&at("/status/poll/{task}"), get(status::poll))
            .route(&at("/result/{task}"), get(result::result));
    }
    router
}

/// Operations that take their key from the query, too.
pub(super) fn sockets() -> Router<HttpState> {
    ["/v1", "/v1alpha"]
        .into_iter()
        .fold(Router::new(), |router, version| {
            router.route(&format!("{version}/status/ws/{{task}}"), get(watch::watch))
        })
}

/// Operations for everybody.
pub(super) fn public() -> Router<HttpState> {
    Router::new().route("/ready", get(health::ready))
}
