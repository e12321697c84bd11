use super::{Id, Tenant, Timestamp};

/// Documents that a provider converts together, at its leisure and for less.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderBatch {
    /// Our id of it, by which the provider's is found again.
    pub id: Id,
    /// The batch that its documents belong to.
    pub batch: Id,
    /// Owner.
    pub tenant: Tenant,
    /// Time at which it was accepted.
    pub created_at: Timestamp,
    /// The provider's id of the uploaded requests, once they are there.
    pub input_file: Option<String>,
    /// Time at which the provider was asked to begin (from then on it may have begun, whether or not its answer came),
    /// or has said that it did.
    pub sent_at: Option<Timestamp>,
    /// The provider's id, once it is known.
    pub provider_id: Option<String>,
    /// Progress at the provider.
    pub progress: ProviderProgress,
    /// Time at which all of it was over.
    pub ended_at: Option<Timestamp>,
}

/// Progress of a provider's batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderProgress {
    /// The provider's word for it, such as `QUEUED` or `RUNNING`; `PENDING` before it has heard of the batch.
    pub status: String,
    /// Requests, once the provider has counted them.
    pub total: u64,
    /// Requests that have ended.
    pub completed: u64,
    /// Those of them that failed.
    pub failed: u64,
}

/// The proof that a node looks after a provider batch, as a lease is for a job.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ProviderBatchLease {
    /// The batch.
    pub id: Id,
    /// Counts the claims.
    pub attempt: i64,
    /// Process that holds the lease.
    pub owner: String,
}

impl ProviderProgress {
    /// Before the provider has heard of it.
    pub const PENDING: &str = "PENDING";
}

impl Default for ProviderProgress {
    fn default() -> Self {
        Self {
            status: Self::PENDING.into(),
            total: 0,
            completed: 0,
            failed: 0,
        }
    }
}
