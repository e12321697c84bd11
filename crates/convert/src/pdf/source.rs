use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use unpdf::{ErrorKind, ParseOptions, PdfParser};

use crate::ConvertError;

/// One document, opened by the library that reads text and by the one that paints pages. Each repairs
/// other damage, so one of the two is enough.
pub(super) struct Source {
    pub(super) text: Option<PdfParser>,
    pub(super) picture: Option<Pdf>,
}

impl Source {
    /// # Errors
    /// `PasswordProtected` when an empty password does not open it, `InvalidDocument` when neither library
    /// finds a page.
    pub(super) fn open(bytes: &[u8]) -> Result<Self, ConvertError> {
        let text = guarded(|| PdfParser::from_bytes_with_options(bytes, ParseOptions::new().sequential()));
        let picture = guarded(|| Pdf::new(bytes.to_vec()));
        let text_locked = matches!(
            &text,
            Some(Err(error)) if matches!(error.kind(), ErrorKind::Encrypted | ErrorKind::InvalidPassword)
        );
        let picture_locked = matches!(
            &picture,
            Some(Err(LoadPdfError::Decryption(DecryptionError::PasswordProtected)))
        );
        let reason = match &text {
            Some(Err(error)) => error.to_string(),
            _ => "it has no pages".into(),
        };
        let source = Self {
            text: text.and_then(Result::ok).filter(|parser| parser.page_count() > 0),
            picture: picture.and_then(Result::ok).filter(|pdf| !pdf.pages().is_empty()),
        };
        match source.page_count() {
            0 if text_locked || picture_locked => Err(ConvertError::PasswordProtected),
            0 => Err(ConvertError::InvalidDocument { reason }),
            _ => Ok(source),
        }
    }

    /// Pages of the document; the larger count where the libraries differ over a damaged page tree.
    pub(super) fn page_count(&self) -> u32 {
        let text = self.text.as_ref().map_or(0, PdfParser::page_count);
        let picture = self
            .picture
            .as_ref()
            .map_or(0, |pdf| u32::try_from(pdf.pages().len()).unwrap_or(u32::MAX));
        text.max(picture)
    }
}

/// Runs library code on hostile bytes; `None` is a panic.
pub(super) fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}
