use serde::Serialize;

use super::{Id, Priority, Status, Tenant, Timestamp};

/// Documents that were sent together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Its id.
    pub id: Id,
    /// Owner.
    pub tenant: Tenant,
    /// Priority of its documents.
    pub priority: Priority,
    /// `pending` until a worker begins, `processing` until every document has ended, then `failed` when all of
    /// them failed and `completed` otherwise.
    pub status: Status,
    /// Time at which it was accepted.
    pub created_at: Timestamp,
    /// Time at which its last document ended.
    pub completed_at: Option<Timestamp>,
    /// Progress of its documents.
    pub progress: Progress,
}

/// Documents of a batch by status. An archived document counts as what it was before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// All of them.
    pub total: u64,
    /// Not begun.
    pub pending: u64,
    /// A worker is at them, or they wait for another attempt.
    pub processing: u64,
    /// Converted.
    pub completed: u64,
    /// Given up.
    pub failed: u64,
}
