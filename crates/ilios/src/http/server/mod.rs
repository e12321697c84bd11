//! Connections, and what every request passes before it reaches its route: limits, host and origin, its id, the log.

pub(super) mod address;
pub(super) mod connections;
pub(super) mod host;
mod lingering;
mod monitored_connection;
mod observed_body;
pub(super) mod origins;
mod receiving;
pub(super) mod request_id;
pub(super) mod request_log;
pub(super) mod security_headers;
pub(super) mod stalled_body;
