use serde::Serialize;
use utoipa::ToSchema;

/// Documents of a batch by status. An archived document counts as what it was before.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Progress)]
pub(in crate::http) struct ProgressFields {
    /// All of them.
    total: u64,
    /// Not begun.
    pending: u64,
    /// A worker is at them, or they wait for another attempt.
    processing: u64,
    /// Converted.
    completed: u64,
    /// Given up.
    failed: u64,
}
