use crate::engine::EngineError;
use crate::model::Status;
use crate::store::StoreError;

use super::Busy;

/// Why a use case did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The tenant has no such document.
    #[error("there is no such document")]
    NotFound,
    /// The document has no content (yet).
    #[error("the document is {0}; its content can be fetched once it is completed")]
    NotReady(Status),
    /// Too many conversions run and wait.
    #[error(transparent)]
    Busy(#[from] Busy),
    /// The document was not converted.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Reading or writing the database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
