//! Liveness and readiness probes. They tell a supervisor whether to restart this node, and whether to send it requests.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::{NodeTask, NotReady};
use crate::disk::DiskFault;
use crate::http::HttpState;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::store::DatabaseFault;

/// A probe that is passed.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct ProbeResult {
    /// `alive` or `ready`.
    status: &'static str,
}

/// Check whether the process serves
///
/// Looks at nothing but itself: a node that does not answer has to be restarted.
#[utoipa::path(
    get,
    path = "/livez",
    tag = "server",
    security(()),
    responses((status = 200, description = "It does", body = ProbeResult)),
)]
pub(in crate::http) async fn livez() -> Response {
    passed("alive")
}

/// Check whether the node can do its work now
///
/// Looks, once a second at most, at the database, the folder of temporary files, and the originals: those in a folder of
/// this machine. A bucket that is away takes no request from a node that can convert without it; a worker needs it.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "server",
    security(()),
    responses(
        (status = 200, description = "It can", body = ProbeResult),
        (status = 503, description = "It cannot: `code` says why"),
    ),
)]
pub(in crate::http) async fn readyz(State(state): State<HttpState>) -> Result<Response, Problem> {
    ready(&state, NodeTask::Clients).await
}

/// As [`readyz`], of a node that works on the queue alone.
pub(in crate::http) async fn readyz_of_worker(State(state): State<HttpState>) -> Result<Response, Problem> {
    ready(&state, NodeTask::Queue).await
}

async fn ready(state: &HttpState, serves: NodeTask) -> Result<Response, Problem> {
    let faults = state.app.not_ready(serves).await;
    let codes: Vec<Code> = faults.iter().map(code).collect();
    // A full disk is behind whatever else is the matter then.
    let full = codes.iter().find(|code| **code == Code::DISK_FULL);
    match full.or(codes.first()) {
        None => Ok(passed("ready")),
        Some(first) => {
            let names: Vec<&str> = codes.iter().map(|code| code.name()).collect();
            let error = format!("this node cannot work now: {}", names.join(", "));
            Err(Problem::new(*first, error).retry_after(1))
        }
    }
}

fn passed(status: &'static str) -> Response {
    let mut response = Json(ProbeResult { status }).into_response();
    let no_store = HeaderValue::from_static("no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, no_store);
    response
}

fn code(fault: &NotReady) -> Code {
    match fault {
        NotReady::Stopping => Code::STOPPING,
        NotReady::Database(DatabaseFault::Missing) => Code::DATABASE_MISSING,
        NotReady::Database(DatabaseFault::Replaced) => Code::DATABASE_REPLACED,
        NotReady::Database(DatabaseFault::Damaged) => Code::DATABASE_DAMAGED,
        NotReady::Database(DatabaseFault::Locked) => Code::DATABASE_LOCKED,
        NotReady::Database(DatabaseFault::DiskFull) | NotReady::Spool(DiskFault::Full) => Code::DISK_FULL,
        NotReady::Database(DatabaseFault::Unavailable | DatabaseFault::Silent) | NotReady::ReadOnly => {
            Code::DATABASE_UNAVAILABLE
        }
        NotReady::Spool(DiskFault::Io(_)) => Code::SPOOL_UNAVAILABLE,
        NotReady::Objects => Code::OBJECTS_UNAVAILABLE,
    }
}
