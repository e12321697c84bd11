use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::HttpState;
use crate::model::Timestamp;

/// A database that takes longer to answer counts as unhealthy.
const PATIENCE: Duration = Duration::from_secs(2);

/// Whether the server can work.
#[derive(Serialize, ToSchema)]
pub(super) struct Health {
    /// `healthy` or `unhealthy`.
    status: &'static str,
    #[schema(value_type = String, format = DateTime)]
    timestamp: Timestamp,
    services: Services,
}

/// What the server stands on.
#[derive(Serialize, ToSchema)]
pub(super) struct Services {
    /// `healthy` or `unhealthy`.
    database: &'static str,
    /// `disabled`: there is no object store.
    s3: &'static str,
}

/// Tells whether the server can work
#[utoipa::path(
    get,
    path = "/health",
    tag = "server",
    security(()),
    responses(
        (status = 200, description = "It can", body = Health),
        (status = 503, description = "It cannot", body = Health),
    ),
)]
pub(super) async fn health(State(state): State<HttpState>) -> Response {
    let healthy = matches!(
        tokio::time::timeout(PATIENCE, state.app.store.ping()).await,
        Ok(Ok(()))
    );
    let (code, word) = if healthy {
        (StatusCode::OK, "healthy")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "unhealthy")
    };
    let timestamp = state.app.clock.now();
    (
        code,
        Json(Health {
            status: word,
            timestamp,
            services: Services {
                database: word,
                s3: "disabled",
            },
        }),
    )
        .into_response()
}
