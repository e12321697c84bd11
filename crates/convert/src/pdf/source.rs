use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use crate::{ConvertError, Limits};

/// Open PDF.
pub(super) struct Source {
    pdf: Pdf,
}

impl Source {
    /// Opens a document.
    ///
    /// # Errors
    /// `PasswordProtected` if an empty password does not open it, `InvalidDocument` if no page is found.
    pub(super) fn open(bytes: &[u8]) -> Result<Self, ConvertError> {
        let invalid = |reason: &str| ConvertError::InvalidDocument {
            reason: reason.into(),
        };
        let pdf =
            catch_panics(|| Pdf::new(bytes.to_vec())).ok_or_else(|| invalid("its structure is broken"))?;
        let pdf = pdf.map_err(|error| match error {
            LoadPdfError::Decryption(DecryptionError::PasswordProtected) => ConvertError::PasswordProtected,
            LoadPdfError::Decryption(_) => invalid("its encryption is not known"),
            LoadPdfError::Invalid => invalid("its structure is broken"),
        })?;
        // A file with at least one page is converted, however damaged; its unreadable pages become warnings.
        if pdf.pages().is_empty() {
            return Err(invalid("it has no pages"));
        }
        Ok(Self { pdf })
    }

    /// As [`Self::page_count`].
    ///
    /// # Errors
    /// `TooManyPages`.
    pub(super) fn page_count_within(&self, limits: &Limits) -> Result<u32, ConvertError> {
        let count = self.page_count();
        limits.check_pages(usize::try_from(count).unwrap_or(usize::MAX))?;
        Ok(count)
    }

    /// Number of pages.
    pub(super) fn page_count(&self) -> u32 {
        u32::try_from(self.pdf.pages().len()).unwrap_or(u32::MAX)
    }

    /// Open document.
    pub(super) fn pdf(&self) -> &Pdf {
        &self.pdf
    }
}

/// Runs library code on hostile bytes and returns `None` if it panics.
pub(super) fn catch_panics<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}
