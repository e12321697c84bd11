//! A conversion as its child sends it, page by page.

use ilios_convert::{Conversion, DocumentInfo, Page, PageRanges, Partial, Warning};
use ilios_sandbox::{Frame, FrameError};

use super::answers::{Answers, Step};
use super::protocol::{AT, At, BEGUN, CONVERSION, PAGE, PageDone, ProtocolError, decode};
use super::{EngineError, Progress};

/// Page numbers between the last page that is done and the one ahead, at the most: few, but not all may be chosen.
const MOST_AHEAD: usize = 10_000;

/// Collects the pages of one conversion.
pub(super) struct Pages {
    progress: Progress,
    document: Option<DocumentInfo>,
    at: Option<At>,
    pages: Vec<Page>,
    warnings: Vec<Warning>,
    bytes: usize,
    /// Bytes that all pages together may have: the child counts, too, but it may not be itself any more.
    max_bytes: usize,
}

impl Pages {
    pub(super) fn new(progress: Progress, max_bytes: usize) -> Self {
        Self {
            progress,
            document: None,
            at: None,
            pages: Vec::new(),
            warnings: Vec::new(),
            bytes: 0,
            max_bytes,
        }
    }

    /// The pages that were looked at without harm before one ahead of them ended the conversion, and are not here yet.
    pub(super) fn unfinished(&self, chosen: Option<&PageRanges>) -> Option<PageRanges> {
        let at = self.at.filter(|at| at.ahead)?;
        let done = self.pages.last().map_or(0, |page| page.number);
        // A child that is not itself any more may name any page.
        let looked_at = (done.saturating_add(1)..at.page).take(MOST_AHEAD);
        PageRanges::of(looked_at.filter(|page| chosen.is_none_or(|chosen| chosen.contains(*page))))
    }

    /// Adds pages that another child has converted.
    pub(super) fn add(&mut self, conversion: Conversion) {
        self.pages.extend(conversion.pages);
        self.warnings.extend(conversion.warnings);
    }

    /// What is there of a conversion that `error` has ended; `None` when no page has text.
    pub(super) fn kept(self, error: &EngineError) -> Option<Conversion> {
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

impl Answers<Conversion> for Pages {
    async fn take(&mut self, frame: Frame) -> Result<Step<Conversion>, ProtocolError> {
        match frame.kind {
            BEGUN => {
                let document: DocumentInfo = decode(BEGUN, &frame)?;
                self.progress.begin(document.pages);
                self.document = Some(document);
            }
            AT => self.at = Some(decode(AT, &frame)?),
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
