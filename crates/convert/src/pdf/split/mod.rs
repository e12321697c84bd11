//! PDF splitter: copies pages into smaller files, with everything that they show and nothing else.
//!
//! ```text
//!   PdfSplitter::plan(pages)                       PdfSplitter::extract(pages of a part)
//!        └─ part_builder   catalog and layers, then page after page until the next one does not fit
//!             ├─ page            page dictionary, inherited entries, visible parts of annotations
//!             ├─ used_xobjects   for a page that is too large: only the images and forms that it paints
//!             └─ object_copier   every object that these refer to, once; nothing behind other pages
//!                  └─ pdf_writer    objects, cross-reference table, trailer; rolls back a page that did not fit
//! ```

mod object_copier;
mod page;
mod part_builder;
pub(super) mod pdf_writer;
mod used_xobjects;

use std::collections::HashSet;

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::ObjectIdentifier;
use serde::{Deserialize, Serialize};

use super::encryption::{self, OpenError};
use super::guards::check_object_streams;
use super::header;
use super::source::catch_panics;
use crate::{ConvertError, Limits};
use part_builder::PartBuilder;

/// Bytes that the page tree of a part takes for each page.
const PAGE_TREE_ENTRY_BYTES: u64 = 16;

/// Splitter of one PDF.
pub struct PdfSplitter {
    pdf: Pdf,
    pages: HashSet<ObjectIdentifier>,
}

/// Size limits of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartLimits {
    /// Pages, at least one.
    pub pages: u32,
    /// Bytes of the part's file.
    pub bytes: u64,
}

/// Part as it will be extracted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedPart {
    /// 1-based numbers of its pages in the document, in the order of the part.
    pub pages: Vec<u32>,
    /// Size of its file in bytes.
    pub bytes: u64,
}

impl PdfSplitter {
    /// Opens a document. Takes the bytes, since a copy of a large document would double the memory.
    ///
    /// # Errors
    /// `InvalidDocument` (no PDF, broken), `PasswordProtected`, `UnsupportedEncryption`, `TooLarge`, `TooManyPages`,
    /// `LimitExceeded`.
    pub fn open(bytes: Vec<u8>, limits: &Limits) -> Result<Self, ConvertError> {
        limits.check_input(bytes.len())?;
        let document = header::require_document(&bytes)?;
        let bytes = if document.len() == bytes.len() {
            bytes
        } else {
            document.into_owned()
        };
        check_object_streams(&bytes)?;
        let pdf = catch_panics(|| encryption::open(bytes)).unwrap_or(Err(OpenError::Invalid));
        let pdf = pdf.map_err(|error| error.into_error("it is broken"))?;
        limits.check_pages(pdf.pages().len())?;
        let pages = pdf
            .pages()
            .iter()
            .filter_map(|page| page.raw().obj_id())
            .collect();
        Ok(Self { pdf, pages })
    }

    /// Number of pages of the document.
    #[must_use]
    pub fn page_count(&self) -> u32 {
        u32::try_from(self.pdf.pages().len()).unwrap_or(u32::MAX)
    }

    /// Divides the 1-based `pages` into parts, in their order. A part ends before the page that would make it too
    /// large. Deterministic: the same document, pages and limits give the same parts.
    ///
    /// # Errors
    /// `InvalidDocument`: a page is missing or broken. `LimitExceeded`: a single page is larger than a part may be.
    pub fn plan(&self, pages: &[u32], limits: PartLimits) -> Result<Vec<PlannedPart>, ConvertError> {
        let mut planned = Vec::new();
        let mut rest = pages;
        while !rest.is_empty() {
            let part = self.part(rest, limits)?;
            let (pages, later) = rest.split_at_checked(part.pages()).unwrap_or((rest, &[]));
            planned.push(PlannedPart {
                pages: pages.to_vec(),
                bytes: part.finish().len() as u64,
            });
            rest = later;
        }
        Ok(planned)
    }

    /// Extracts the 1-based `pages`, in their order, as a PDF of at most `max_bytes`.
    ///
    /// # Errors
    /// As [`Self::plan`]; `LimitExceeded` also if the pages together are too large.
    pub fn extract(&self, pages: &[u32], max_bytes: u64) -> Result<Vec<u8>, ConvertError> {
        let limits = PartLimits {
            pages: u32::MAX,
            bytes: max_bytes,
        };
        let part = self.part(pages, limits)?;
        if part.pages() < pages.len() {
            let what = format!("{} pages with more than {max_bytes} bytes", pages.len());
            return Err(ConvertError::LimitExceeded { what });
        }
        Ok(part.finish())
    }

    /// As many of the first `pages` as fit.
    fn part(&self, pages: &[u32], limits: PartLimits) -> Result<PartBuilder<'_>, ConvertError> {
        let broken = || invalid("its pages cannot be cut apart");
        catch_panics(|| self.fill(pages, limits)).unwrap_or_else(|| Err(broken()))
    }

    fn fill(&self, pages: &[u32], limits: PartLimits) -> Result<PartBuilder<'_>, ConvertError> {
        let most = usize::try_from(limits.pages.max(1)).unwrap_or(usize::MAX);
        let wanted = pages.len().min(most) as u64;
        let room = limits
            .bytes
            .saturating_sub(wanted.saturating_mul(PAGE_TREE_ENTRY_BYTES));
        let room = usize::try_from(room).unwrap_or(usize::MAX);
        let too_large = |number: u32| ConvertError::LimitExceeded {
            what: format!("page {number} alone has more than {} bytes", limits.bytes),
        };
        let first = pages.first().copied().unwrap_or(1);
        let mut part = PartBuilder::new(&self.pdf, &self.pages, room).map_err(|_| too_large(first))?;
        for &number in pages.iter().take(most) {
            let index = usize::try_from(number)
                .ok()
                .and_then(|number| number.checked_sub(1));
            let page = index.and_then(|index| self.pdf.pages().get(index));
            let page = page.ok_or_else(|| invalid(&format!("page {number} is missing")))?;
            if part.add(page).is_err() {
                if part.pages() == 0 {
                    return Err(too_large(number));
                }
                break;
            }
        }
        Ok(part)
    }
}

fn invalid(reason: &str) -> ConvertError {
    ConvertError::InvalidDocument {
        reason: reason.into(),
    }
}
