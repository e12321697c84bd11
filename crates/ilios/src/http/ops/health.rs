use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::engine::ServiceState;
use crate::http::HttpState;
use crate::model::Timestamp;

/// Health of the server.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Health {
    /// `healthy`, `unhealthy`, or `degraded`: what is there can be read, and nothing be submitted.
    status: &'static str,
    #[schema(value_type = String, format = DateTime)]
    timestamp: Timestamp,
    services: Services,
}

/// Services that the server depends on.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Services {
    /// `healthy`, `unhealthy`, or `degraded`: the primary of the replica is away.
    database: &'static str,
    /// Reason the database is degraded.
    #[serde(skip_serializing_if = "Option::is_none")]
    database_message: Option<String>,
    /// Seconds since the replica was last brought up to date.
    #[serde(skip_serializing_if = "Option::is_none")]
    replica_age_seconds: Option<u64>,
    /// `healthy` or `unhealthy`; `disabled` where originals are kept on this server.
    s3: &'static str,
    /// Wherever originals are kept: `healthy` or `unhealthy`.
    objects: &'static str,
    /// The folder of temporary files: `healthy` or `unhealthy`.
    spool: &'static str,
    /// `healthy` or `unhealthy`, as far as is known from documents; `disabled` where it is not set up. While it is
    /// unhealthy documents wait for it.
    mistral: &'static str,
    /// Problem that the operator has to solve before Mistral takes documents again.
    #[serde(skip_serializing_if = "Option::is_none")]
    mistral_message: Option<String>,
}

/// Check the health of the server
///
/// For people, and as clients of version 2 know it; `/livez` and `/readyz` are for supervisors. What it says of the
/// database and of the originals is a second old at most.
#[utoipa::path(
    get,
    path = "/health",
    tag = "server",
    security(()),
    responses(
        (status = 200, description = "It can, or can at least answer what it knows", body = Health),
        (status = 503, description = "It cannot", body = Health),
    ),
)]
pub(in crate::http) async fn health(State(state): State<HttpState>) -> Response {
    let app = &state.app;
    let (database, objects, spool) =
        tokio::join!(app.database_health(), app.objects_work(), app.spool_fault());
    let (degraded, database) = (database.degraded, database.fault.is_none());
    let spool = spool.is_none();
    let healthy = database && objects && spool;
    let database_message = degraded.filter(|_| database);
    let or_degraded = |healthy: bool| match &database_message {
        Some(_) if healthy => "degraded",
        _ => word(healthy),
    };
    let status = if healthy {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let (mistral, mistral_message) = match app.engine().service() {
        None => ("disabled", None),
        Some(ServiceState::Healthy) => ("healthy", None),
        Some(ServiceState::Down(what) | ServiceState::Denied(what)) => ("unhealthy", Some(what)),
    };
    let health = Health {
        status: or_degraded(healthy),
        timestamp: app.now(),
        services: Services {
            database: or_degraded(database),
            replica_age_seconds: app.store().copy_age().map(|age| age.as_secs()),
            s3: if app.objects().is_remote() {
                word(objects)
            } else {
                "disabled"
            },
            objects: word(objects),
            spool: word(spool),
            mistral,
            mistral_message,
            database_message,
        },
    };
    (status, Json(health)).into_response()
}

fn word(healthy: bool) -> &'static str {
    if healthy { "healthy" } else { "unhealthy" }
}
