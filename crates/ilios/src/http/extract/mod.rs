//! What handlers take from a request: its tenant, its name, its fields and its files, all read by the same rules.

pub(super) mod auth;
pub(super) mod field;
pub(super) mod file_part;
pub(super) mod form;
pub(super) mod idempotency;
pub(super) mod multipart;
pub(super) mod query;
pub(super) mod sent;
pub(super) mod wishes;
