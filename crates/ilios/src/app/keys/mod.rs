//! Tenants and API keys: who a request is from, and their administration.

mod audit_log;
mod key_admin;
mod key_cache;
mod resolve_caller;
mod test_data;

pub use key_admin::{CreateKey, KeyAdmin, KeyError, MadeKey, RotateKey};
pub(super) use key_cache::KeyCache;
pub use resolve_caller::CallerError;
pub(super) use test_data::allowed_retention;
