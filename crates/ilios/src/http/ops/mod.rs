//! The pages for those who run the server: health, probes, metrics, and the page at `/`.

pub(super) mod health;
pub(super) mod landing;
pub(super) mod metrics;
pub(super) mod probes;
