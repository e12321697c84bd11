//! The pages for those who run the server: health, probes, metrics, and the console at `/`.

pub(super) mod console;
pub(super) mod health;
pub(super) mod metrics;
pub(super) mod probes;
