use super::judge::{Worth, judge};
use super::source::Source;
use super::{raster, text};
use crate::{ConvertError, Host, Limits, OcrError, OcrMode, Options, Page, PageKind, Warning, ocr};

/// Reads pages one after another; holds nothing of a page but its Markdown.
pub(super) struct Reader<'a> {
    source: &'a Source,
    options: &'a Options,
    limits: &'a Limits,
    host: &'a mut dyn Host,
    pages: Vec<Page>,
    warnings: Vec<Warning>,
    bytes: usize,
    /// Why no page can be recognized, once it is known: OCR is not asked again.
    no_ocr: Option<String>,
    /// Why the latest unreadable page is unreadable.
    failure: Option<String>,
}

/// What the text layer of one page gave.
struct Layer {
    worth: Worth,
    markdown: String,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        source: &'a Source,
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
            bytes: 0,
            no_ocr: None,
            failure: None,
        }
    }

    /// Reads the 1-based `pages`, ascending.
    pub(super) fn read(&mut self, pages: &[u32]) -> Result<(), ConvertError> {
        let source = self.source;
        match &source.text {
            Some(parser) if self.options.ocr != OcrMode::Force => {
                text::for_each_page(parser, pages, |number, parsed| self.page(number, parsed));
            }
            _ => pages
                .iter()
                .for_each(|&number| self.page(number, Err("its text cannot be read".into()))),
        }
        self.limits.check_output(self.bytes)
    }

    fn page(&mut self, number: u32, parsed: Result<unpdf::Page, String>) {
        if self.limits.check_output(self.bytes).is_err() {
            return;
        }
        let size = self.size(number, parsed.as_ref().ok());
        let layer = parsed.and_then(|page| {
            let facts = unpdf::Page {
                elements: Vec::new(),
                ..page.clone()
            };
            let markdown = text::markdown(page)?;
            Ok(Layer {
                worth: judge(&facts, &markdown),
                markdown,
            })
        });
        let (kind, markdown) = self.kind_and_markdown(number, layer);
        self.bytes += markdown.len();
        let (width, height) = size.unzip();
        let page = Page {
            number,
            kind,
            markdown,
            width,
            height,
        };
        self.host.page_done(&page);
        self.pages.push(page);
    }

    /// Width and height in points, as a viewer shows the page.
    fn size(&self, number: u32, parsed: Option<&unpdf::Page>) -> Option<(f32, f32)> {
        let index = usize::try_from(number.checked_sub(1)?).ok()?;
        let shown = self
            .source
            .picture
            .as_ref()
            .and_then(|pdf| pdf.pages().get(index));
        shown
            .map(|page| page.render_dimensions())
            .or_else(|| parsed.map(unpdf::Page::dimensions))
    }

    fn kind_and_markdown(&mut self, number: u32, layer: Result<Layer, String>) -> (PageKind, String) {
        let force = self.options.ocr == OcrMode::Force;
        let (what, fallback) = match layer {
            Ok(Layer {
                worth: Worth::Text,
                markdown,
            }) if !force => return (PageKind::TextLayer, markdown),
            Ok(Layer {
                worth: Worth::Blank, ..
            }) if !force => return (PageKind::Empty, String::new()),
            Ok(Layer {
                worth: Worth::Garbled,
                markdown,
            }) => ("has text in an unknown encoding", markdown),
            Ok(Layer { markdown, .. }) => ("is a scan", markdown),
            Err(_) if force => ("is to be recognized", String::new()),
            Err(reason) => {
                self.failure = Some(format!("page {number}: {reason}"));
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

    /// The page by OCR; `None` when it cannot be had, which leaves a warning.
    fn recognize(&mut self, number: u32, what: &str) -> Option<String> {
        if self.options.ocr == OcrMode::Off {
            self.no_ocr = Some("OCR is switched off".into());
        }
        if let Some(reason) = &self.no_ocr {
            self.warn(number, format!("page {number} {what} and {reason}"));
            return None;
        }
        let picture = match &self.source.picture {
            Some(pdf) => raster::paint(pdf, number, self.limits),
            None => Err("the document is damaged".into()),
        };
        let picture = match picture {
            Ok(picture) => picture,
            Err(reason) => {
                return self.fail(
                    number,
                    format!("page {number} {what} and cannot be painted: {reason}"),
                );
            }
        };
        match ocr::recognize(self.host, &picture.png, picture.dpi, &self.options.ocr_languages) {
            Ok(text) => Some(text),
            Err(OcrError::Unavailable(reason)) => {
                let reason = format!("no OCR is installed: {reason}");
                self.warn(number, format!("page {number} {what} and {reason}"));
                self.no_ocr = Some(reason);
                None
            }
            Err(OcrError::Failed(reason)) => self.fail(
                number,
                format!("page {number} {what} and could not be recognized: {reason}"),
            ),
        }
    }

    fn fail(&mut self, number: u32, message: String) -> Option<String> {
        self.failure = Some(message.clone());
        self.warn(number, message);
        None
    }

    fn warn(&mut self, number: u32, message: String) {
        self.warnings.push(Warning::page(number, message));
    }

    /// The pages, if at least one has text.
    pub(super) fn finish(self) -> Result<(Vec<Page>, Vec<Warning>), ConvertError> {
        if self.pages.iter().any(|page| !page.markdown.is_empty()) {
            return Ok((self.pages, self.warnings));
        }
        Err(match (self.no_ocr, self.failure) {
            (Some(reason), _) => ConvertError::OcrUnavailable { reason },
            (None, Some(reason)) => ConvertError::InvalidDocument { reason },
            (None, None) => ConvertError::EmptyDocument {
                reason: "no page has any text".into(),
            },
        })
    }
}
