use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro::hayro_syntax::Pdf;

use super::attachments::Attachments;
use super::encryption::{self, OpenError};
use super::guards::{FontGuard, check_object_streams};
use crate::{ConvertError, Limits};

/// Open PDF.
pub(super) struct Source {
    pdf: Pdf,
}

impl Source {
    /// Opens a document.
    ///
    /// # Errors
    /// `PasswordProtected` if an empty password does not open it, `UnsupportedEncryption` if none does, `InvalidDocument` if
    /// no page is found, `LimitExceeded` if a font maps more codes than there can be, or streams decode to more than they
    /// should.
    pub(super) fn open(bytes: &[u8]) -> Result<Self, ConvertError> {
        check_object_streams(bytes)?;
        let pdf = catch_panics(|| encryption::open(bytes.to_vec())).unwrap_or(Err(OpenError::Invalid));
        let pdf = pdf.map_err(|error| error.into_error("its structure is broken"))?;
        // A file with at least one page is converted, however damaged; its unreadable pages become warnings.
        if pdf.pages().is_empty() {
            return Err(OpenError::Invalid.into_error("it has no pages"));
        }
        catch_panics(|| FontGuard::check_document(&pdf)).unwrap_or(Ok(()))?;
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

    /// Files that the document holds.
    pub(super) fn attachments(&self) -> Attachments {
        catch_panics(|| Attachments::read(&self.pdf)).unwrap_or_default()
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
