//! Connections, and what every request passes before it reaches its route: limits, host and origin, its id, the log.

pub(super) mod address;
pub(super) mod connections;
mod framing;
pub(super) mod heads;
pub(super) mod host;
mod lingering;
pub(super) mod origins;
pub(super) mod request_log;
pub(super) mod requests;
pub(super) mod slow_bodies;
mod watched;
