use serde::{Deserialize, Serialize};

use crate::markdown;

/// Why nothing of a document could be converted. The document is at fault (or, for
/// [`ConvertError::OcrUnavailable`], the installation): the same bytes and options fail again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum ConvertError {
    /// The bytes are of no type that can be converted.
    #[error(
        "this type of file is not supported; send a PDF, an Office file, a web page, an e-mail, text or an image"
    )]
    UnsupportedType,
    /// The type is known, the content is broken.
    #[error("the document cannot be read: {reason}")]
    InvalidDocument {
        /// What is wrong with it.
        reason: String,
    },
    /// A password is needed to open the document.
    #[error("the document is protected by a password; remove the password and send it again")]
    PasswordProtected,
    /// The document is sound and holds no text.
    #[error("the document is empty: {reason}")]
    EmptyDocument {
        /// Why it counts as empty.
        reason: String,
    },
    /// The document is pictures of text, and no OCR can be used.
    #[error("the document needs OCR, which is not available: {reason}")]
    OcrUnavailable {
        /// What to install or to switch on.
        reason: String,
    },
    /// The document has more bytes than allowed.
    #[error("the document has {bytes} bytes; at most {limit} are allowed")]
    TooLarge {
        /// Bytes of the document.
        bytes: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// The document has more pages than allowed.
    #[error("the document has {pages} pages; at most {limit} are allowed")]
    TooManyPages {
        /// Pages of the document.
        pages: u64,
        /// Pages allowed.
        limit: u64,
    },
    /// A budget was used up: expansion, nesting, pixels, output.
    #[error("the document exceeds a limit: {what}")]
    LimitExceeded {
        /// The budget and its size, in words.
        what: String,
    },
}

/// Characters of a reason; more would be the document itself.
const REASON: usize = 300;

impl ConvertError {
    /// The same error without what a library has quoted of the document and a terminal would obey.
    pub(crate) fn printable(self) -> Self {
        match self {
            Self::InvalidDocument { reason } => Self::InvalidDocument {
                reason: shown(reason),
            },
            Self::LimitExceeded { what } => Self::LimitExceeded { what: shown(what) },
            other => other,
        }
    }

    /// The stable machine-readable name.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnsupportedType => "unsupported_type",
            Self::InvalidDocument { .. } => "invalid_document",
            Self::PasswordProtected => "password_protected",
            Self::EmptyDocument { .. } => "empty_document",
            Self::OcrUnavailable { .. } => "ocr_unavailable",
            Self::TooLarge { .. } => "too_large",
            Self::TooManyPages { .. } => "too_many_pages",
            Self::LimitExceeded { .. } => "limit_exceeded",
        }
    }
}

fn shown(reason: String) -> String {
    let reason = markdown::printable(reason);
    match reason.char_indices().nth(REASON) {
        Some((end, _)) => format!("{}…", reason.get(..end).unwrap_or_default()),
        None => reason,
    }
}
