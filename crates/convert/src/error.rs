use serde::{Deserialize, Serialize};

use crate::Format;
use crate::write::markdown;

/// Reason why nothing of a document could be converted. The fault is permanent: the same bytes and options fail again.
/// The document is the cause, except for [`ConvertError::OcrUnavailable`], where it is the installation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum ConvertError {
    /// The bytes are of no supported format.
    #[error(
        "this type of file is not supported; send a PDF, an Office file, a web page, an e-mail, text or an image"
    )]
    UnsupportedType,
    /// The format is known, the content is broken.
    #[error("the document cannot be read: {reason}")]
    InvalidDocument {
        /// Defect, in words.
        reason: String,
    },
    /// A password is needed to open the document.
    #[error("the document is protected by a password; remove the password and send it again")]
    PasswordProtected,
    /// The document is encrypted for the holders of certificates, or by a method that is not known.
    #[error(
        "the document is encrypted in a way that no password opens, such as for certificates; remove the encryption and \
         send it again"
    )]
    UnsupportedEncryption,
    /// The document is sound and contains no text.
    #[error("the document is empty: {reason}")]
    EmptyDocument {
        /// Reason why it counts as empty, in words.
        reason: String,
    },
    /// The document consists of images of text, and OCR is unavailable or switched off.
    #[error("the document needs OCR, which is not available: {reason}")]
    OcrUnavailable {
        /// Program to install or option to switch on, in words.
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
    /// Pages were asked for of a document that has nothing to select.
    #[error("pages were asked for, and a document of the format {} has none to select", format.name())]
    PagesNotSupported {
        /// Format of the document.
        format: Format,
    },
    /// A budget is exceeded: expansion, nesting, pixels, output.
    #[error("the document exceeds a limit: {what}")]
    LimitExceeded {
        /// Budget and its size, in words.
        what: String,
    },
}

/// Characters of a reason, at most: libraries quote the document, which may be large.
const MAX_REASON_CHARS: usize = 300;

impl ConvertError {
    /// Returns the error with control characters removed and its reason shortened: it may quote the document.
    pub(crate) fn printable(self) -> Self {
        match self {
            Self::InvalidDocument { reason } => Self::InvalidDocument {
                reason: sanitized(reason),
            },
            Self::LimitExceeded { what } => Self::LimitExceeded {
                what: sanitized(what),
            },
            other => other,
        }
    }

    /// Stable machine-readable name.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnsupportedType => "unsupported_type",
            Self::InvalidDocument { .. } => "invalid_document",
            Self::PasswordProtected => "password_protected",
            Self::UnsupportedEncryption => "unsupported_encryption",
            Self::EmptyDocument { .. } => "empty_document",
            Self::OcrUnavailable { .. } => "ocr_unavailable",
            Self::TooLarge { .. } => "too_large",
            Self::TooManyPages { .. } => "too_many_pages",
            Self::PagesNotSupported { .. } => "pages_not_supported",
            Self::LimitExceeded { .. } => "limit_exceeded",
        }
    }
}

fn sanitized(reason: String) -> String {
    let reason = markdown::printable(reason);
    match reason.char_indices().nth(MAX_REASON_CHARS) {
        Some((end, _)) => format!("{}…", reason.get(..end).unwrap_or_default()),
        None => reason,
    }
}
