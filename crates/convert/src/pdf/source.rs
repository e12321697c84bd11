use std::cell::OnceCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use unpdf::parser::backend::{PageId, PdfBackend};
use unpdf::{ErrorKind, ParseOptions, PdfParser};

use super::backend::Backend;
use super::fonts;
use crate::ConvertError;

/// One document, opened by the library that reads text and, once it is needed, by the one that paints pages.
/// Each repairs other damage, so one of the two is enough.
pub(super) struct Source<'a> {
    bytes: &'a [u8],
    pub(super) text: Option<Text>,
    picture: OnceCell<Result<Pdf, LoadPdfError>>,
    ruled: OnceCell<Option<PdfParser>>,
}

/// The document as the text library holds it.
pub(super) struct Text {
    pub(super) backend: Backend,
    /// The ids of the pages in their order.
    pub(super) pages: Vec<PageId>,
}

impl<'a> Source<'a> {
    /// # Errors
    /// `PasswordProtected` when an empty password does not open it, `InvalidDocument` when neither library
    /// finds a page, `LimitExceeded` when its fonts map more than there can be.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, ConvertError> {
        guarded(|| fonts::check(bytes)).unwrap_or(Ok(()))?;
        let text = guarded(|| {
            Backend::load(bytes).map(|backend| {
                let pages = backend.pages().into_values().collect();
                Text { backend, pages }
            })
        });
        let locked = matches!(
            &text,
            Some(Err(error)) if matches!(error.kind(), ErrorKind::Encrypted | ErrorKind::InvalidPassword)
        );
        let reason = match &text {
            Some(Err(error)) => error.to_string(),
            _ => "it has no pages".into(),
        };
        let source = Self {
            bytes,
            text: text.and_then(Result::ok).filter(|text| !text.pages.is_empty()),
            picture: OnceCell::new(),
            ruled: OnceCell::new(),
        };
        match source.page_count() {
            0 if locked || source.picture_locked() => Err(ConvertError::PasswordProtected),
            0 => Err(ConvertError::InvalidDocument { reason }),
            _ => Ok(source),
        }
    }

    /// Pages of the document; the larger count where the libraries differ over a damaged file.
    pub(super) fn page_count(&self) -> u32 {
        let text = self.text.as_ref().map_or(0, |text| text.pages.len());
        let picture = match &self.text {
            Some(text) if text.whole() => 0,
            _ => self.picture().map_or(0, |pdf| pdf.pages().len()),
        };
        u32::try_from(text.max(picture)).unwrap_or(u32::MAX)
    }

    /// The document for painting. It is parsed at the first call: most documents never need it.
    pub(super) fn picture(&self) -> Option<&Pdf> {
        self.opened_picture()
            .as_ref()
            .ok()
            .filter(|pdf| !pdf.pages().is_empty())
    }

    fn opened_picture(&self) -> &Result<Pdf, LoadPdfError> {
        self.picture
            .get_or_init(|| guarded(|| Pdf::new(self.bytes.to_vec())).unwrap_or(Err(LoadPdfError::Invalid)))
    }

    fn picture_locked(&self) -> bool {
        matches!(
            self.opened_picture(),
            Err(LoadPdfError::Decryption(DecryptionError::PasswordProtected))
        )
    }

    /// The text library's reader of whole pages: the only part of it that knows tables by their rules.
    pub(super) fn ruled(&self) -> Option<&PdfParser> {
        self.ruled
            .get_or_init(|| {
                let options = ParseOptions::new().sequential();
                guarded(|| PdfParser::from_bytes_with_options(self.bytes, options)).and_then(Result::ok)
            })
            .as_ref()
    }
}

impl Text {
    /// Whether nothing of the page tree is known to be missing.
    fn whole(&self) -> bool {
        let found = self.backend.integrity();
        !found.pages_incomplete() && !found.xref_reconstructed
    }
}

/// Runs library code on hostile bytes; `None` is a panic.
pub(super) fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}
