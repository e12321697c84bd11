//! Reads what handlers take from a request, by the same rules for all: its tenant, its name, its fields and its files.

pub(super) mod auth;
pub(super) mod conversion_params;
pub(super) mod field;
pub(super) mod file_form;
pub(super) mod idempotency;
pub(super) mod json_body;
pub(super) mod multipart;
pub(super) mod output_query;
pub(super) mod param_values;
pub(super) mod query;
pub(super) mod raw_body;
pub(super) mod required_scope;
pub(super) mod upload;
