use std::time::Duration;

use ilios_convert::ConvertError;

/// Reason a document was not converted.
#[derive(Debug, Clone, thiserror::Error)]
pub enum EngineError {
    /// The document is at fault.
    #[error(transparent)]
    Document(#[from] ConvertError),
    /// The document took longer than allowed; it was stopped.
    #[error("the conversion took longer than {} s and was stopped", .0.as_secs())]
    Timeout(Duration),
    /// The document needs more memory than one conversion may have.
    #[error("the conversion needs more memory than the server allows and was stopped")]
    OutOfMemory,
    /// The conversion went beyond another limit than time and memory.
    #[error("the conversion was stopped: {0}")]
    LimitExceeded(&'static str),
    /// The converter died of the document.
    #[error("the converter crashed on this document")]
    Crashed,
    /// The engine cannot work now; the document is not at fault.
    #[error("the engine is unavailable: {0}")]
    Unavailable(String),
    /// The service that was asked takes no documents now, whichever they are. No attempt is spent.
    #[error("{reason}")]
    Waiting {
        /// Reason for the operator; names no document.
        reason: String,
        /// Time after which a retry may help.
        after: Duration,
    },
    /// The service failed on this document, time and again, while it works for others, or its answer cannot be
    /// the whole document.
    #[error("Mistral gave no usable answer: {0}")]
    ServiceFailed(String),
    /// The service does not take this document, and says why.
    #[error("Mistral refuses the document: {0}")]
    Refused(String),
    /// The engine that is asked for is not set up.
    #[error("Mistral OCR is not set up on this server")]
    NotSetUp,
    /// There is no tokenizer by the name that is asked for.
    #[error("tokenizer takes {known}")]
    NoTokenizer {
        /// Names of those there are, with commas.
        known: String,
    },
}

/// Action of the caller after a failed conversion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disposition {
    /// Try again later.
    Retry,
    /// Try again after this span, however often: the document has nothing to do with it.
    Postpone(Duration),
    /// Tell the client: the same document fails again.
    Reject,
}

impl EngineError {
    /// The stable name of the fault.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Document(error) => error.code(),
            Self::Timeout(_) => "timeout",
            Self::OutOfMemory => "out_of_memory",
            Self::LimitExceeded(_) => "limit_exceeded",
            Self::Crashed => "converter_crashed",
            Self::Unavailable(_) | Self::Waiting { .. } => "unavailable",
            Self::ServiceFailed(_) => "service_failed",
            Self::Refused(_) => "refused_by_service",
            Self::NotSetUp => "engine_not_set_up",
            Self::NoTokenizer { .. } => "invalid_parameter",
        }
    }

    /// Action of the caller.
    #[must_use]
    pub fn disposition(&self) -> Disposition {
        match self {
            Self::Unavailable(_) | Self::ServiceFailed(_) => Disposition::Retry,
            Self::Waiting { after, .. } => Disposition::Postpone(*after),
            Self::Document(_)
            | Self::Timeout(_)
            | Self::OutOfMemory
            | Self::LimitExceeded(_)
            | Self::Crashed
            | Self::Refused(_)
            | Self::NotSetUp
            | Self::NoTokenizer { .. } => Disposition::Reject,
        }
    }
}
