//! The pages for those who run the server: health, probes, metrics, the console at `/` and the
//! description of the API at `/docs`.

pub(super) mod console;
pub(super) mod docs;
pub(super) mod health;
pub(super) mod metrics;
pub(super) mod probes;
mod web_file;
