//! The operations of the API: a folder a resource, a file an operation.

pub(super) mod admin;
pub(super) mod batches;
pub(super) mod convert;
pub(super) mod documents;
pub(super) mod estimate;
pub(super) mod objects;
pub(super) mod queue;
pub(super) mod usage;
