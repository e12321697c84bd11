use std::collections::VecDeque;

use super::furniture::{self, Furniture};
use super::judge::{Worth, judge};
use super::layer::Layer;
use super::source::Source;
use super::{compose, raster};
use crate::{ConvertError, Host, Limits, OcrError, OcrMode, Options, Page, PageKind, Warning, markdown, ocr};

/// Reads pages one after another; holds the text of a few, to know what repeats on them, and the Markdown of
/// the rest.
pub(super) struct Reader<'a> {
    source: &'a Source<'a>,
    options: &'a Options,
    limits: &'a Limits,
    host: &'a mut dyn Host,
    pages: Vec<Page>,
    warnings: Vec<Warning>,
    /// Of the warnings, those that the host has heard.
    told: usize,
    bytes: usize,
    /// Why no page can be recognized, once it is known: OCR is not asked again.
    no_ocr: Option<String>,
    /// Why the latest unreadable page is unreadable.
    failure: Option<String>,
}

/// What the text layer of one page gave.
struct Read {
    worth: Worth,
    markdown: String,
}

impl<'a> Reader<'a> {
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
            told: 0,
            bytes: 0,
            no_ocr: None,
            failure: None,
        }
    }

    /// Reads the 1-based `pages`, ascending.
    pub(super) fn read(&mut self, pages: &[u32]) -> Result<(), ConvertError> {
        let mut furniture = Furniture::default();
        let mut waiting: VecDeque<(u32, Result<Layer, String>)> = VecDeque::new();
        let mut done = 0;
        let mut coming = pages.iter();
        while done < pages.len() {
            while let Some(&number) = coming
                .as_slice()
                .first()
                .filter(|_| waiting.len() <= furniture::NEAR)
            {
                coming.next();
                self.host.at(number, true);
                let layer = self.layer(number);
                furniture.note(layer.as_ref().ok());
                waiting.push_back((number, layer));
            }
            if let Some((number, layer)) = waiting.pop_front() {
                self.host.at(number, false);
                self.page(number, layer, |layer| furniture.drop(done, layer));
            }
            done += 1;
            self.limits.check_output(self.bytes)?;
        }
        Ok(())
    }

    fn layer(&self, number: u32) -> Result<Layer, String> {
        match &self.source.text {
            Some(text) if self.options.ocr != OcrMode::Force => Layer::read(text, number),
            _ => Err("its text cannot be read".into()),
        }
    }

    fn page(
        &mut self,
        number: u32,
        layer: Result<Layer, String>,
        drop_running_lines: impl FnOnce(&mut Layer) -> bool,
    ) {
        let size = self.size(number, layer.as_ref().ok());
        let read = layer.and_then(|mut layer| {
            let text = self.source.text.as_ref().ok_or("its text cannot be read")?;
            let dropped = drop_running_lines(&mut layer);
            let markdown = compose::markdown(self.source, text, &mut layer)?;
            Ok(Read {
                worth: judge(&layer, &markdown, dropped),
                markdown,
            })
        });
        let (kind, markdown) = self.kind_and_markdown(number, read);
        let markdown = markdown::finished(markdown);
        self.bytes += markdown.len();
        let (width, height) = size.unzip();
        let page = Page {
            number,
            kind,
            markdown,
            width,
            height,
        };
        self.host
            .page_done(&page, self.warnings.get(self.told..).unwrap_or_default());
        self.told = self.warnings.len();
        self.pages.push(page);
    }

    /// Width and height in points, as a viewer shows the page.
    fn size(&self, number: u32, layer: Option<&Layer>) -> Option<(f32, f32)> {
        if let Some(layer) = layer {
            return Some(layer.size());
        }
        let index = usize::try_from(number.checked_sub(1)?).ok()?;
        let page = self.source.picture()?.pages().get(index)?;
        Some(page.render_dimensions())
    }

    fn kind_and_markdown(&mut self, number: u32, layer: Result<Read, String>) -> (PageKind, String) {
        let force = self.options.ocr == OcrMode::Force;
        let (what, fallback) = match layer {
            Ok(Read {
                worth: Worth::Text,
                markdown,
            }) if !force => return (PageKind::TextLayer, markdown),
            Ok(Read {
                worth: Worth::Blank, ..
            }) if !force => return (PageKind::Empty, String::new()),
            Ok(Read {
                worth: Worth::Garbled,
                markdown,
            }) => ("has text in an unknown encoding", markdown),
            Ok(Read { markdown, .. }) => ("is a scan", markdown),
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
        let picture = match self.source.picture() {
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
