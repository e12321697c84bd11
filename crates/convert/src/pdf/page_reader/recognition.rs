use super::PageReader;
use super::text_layer::TextLayer;
use crate::pdf::page_class::PageClass;
use crate::pdf::raster::PageImage;
use crate::pdf::second_look::{self, Look};
use crate::pdf::{page_doubts, raster};
use crate::{ConvertError, OcrError, OcrMode, Page, PageKind, ocr};

/// Recognized page.
struct RecognizedPage {
    text: ocr::Recognized,
    /// Points of a pixel.
    unit: f32,
}

impl PageReader<'_> {
    /// Chooses between the text layer and OCR. The text layer is the fallback where OCR fails: garbled text may still
    /// have readable parts.
    pub(super) fn chosen(
        &mut self,
        number: u32,
        layer: Result<TextLayer, String>,
    ) -> Result<Page, ConvertError> {
        let force = self.options.ocr == OcrMode::Force;
        let (what, mut fallback) = match layer {
            Ok(layer) if layer.class == PageClass::Text && !force => {
                return match self.second_look(number, &layer)? {
                    Some(page) => Ok(page),
                    None => Ok(layer.into_page(number, PageKind::TextLayer)),
                };
            }
            Ok(layer) if layer.class == PageClass::Blank && !force => {
                let kind = match layer.blocks.is_empty() {
                    true => PageKind::Empty,
                    false => PageKind::TextLayer,
                };
                return Ok(layer.into_page(number, kind));
            }
            Ok(layer) if layer.class == PageClass::Garbled => ("has text in an unknown encoding", layer),
            Ok(layer) => ("is a scan", layer),
            Err(_) if force => ("is to be recognized", TextLayer::default()),
            Err(reason) => {
                self.last_failure = Some(format!("page {number}: {reason}"));
                self.warn(number, format!("page {number} could not be read: {reason}"));
                ("has no readable text", TextLayer::default())
            }
        };
        match self.recognize(number, what) {
            Some(recognized) => {
                let page = self.recognized_page(number, &recognized)?;
                if !page.blocks.is_empty() {
                    return Ok(page);
                }
            }
            None if fallback.class != PageClass::Garbled => {
                fallback.doubts.push(page_doubts::not_recognized());
            }
            None => {}
        }
        if fallback.class == PageClass::Garbled {
            fallback.doubts.push(page_doubts::garbled_text());
        }
        let kind = if fallback.blocks.is_empty() {
            PageKind::Empty
        } else {
            PageKind::TextLayer
        };
        Ok(fallback.into_page(number, kind))
    }

    fn recognized_page(&mut self, number: u32, recognized: &RecognizedPage) -> Result<Page, ConvertError> {
        let text = &recognized.text;
        let (blocks, doubts) = text.blocks(&mut self.builder, number, recognized.unit)?;
        Ok(Page {
            confidence: text.confidence(),
            engine: Some(text.engine().into()),
            blocks,
            doubts,
            ..Page::new(number, PageKind::Ocr)
        })
    }

    /// Recognizes a page whose text layer may not be its text; `None` if the layer is to be taken.
    fn second_look(&mut self, number: u32, layer: &TextLayer) -> Result<Option<Page>, ConvertError> {
        let Some(look) = layer.look.filter(|_| ocr::is_at_hand(self.options)) else {
            return Ok(None);
        };
        if look == Look::Recognized && !self.foreign_layers.is_looked_at() {
            return Ok(None);
        }
        // The page has its text layer, whatever becomes of this.
        let (Ok(image), known) = self.picture(number, &[]) else {
            return Ok(None);
        };
        let recognized = self
            .recognition
            .recognize(self.host, image.picture(), known, self.options);
        let Ok(text) = recognized else {
            return Ok(None);
        };
        let words = text.sure_words();
        let takes_layer = match look {
            Look::Recognized => self.foreign_layers.is_sound(&layer.text(), &words),
            Look::Picture => !second_look::is_minor(&layer.text(), &words),
        };
        if takes_layer || text.is_doubtful() {
            return Ok(None);
        }
        let unit = image.unit;
        let page = self.recognized_page(number, &RecognizedPage { text, unit })?;
        Ok(Some(page).filter(|page| !page.blocks.is_empty()))
    }

    /// Recognizes the page by OCR; on failure adds a warning and returns `None`.
    fn recognize(&mut self, number: u32, what: &str) -> Option<RecognizedPage> {
        if self.options.ocr == OcrMode::Off {
            self.ocr_unavailable = Some("OCR is switched off".into());
        }
        if let Some(reason) = &self.ocr_unavailable {
            self.warn(number, format!("page {number} {what} and {reason}"));
            return None;
        }
        let coming = std::mem::take(&mut self.coming_scans);
        let (image, known) = self.picture(number, &coming);
        let image = match image {
            Ok(image) => image,
            Err(reason) => {
                return self.fail(
                    number,
                    format!("page {number} {what} and cannot be rendered: {reason}"),
                );
            }
        };
        let recognized = self
            .recognition
            .recognize(self.host, image.picture(), known, self.options);
        match recognized {
            Ok(text) => Some(RecognizedPage {
                text,
                unit: image.unit,
            }),
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

    /// Picture of a page, and of those that come, where the host has processors for them.
    fn picture(&mut self, number: u32, coming: &[u32]) -> ocr::Made<PageImage, String> {
        let (pdf, limits) = (self.source.pdf(), self.limits);
        let render = |page| raster::render_page(pdf, page, limits);
        self.ahead.take((number, coming), self.host, self.options, render)
    }

    fn fail(&mut self, number: u32, message: String) -> Option<RecognizedPage> {
        self.last_failure = Some(message.clone());
        self.warn(number, message);
        None
    }
}
