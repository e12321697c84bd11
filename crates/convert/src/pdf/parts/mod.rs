//! Cuts a PDF into smaller ones: pages copied with everything that they show, and nothing else.

mod copy;
mod file;
mod page;
mod part;
mod used;

use std::collections::HashSet;

use hayro::hayro_syntax::object::ObjectIdentifier;
use hayro::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use serde::{Deserialize, Serialize};

use super::header;
use super::source::guarded;
use crate::{ConvertError, Limits};
use part::Part;

/// Bytes that a part's tree of pages takes for each page.
const TREE_ENTRY: u64 = 16;

/// A PDF of which parts are to be cut.
pub struct PdfParts {
    pdf: Pdf,
    pages: HashSet<ObjectIdentifier>,
}

/// How large a part may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartLimits {
    /// Pages, at least one.
    pub pages: u32,
    /// Bytes of the part's file.
    pub bytes: u64,
}

/// A part as it will be cut.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedPart {
    /// The 1-based numbers that its pages have in the document, in their order.
    pub pages: Vec<u32>,
    /// Bytes of its file.
    pub bytes: u64,
}

impl PdfParts {
    /// Opens a document; it takes the bytes over, for it may be large.
    ///
    /// # Errors
    /// `InvalidDocument` (no PDF, broken), `PasswordProtected`, `TooLarge`, `TooManyPages`.
    pub fn open(bytes: Vec<u8>, limits: &Limits) -> Result<Self, ConvertError> {
        limits.check_input(bytes.len())?;
        let document = header::document(&bytes).ok_or_else(|| invalid("it has no PDF header"))?;
        let bytes = if document.len() == bytes.len() {
            bytes
        } else {
            document.into_owned()
        };
        let pdf = match guarded(|| Pdf::new(bytes)) {
            Some(Ok(pdf)) => pdf,
            Some(Err(LoadPdfError::Decryption(DecryptionError::PasswordProtected))) => {
                return Err(ConvertError::PasswordProtected);
            }
            _ => return Err(invalid("it is broken")),
        };
        limits.check_pages(pdf.pages().len())?;
        let pages = pdf
            .pages()
            .iter()
            .filter_map(|page| page.raw().obj_id())
            .collect();
        Ok(Self { pdf, pages })
    }

    /// Pages of the document.
    #[must_use]
    pub fn page_count(&self) -> u32 {
        u32::try_from(self.pdf.pages().len()).unwrap_or(u32::MAX)
    }

    /// Divides the 1-based `pages` into parts, in their order; a part ends where the next page would make it too
    /// large. The same document, pages and limits give the same parts.
    ///
    /// # Errors
    /// `InvalidDocument`: a page is missing or broken. `LimitExceeded`: a page alone has more bytes than a part
    /// may have.
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

    /// A PDF of the 1-based `pages` alone, in their order, of at most `max_bytes`.
    ///
    /// # Errors
    /// As [`Self::plan`]; `LimitExceeded` also when all pages together are too large.
    pub fn cut(&self, pages: &[u32], max_bytes: u64) -> Result<Vec<u8>, ConvertError> {
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
    fn part(&self, pages: &[u32], limits: PartLimits) -> Result<Part<'_>, ConvertError> {
        let broken = || invalid("its pages cannot be cut apart");
        guarded(|| self.fill(pages, limits)).unwrap_or_else(|| Err(broken()))
    }

    fn fill(&self, pages: &[u32], limits: PartLimits) -> Result<Part<'_>, ConvertError> {
        let most = usize::try_from(limits.pages.max(1)).unwrap_or(usize::MAX);
        let wanted = pages.len().min(most) as u64;
        let room = limits.bytes.saturating_sub(wanted.saturating_mul(TREE_ENTRY));
        let room = usize::try_from(room).unwrap_or(usize::MAX);
        let too_large = |number: u32| ConvertError::LimitExceeded {
            what: format!("page {number} alone has more than {} bytes", limits.bytes),
        };
        let first = pages.first().copied().unwrap_or(1);
        let mut part = Part::new(&self.pdf, &self.pages, room).map_err(|_| too_large(first))?;
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
