use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::HttpState;
use crate::http::respond::problem::Problem;
use crate::model::Timestamp;
use crate::store::SeenNode;

/// Servers that work on the queue.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct WorkersAnswer {
    /// Their workers together.
    workers: u64,
    /// Documents that they convert now.
    processing: u64,
    /// The servers, by the names of their machines.
    nodes: Vec<NodeFields>,
}

/// A server.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct NodeFields {
    /// Name under which it takes documents; a new one at each start.
    id: String,
    /// Name of its machine or container.
    host: String,
    /// `all`, `api` (takes no documents from the queue) or `worker`.
    role: String,
    /// Its version.
    version: String,
    /// Documents that it converts from the queue at once, at most.
    workers: u64,
    /// Documents that it converts now.
    processing: u64,
    /// Seconds since the first of these could have been begun.
    #[serde(skip_serializing_if = "Option::is_none")]
    oldest_processing_seconds: Option<u64>,
    /// Moment of its start.
    #[schema(value_type = String, format = DateTime)]
    started_at: String,
    /// Moment of its latest heartbeat; one that is silent for a minute is left out.
    #[schema(value_type = String, format = DateTime)]
    seen_at: String,
}

/// List the servers and their workers
///
/// Every server that shares the database, with what it converts now. It gives a heartbeat every 20 seconds.
#[utoipa::path(
    get,
    path = "/api/admin/workers",
    operation_id = "list_workers",
    tag = "admin",
    responses((status = 200, description = "The servers", body = WorkersAnswer)),
)]
pub(super) async fn workers(State(state): State<HttpState>) -> Result<Response, Problem> {
    let nodes = state.app.nodes().await?;
    let now = state.app.now();
    let nodes: Vec<NodeFields> = nodes.into_iter().map(|node| NodeFields::of(node, now)).collect();
    let answer = WorkersAnswer {
        workers: nodes.iter().map(|node| node.workers).sum(),
        processing: nodes.iter().map(|node| node.processing).sum(),
        nodes,
    };
    Ok(Json(answer).into_response())
}

impl NodeFields {
    fn of(seen: SeenNode, now: Timestamp) -> Self {
        Self {
            id: seen.node.id,
            host: seen.node.host,
            role: seen.node.role,
            version: seen.node.version,
            workers: seen.node.workers,
            processing: seen.processing,
            oldest_processing_seconds: seen.oldest_due.map(|due| now.since(due).as_secs()),
            started_at: seen.started_at.to_string(),
            seen_at: seen.seen_at.to_string(),
        }
    }
}
