use std::fmt;
use std::time::Duration;

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

/// <https://github.com/prometheus/OpenMetrics>, version 1.0.
pub const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Figures of a node, and of the queue that it shares with others.
#[derive(Debug)]
pub struct Figures {
    /// True if this node reaches the database.
    pub database_up: bool,
    /// Time since the replica was last brought up to date, where there is one.
    pub replica_age: Option<Duration>,
    /// Jobs of the whole system, where they could be counted.
    pub jobs: Option<Jobs>,
    /// Attempts of this node, by what became of them.
    pub attempts: [(&'static str, u64); 4],
    /// Conversions of this node that run while their clients wait.
    pub running: usize,
    /// Conversions that wait to run.
    pub waiting: usize,
    /// True if Mistral takes documents; `None` where it is not set up.
    pub mistral_up: Option<bool>,
}

/// Jobs by state.
#[derive(Debug, Clone, Copy)]
pub struct Jobs {
    /// Jobs that nobody works on.
    pub pending: u64,
    /// Jobs that a worker has.
    pub processing: u64,
}

/// `figures` as Prometheus reads them, in the format [`OPEN_METRICS`].
///
/// # Errors
/// [`fmt::Error`] if they cannot be written.
pub fn open_metrics(figures: &Figures) -> Result<String, fmt::Error> {
    let mut text = String::new();
    encode(&mut text, &registry(figures))?;
    Ok(text)
}

fn registry(figures: &Figures) -> Registry {
    let mut registry = Registry::with_prefix("ilios");
    let version = [("version", env!("CARGO_PKG_VERSION"))];
    registry.register("build", "The version that runs", Info::new(version));
    let up = ConstGauge::new(i64::from(figures.database_up));
    registry.register("database_up", "Whether this node reaches the database", up);
    if let Some(age) = figures.replica_age {
        let help = "Seconds since the replica was last brought up to date";
        registry.register("replica_age_seconds", help, ConstGauge::new(age.as_secs_f64()));
    }
    if let Some(jobs) = figures.jobs {
        let jobs = gauges(
            "state",
            [("pending", jobs.pending), ("processing", jobs.processing)],
        );
        registry.register("queue_jobs", "Jobs of the whole system", jobs);
    }
    let attempts = Family::<Label, Counter>::default();
    for (outcome, count) in figures.attempts {
        attempts.get_or_create(&[("outcome", outcome)]).inc_by(count);
    }
    let help = "Attempts of this node, by what became of them";
    registry.register("attempts", help, attempts);
    let states = [
        ("running", figures.running as u64),
        ("waiting", figures.waiting as u64),
    ];
    let help = "Conversions of this node whose clients wait for the result";
    registry.register("conversions", help, gauges("state", states));
    if let Some(up) = figures.mistral_up {
        let up = ConstGauge::new(i64::from(up));
        registry.register("mistral_up", "Whether Mistral takes documents", up);
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
