//! What converts documents: the trait, and the local engine that runs in disposable children.

mod child;
mod local;
mod pages;
mod pdf_parts;
mod progress;
mod protocol;
mod session;
mod tesseract;

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use ilios_convert::{Conversion, ConvertError, Options};

use crate::model::FileName;
use crate::spool::Spooled;

pub use child::run_child;
pub use local::{LocalEngine, LocalEngineSettings};
pub use progress::Progress;
pub use tesseract::{Tesseract, TesseractStatus};

/// Converts documents. An engine knows neither the store nor prices.
pub trait Engine: Send + Sync {
    /// Converts one document, off the runtime's threads and within a deadline of its own.
    fn convert<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Converted, EngineError>>;
}

/// One document to convert.
#[derive(Debug, Clone)]
pub struct Request {
    /// Its bytes.
    pub file: Arc<Spooled>,
    /// Its name, which decides the type where the bytes do not.
    pub file_name: FileName,
    /// What the client wants.
    pub options: Options,
    /// Told how far the conversion has come.
    pub progress: Progress,
}

/// A converted document.
#[derive(Debug, Clone)]
pub struct Converted {
    /// What came out.
    pub conversion: Conversion,
    /// The engine's name: `local`.
    pub engine: &'static str,
    /// The engine's model, with its version.
    pub model: String,
}

/// Why a document was not converted.
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
}

/// What the caller of a failed conversion does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disposition {
    /// Try again later.
    Retry,
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
            Self::Unavailable(_) => "unavailable",
        }
    }

    /// What the caller does next.
    #[must_use]
    pub fn disposition(&self) -> Disposition {
        match self {
            Self::Unavailable(_) => Disposition::Retry,
            Self::Document(_)
            | Self::Timeout(_)
            | Self::OutOfMemory
            | Self::LimitExceeded(_)
            | Self::Crashed => Disposition::Reject,
        }
    }
}
