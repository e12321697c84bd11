use std::collections::VecDeque;

use super::page_class::{PageClass, classify};
use super::page_text::PageText;
use super::source::Source;
use super::{page_layout, raster};
use crate::layout::furniture::{self, Furniture};
use crate::write::finished;
use crate::{ConvertError, Host, Limits, OcrError, OcrMode, Options, Page, PageKind, Warning, ocr};

/// Reads pages in order. Reads the text of a few pages ahead, to find out what repeats on them, and keeps only the
/// Markdown of the pages before.
pub(super) struct PageReader<'a> {
    source: &'a Source<'a>,
    options: &'a Options,
    limits: &'a Limits,
    host: &'a mut dyn Host,
    pages: Vec<Page>,
    warnings: Vec<Warning>,
    /// Number of warnings that the host has been given.
    reported: usize,
    /// Bytes of Markdown so far.
    bytes: usize,
    /// Reason why OCR cannot be used, once it is known: the host is not asked again.
    ocr_unavailable: Option<String>,
    /// Reason for the latest page that could not be read.
    last_failure: Option<String>,
}

/// Result of reading the text layer of one page.
struct ReadPage {
    class: PageClass,
    markdown: String,
}

impl<'a> PageReader<'a> {
    pub(super) fn new(
        source: &'a Source<'a>,
        options: &'a Options,
        limits: &'a Limits,
        host: &'a mut dyn Host,
    ) -> Self {
        let (pages, warnings) = (Vec::new(), Vec::new());
        Self {
            source,
            options,
            limits,
            host,
            pages,
            warnings,
            reported: 0,
            bytes: 0,
            ocr_unavailable: None,
            last_failure: None,
        }
    }

    /// Reads the 1-based `pages`, in ascending order.
    pub(super) fn read(&mut self, pages: &[u32]) -> Result<(), ConvertError> {
        let mut furniture = Furniture::default();
        let mut waiting: VecDeque<(u32, Result<PageText, String>)> = VecDeque::new();
        let mut done = 0;
        let mut coming = pages.iter();
        while done < pages.len() {
            // A page is laid out once the text of the whole window after it is known.
            while let Some(&number) = coming
                .as_slice()
                .first()
                .filter(|_| waiting.len() <= furniture::WINDOW_PAGES)
            {
                coming.next();
                self.host.on_page_start(number, true);
                let text = self.page_text(number);
                furniture.add_page(text.as_ref().ok().map(PageText::runs).as_ref());
                waiting.push_back((number, text));
            }
            if let Some((number, text)) = waiting.pop_front() {
                self.host.on_page_start(number, false);
                self.page(number, text, |text| text.remove_furniture(&furniture, done));
            }
            done += 1;
            self.limits.check_output(self.bytes)?;
        }
        Ok(())
    }

    fn page_text(&self, number: u32) -> Result<PageText, String> {
        match &self.source.text {
            Some(text) if self.options.ocr != OcrMode::Force => PageText::read(text, number),
            _ => Err("its text cannot be read".into()),
        }
    }

    fn page(
        &mut self,
        number: u32,
        page: Result<PageText, String>,
        remove_furniture: impl FnOnce(&mut PageText) -> bool,
    ) {
        let size = self.size(number, page.as_ref().ok());
        let read = page.and_then(|mut page| {
            let text = self.source.text.as_ref().ok_or("its text cannot be read")?;
            let had_furniture = remove_furniture(&mut page);
            let markdown = page_layout::page_markdown(self.source, text, &mut page)?;
            Ok(ReadPage {
                class: classify(&page, &markdown, had_furniture),
                markdown,
            })
        });
        // Decided on the Markdown rather than the raw text: a page of nothing but furniture has no text left.
        let (kind, markdown) = self.kind_and_markdown(number, read);
        let markdown = finished(markdown);
        self.bytes += markdown.len();
        let (width, height) = size.unzip();
        let page = Page {
            markdown,
            width,
            height,
            ..Page::new(number, kind)
        };
        self.host
            .on_page_done(&page, self.warnings.get(self.reported..).unwrap_or_default());
        self.reported = self.warnings.len();
        self.pages.push(page);
    }

    /// Width and height in points, as a viewer shows the page.
    fn size(&self, number: u32, page: Option<&PageText>) -> Option<(f32, f32)> {
        if let Some(page) = page {
            return Some(page.size());
        }
        let index = usize::try_from(number.checked_sub(1)?).ok()?;
        let page = self.source.renderer()?.pages().get(index)?;
        Some(page.render_dimensions())
    }

    /// Chooses between the text layer and OCR. The text layer is the fallback where OCR fails: garbled text may still
    /// have readable parts.
    fn kind_and_markdown(&mut self, number: u32, page: Result<ReadPage, String>) -> (PageKind, String) {
        let force = self.options.ocr == OcrMode::Force;
        let (what, fallback) = match page {
            Ok(ReadPage {
                class: PageClass::Text,
                markdown,
            }) if !force => return (PageKind::TextLayer, markdown),
            Ok(ReadPage {
                class: PageClass::Blank,
                ..
            }) if !force => return (PageKind::Empty, String::new()),
            Ok(ReadPage {
                class: PageClass::Garbled,
                markdown,
            }) => ("has text in an unknown encoding", markdown),
            Ok(ReadPage { markdown, .. }) => ("is a scan", markdown),
            Err(_) if force => ("is to be recognized", String::new()),
            Err(reason) => {
                self.last_failure = Some(format!("page {number}: {reason}"));
                self.warn(number, format!("page {number} could not be read: {reason}"));
                ("has no readable text", String::new())
            }
        };
        match self.recognize(number, what) {
            Some(text) if !text.is_empty() => (PageKind::Ocr, text),
            _ if fallback.is_empty() => (PageKind::Empty, fallback),
            _ => (PageKind::TextLayer, fallback),
        }
    }

    /// Recognizes the page by OCR; on failure adds a warning and returns `None`.
    fn recognize(&mut self, number: u32, what: &str) -> Option<String> {
        if self.options.ocr == OcrMode::Off {
            self.ocr_unavailable = Some("OCR is switched off".into());
        }
        if let Some(reason) = &self.ocr_unavailable {
            self.warn(number, format!("page {number} {what} and {reason}"));
            return None;
        }
        let image = match self.source.renderer() {
            Some(pdf) => raster::render_page(pdf, number, self.limits),
            None => Err("the document is damaged".into()),
        };
        let image = match image {
            Ok(image) => image,
            Err(reason) => {
                return self.fail(
                    number,
                    format!("page {number} {what} and cannot be rendered: {reason}"),
                );
            }
        };
        match ocr::recognize(self.host, &image.png, image.dpi, &self.options.ocr_languages) {
            Ok(text) => Some(text),
            Err(OcrError::Unavailable(reason)) => {
                let reason = format!("no OCR is installed: {reason}");
                self.warn(number, format!("page {number} {what} and {reason}"));
                // The next pages would fail the same way, after being rendered for nothing.
                self.ocr_unavailable = Some(reason);
                None
            }
            Err(OcrError::Failed(reason)) => self.fail(
                number,
                format!("page {number} {what} and could not be recognized: {reason}"),
            ),
        }
    }

    fn fail(&mut self, number: u32, message: String) -> Option<String> {
        self.last_failure = Some(message.clone());
        self.warn(number, message);
        None
    }

    fn warn(&mut self, number: u32, message: String) {
        self.warnings.push(Warning::page(number, message));
    }

    /// Returns the pages if at least one has text.
    ///
    /// # Errors
    /// `OcrUnavailable`, `InvalidDocument` or `EmptyDocument`, by the reason why no page has any.
    pub(super) fn finish(self) -> Result<(Vec<Page>, Vec<Warning>), ConvertError> {
        if self.pages.iter().any(|page| !page.markdown.is_empty()) {
            return Ok((self.pages, self.warnings));
        }
        // The reason that the operator can change comes first.
        Err(match (self.ocr_unavailable, self.last_failure) {
            (Some(reason), _) => ConvertError::OcrUnavailable { reason },
            (None, Some(reason)) => ConvertError::InvalidDocument { reason },
            (None, None) => ConvertError::EmptyDocument {
                reason: "no page has any text".into(),
            },
        })
    }
}
