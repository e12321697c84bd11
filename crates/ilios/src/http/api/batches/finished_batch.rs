use crate::http::HttpState;
use crate::model::{Batch, Document, Tenant};

/// Batch that has ended, with its documents in the order in which they were sent.
pub(super) struct FinishedBatch {
    pub(super) state: HttpState,
    pub(super) tenant: Tenant,
    pub(super) batch: Batch,
    pub(super) documents: Vec<Document>,
}
