use super::{Batch, Id, Tenant, Timestamp};

/// Batch that was asked for as a list of requests to read documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OcrJob {
    /// Its id, which is that of its batch.
    pub id: Id,
    /// Owner.
    pub tenant: Tenant,
    /// Facts about the request, in the words of the interface that has taken it.
    pub details: String,
    /// Time at which it was accepted.
    pub created_at: Timestamp,
    /// Reason it was stopped.
    pub stopped: Option<StopReason>,
}

/// A job with the batch that it is.
pub type OcrJobWithBatch = (OcrJob, Batch);

/// Reason a job was stopped before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopReason {
    /// Its owner has cancelled it.
    Cancelled,
    /// It has taken longer than its owner allows.
    Overdue,
}

impl StopReason {
    /// The reason as it is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::Overdue => "overdue",
        }
    }

    /// The reason that is stored as `text`.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        [Self::Cancelled, Self::Overdue]
            .into_iter()
            .find(|reason| reason.as_str() == text)
    }
}
