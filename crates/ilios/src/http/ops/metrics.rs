use std::fmt;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use crate::http::HttpState;
use crate::http::respond::problem::Problem;
use crate::telemetry::{OPEN_METRICS, open_metrics};

/// Get metrics for Prometheus
///
/// The length of the queue is that of the whole system, everything else that of the node that is asked.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "server",
    responses(
        (status = 200, description = "In the text format of OpenMetrics, as Prometheus reads it",
            body = String, content_type = "application/openmetrics-text"),
    ),
)]
pub(in crate::http) async fn metrics(State(state): State<HttpState>) -> Result<Response, Problem> {
    let figures = state.app.figures().await;
    let text = open_metrics(&figures).map_err(|fmt::Error| Problem::internal("metrics"))?;
    Ok(([(CONTENT_TYPE, OPEN_METRICS)], text).into_response())
}
