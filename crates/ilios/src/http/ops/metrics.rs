use std::fmt;
use std::time::Duration;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

use crate::app::App;
use crate::engine::ServiceState;
use crate::http::HttpState;
use crate::http::respond::problem::{Problem, ProblemBody};
use crate::store::QueueState;

/// Jobs that are counted; a longer queue is told as this long.
const COUNTED: u64 = 1_000_000;
/// How old the length of the queue may be where it is that of a replica.
const RECENT: Duration = Duration::from_secs(1);
/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);
/// <https://github.com/prometheus/OpenMetrics>, version 1.0.
const FORMAT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

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
        (status = 401, description = "The API key is missing or wrong", body = ProblemBody),
    ),
)]
pub(in crate::http) async fn metrics(State(state): State<HttpState>) -> Result<Response, Problem> {
    let app = &state.app;
    // A node tells of itself also while the database is away.
    let caught_up = tokio::time::timeout(PATIENCE, app.store.catch_up(RECENT)).await;
    let up = matches!(caught_up, Ok(Ok(_)));
    let queue = app.store.queue_state(COUNTED).await.ok();
    let mut text = String::new();
    encode(&mut text, &registry(app, queue, up)).map_err(|fmt::Error| Problem::internal("metrics"))?;
    Ok(([(CONTENT_TYPE, FORMAT)], text).into_response())
}

fn registry(app: &App, queue: Option<QueueState>, up: bool) -> Registry {
    let mut registry = Registry::with_prefix("ilios");
    let version = [("version", env!("CARGO_PKG_VERSION"))];
    registry.register("build", "The version that runs", Info::new(version));
    let up = i64::from(up && queue.is_some());
    let help = "Whether this node reaches the database";
    registry.register("database_up", help, ConstGauge::new(up));
    if let Some(age) = app.store.copy_age() {
        let help = "Seconds since the replica was last brought up to date";
        let age = ConstGauge::new(age.as_secs_f64());
        registry.register("replica_age_seconds", help, age);
    }
    if let Some(queue) = queue {
        let jobs = gauges(
            "state",
            [("pending", queue.pending), ("processing", queue.processing)],
        );
        registry.register("queue_jobs", "Jobs of the whole system", jobs);
    }
    let attempts = Family::<Label, Counter>::default();
    for (outcome, count) in app.signals.tally.counts() {
        attempts.get_or_create(&[("outcome", outcome)]).inc_by(count);
    }
    let help = "Attempts of this node, by what became of them";
    registry.register("attempts", help, attempts);
    let (running, waiting) = app.admission.state();
    let conversions = gauges(
        "state",
        [("running", running as u64), ("waiting", waiting as u64)],
    );
    let help = "Conversions of this node whose clients wait for the result";
    registry.register("conversions", help, conversions);
    if let Some(service) = app.engine.service() {
        let healthy = i64::from(matches!(service, ServiceState::Healthy));
        registry.register(
            "mistral_up",
            "Whether Mistral takes documents",
            ConstGauge::new(healthy),
        );
    }
    registry
}

/// The name of a label and its value.
type Label = [(&'static str, &'static str); 1];

fn gauges<const N: usize>(label: &'static str, numbers: [(&'static str, u64); N]) -> Family<Label, Gauge> {
    let family = Family::<Label, Gauge>::default();
    for (value, number) in numbers {
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        family.get_or_create(&[(label, value)]).set(number);
    }
    family
}
