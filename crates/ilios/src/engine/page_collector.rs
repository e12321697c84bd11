//! A conversion as its child sends it, page by page.

use ilios_convert::{Conversion, DocumentInfo, Page, PageRanges, Partial, Warning};
use ilios_sandbox::{Frame, FrameError};

use super::frame_collector::{FrameCollector, Step};
use super::protocol::{CONVERSION, PAGE, PAGE_START, PageDone, PageStart, ProtocolError, STARTED, decode};
use super::{EngineError, Progress};

/// Page numbers between the last page that is done and the one ahead, at the most: few, but not all may be chosen.
const MAX_LOOKAHEAD_PAGES: usize = 10_000;

/// Collects the pages of one conversion.
pub(super) struct PageCollector {
    progress: Progress,
    document: Option<DocumentInfo>,
    page_start: Option<PageStart>,
    pages: Vec<Page>,
    warnings: Vec<Warning>,
    bytes: usize,
    /// Bytes that all pages together may have: the child counts, too, but it may be compromised.
    max_bytes: usize,
}

impl PageCollector {
    pub(super) fn new(progress: Progress, max_bytes: usize) -> Self {
        Self {
            progress,
            document: None,
            page_start: None,
            pages: Vec::new(),
            warnings: Vec::new(),
            bytes: 0,
            max_bytes,
        }
    }

    /// The pages that were looked at without harm before one ahead of them ended the conversion, and are not here yet.
    pub(super) fn unfinished_pages(&self, chosen: Option<&PageRanges>) -> Option<PageRanges> {
        let at = self.page_start.filter(|at| at.lookahead)?;
        let done = self.pages.last().map_or(0, |page| page.number);
        // A compromised child may name any page.
        let looked_at = (done.saturating_add(1)..at.page).take(MAX_LOOKAHEAD_PAGES);
        PageRanges::of(looked_at.filter(|page| chosen.is_none_or(|chosen| chosen.contains(*page))))
    }

    /// Adds pages that another child has converted.
    pub(super) fn add(&mut self, conversion: Conversion) {
        self.pages.extend(conversion.pages);
        self.warnings.extend(conversion.warnings);
    }

    /// The partial result of a conversion that `error` has ended; `None` when no page has text.
    pub(super) fn into_partial(self, error: &EngineError) -> Option<Conversion> {
        let document = self.document?;
        let last_page = self.pages.last()?.number;
        if self.pages.iter().all(|page| page.markdown.is_empty()) {
            return None;
        }
        let mut warnings = self.warnings;
        warnings.push(Warning::document(format!(
            "the pages after page {last_page} are missing: {error}"
        )));
        Some(Conversion {
            format: document.format,
            metadata: document.metadata,
            pages: self.pages,
            warnings,
            partial: Some(Partial {
                reason: error.code().to_owned(),
                last_page,
            }),
        })
    }

    fn page(&mut self, frame: &Frame) -> Result<(), ProtocolError> {
        self.bytes = self.bytes.saturating_add(frame.bytes.len());
        if self.bytes > self.max_bytes {
            return Err(ProtocolError::Frame(FrameError::TooLarge {
                bytes: self.bytes,
                limit: self.max_bytes,
            }));
        }
        let PageDone { page, warnings } = decode(PAGE, frame)?;
        self.pages.push(page);
        self.warnings.extend(warnings);
        self.progress.page();
        Ok(())
    }
}

impl FrameCollector<Conversion> for PageCollector {
    async fn take(&mut self, frame: Frame) -> Result<Step<Conversion>, ProtocolError> {
        match frame.kind {
            STARTED => {
                let document: DocumentInfo = decode(STARTED, &frame)?;
                self.progress.begin(document.pages);
                self.document = Some(document);
            }
            PAGE_START => self.page_start = Some(decode(PAGE_START, &frame)?),
            PAGE => self.page(&frame)?,
            _ => {
                let mut conversion: Conversion = decode(CONVERSION, &frame)?;
                // Pages that came one by one do not come again.
                if conversion.pages.is_empty() {
                    conversion.pages = std::mem::take(&mut self.pages);
                }
                return Ok(Step::Done(conversion));
            }
        }
        Ok(Step::More)
    }
}
