use std::cell::OnceCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro::hayro_syntax::Pdf;
use unpdf::parser::backend::{PageId, PdfBackend};
use unpdf::{ErrorKind, ParseOptions, PdfParser};

use super::attachments::Attachments;
use super::backend::Backend;
use super::encryption::{self, OpenError};
use super::guards::{FontGuard, check_object_streams};
use crate::{ConvertError, Limits};

/// Open PDF: parsed by the library that reads text and, when first needed, by the one that renders pages. Each repairs
/// other kinds of damage, so it is enough if one of them opens the file.
pub(super) struct Source<'a> {
    bytes: &'a [u8],
    pub(super) text: Option<TextSource>,
    renderer: OnceCell<Result<Pdf, OpenError>>,
    table_parser: OnceCell<Option<PdfParser>>,
}

/// Document as the text library holds it.
pub(super) struct TextSource {
    pub(super) backend: Backend,
    /// Ids of the pages in document order.
    pub(super) pages: Vec<PageId>,
}

impl<'a> Source<'a> {
    /// Opens a document.
    ///
    /// # Errors
    /// `PasswordProtected` if an empty password does not open it, `UnsupportedEncryption` if none does, `InvalidDocument` if
    /// neither library finds a page,
    /// `LimitExceeded` if a font maps more codes than there can be, or streams decode to more than they should.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, ConvertError> {
        check_object_streams(bytes)?;
        let text = catch_panics(|| {
            Backend::load(bytes).map(|backend| {
                let pages = backend.pages().into_values().collect();
                TextSource { backend, pages }
            })
        });
        // Whether a password is missing is decided below, since the other library may open the file without one.
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
            renderer: OnceCell::new(),
            table_parser: OnceCell::new(),
        };
        source.check_fonts()?;
        // A file with at least one page is converted, however damaged; its unreadable pages become warnings.
        match source.page_count() {
            0 => Err(match source.opened_renderer() {
                Err(OpenError::Invalid) | Ok(_) if locked => ConvertError::PasswordProtected,
                Err(error) => error.into_error(reason),
                Ok(_) => ConvertError::InvalidDocument { reason },
            }),
            _ => Ok(source),
        }
    }

    /// Checks the fonts before a library expands them. A document that cannot be opened here passes.
    fn check_fonts(&self) -> Result<(), ConvertError> {
        let Some(pdf) = self.renderer() else { return Ok(()) };
        catch_panics(|| FontGuard::check_document(pdf)).unwrap_or(Ok(()))
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

    /// Number of pages; the larger one where the libraries disagree over a damaged file.
    pub(super) fn page_count(&self) -> u32 {
        let text = self.text.as_ref().map_or(0, |text| text.pages.len());
        let rendered = match &self.text {
            Some(text) if text.is_complete() => 0,
            _ => self.renderer().map_or(0, |pdf| pdf.pages().len()),
        };
        u32::try_from(text.max(rendered)).unwrap_or(u32::MAX)
    }

    /// Document of the rendering library. Parsed at the first call, since most documents never need it.
    pub(super) fn renderer(&self) -> Option<&Pdf> {
        self.opened_renderer()
            .as_ref()
            .ok()
            .filter(|pdf| !pdf.pages().is_empty())
    }

    /// Files that the document holds.
    pub(super) fn attachments(&self) -> Attachments {
        let found = self
            .renderer()
            .and_then(|pdf| catch_panics(|| Attachments::read(pdf)));
        found.unwrap_or_default()
    }

    fn opened_renderer(&self) -> &Result<Pdf, OpenError> {
        self.renderer.get_or_init(|| {
            catch_panics(|| encryption::open(self.bytes.to_vec())).unwrap_or(Err(OpenError::Invalid))
        })
    }

    /// The text library's parser of whole pages, the only part of it that finds tables by their ruling lines. Parses
    /// the file a second time, so it is opened only for pages with such lines.
    pub(super) fn table_parser(&self) -> Option<&PdfParser> {
        self.table_parser
            .get_or_init(|| {
                let options = ParseOptions::new().sequential();
                catch_panics(|| PdfParser::from_bytes_with_options(self.bytes, options)).and_then(Result::ok)
            })
            .as_ref()
    }
}

impl TextSource {
    /// Returns true if no part of the page tree is known to be missing.
    fn is_complete(&self) -> bool {
        let found = self.backend.integrity();
        !found.pages_incomplete() && !found.xref_reconstructed
    }
}

/// Runs library code on hostile bytes and returns `None` if it panics.
pub(super) fn catch_panics<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}
