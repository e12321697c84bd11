//! Pages of a PDF, one after the other: the text layer of each is laid out, and OCR takes its place where it has none
//! or cannot be trusted.

mod recognition;
mod text_layer;

use std::collections::{HashMap, HashSet, VecDeque};

use hayro::hayro_syntax::object::ObjectIdentifier;

use super::outline::OutlineTitles;
use super::page::{self, ContentReader};
use super::page_class::is_bare_image;
use super::page_layout::{self, Known};
use super::page_text::PageText;
use super::raster::PageImage;
use super::second_look::ForeignLayers;
use super::source::{Source, catch_panics};
use super::structure::Structure;
use super::xfa::XfaForm;
use super::{page_places, pictures};
use crate::ir::{Builder, Image};
use crate::layout::furniture::{self, Furniture};
use crate::layout::text_styles::TextStyles;
use crate::write::write_page;
use crate::{ConvertError, Hidden, Host, Limits, OcrMode, Options, Page, Places, Warning, ocr};

/// Reads pages in order. Reads the text of a few pages ahead, to find out what repeats on them, and keeps only what
/// was made of the pages before.
pub(super) struct PageReader<'a> {
    source: &'a Source,
    content: ContentReader<'a>,
    /// Sizes and fonts of the text of the document, as far as they are known when the first page is laid out.
    styles: TextStyles,
    /// Pages that were read for their styles, until it is their turn.
    sampled: HashMap<u32, PageText>,
    /// Titles of the outline.
    titles: OutlineTitles,
    /// Tags of the document.
    structure: Structure,
    options: &'a Options,
    limits: &'a Limits,
    host: &'a mut dyn Host,
    builder: Builder<'a>,
    /// Images that are decoration, since most pages draw them.
    repeated: HashSet<ObjectIdentifier>,
    pages: Vec<Page>,
    warnings: Vec<Warning>,
    /// Number of warnings that the host has been given.
    reported: usize,
    /// Bytes of Markdown so far.
    bytes: usize,
    recognition: ocr::Recognition,
    /// Pages after the one whose turn it is that will be recognized for certain.
    coming_scans: Vec<u32>,
    /// Pictures of some of them.
    ahead: ocr::Ahead<PageImage, String>,
    foreign_layers: ForeignLayers,
    /// Reason why OCR cannot be used, once it is known: the host is not asked again.
    ocr_unavailable: Option<String>,
    /// Remarks of readers that are not written.
    comments_left_out: usize,
    /// Reason for the latest page that could not be read.
    last_failure: Option<String>,
    /// Form that the only page of the document stands in for.
    form: Option<XfaForm>,
}

/// Pages that were read, their pictures, and what could not be read.
pub(super) struct ReadPages {
    pub(super) pages: Vec<Page>,
    pub(super) images: Vec<Image>,
    pub(super) warnings: Vec<Warning>,
}

/// Pages beyond those that are read ahead whose text styles are learned before the first page is laid out.
const SAMPLED_PAGES: usize = 16;
/// Words, lines and areas of these pages that are kept, at most: the pages beyond are read once more.
const MAX_SAMPLED_PARTS: usize = 50_000;

impl<'a> PageReader<'a> {
    pub(super) fn new(
        source: &'a Source,
        options: &'a Options,
        limits: &'a Limits,
        host: &'a mut dyn Host,
    ) -> Self {
        let (pages, warnings) = (Vec::new(), Vec::new());
        Self {
            source,
            content: ContentReader::new(source.pdf()),
            styles: TextStyles::default(),
            sampled: HashMap::new(),
            titles: OutlineTitles::read(source.pdf()),
            structure: catch_panics(|| Structure::read(source.pdf())).unwrap_or_default(),
            options,
            limits,
            host,
            builder: Builder::with_pictures(limits, options.output.images).with_places(options.output.places),
            repeated: HashSet::new(),
            pages,
            warnings,
            reported: 0,
            bytes: 0,
            recognition: ocr::Recognition::of(0, limits),
            coming_scans: Vec::new(),
            ahead: ocr::Ahead::default(),
            foreign_layers: ForeignLayers::default(),
            ocr_unavailable: None,
            comments_left_out: 0,
            last_failure: None,
            form: None,
        }
    }

    /// Reads the 1-based `pages`, in ascending order.
    pub(super) fn read(&mut self, pages: &[u32]) -> Result<(), ConvertError> {
        if self.builder.pictures().are_wanted() {
            self.repeated = pictures::repeated(self.source.pdf(), pages);
        }
        self.recognition = ocr::Recognition::of(pages.len(), self.limits);
        self.sample_styles(pages);
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
                if let Ok(text) = &text
                    && done == 0
                {
                    text.add_styles(&mut self.styles);
                }
                waiting.push_back((number, text));
            }
            if let Some((number, text)) = waiting.pop_front() {
                let scans = waiting.iter().filter(|(_, text)| self.is_scan(text));
                self.coming_scans = scans.map(|(number, _)| *number).collect();
                self.host.on_page_start(number, false);
                self.page(number, text, |text| text.part_furniture(&furniture, done))?;
            }
            done += 1;
            self.limits.check_output(self.bytes)?;
        }
        Ok(())
    }

    /// Returns true if the page will be recognized for certain.
    fn is_scan(&self, text: &Result<PageText, String>) -> bool {
        match text {
            Ok(text) => is_bare_image(text),
            Err(_) => self.options.ocr == OcrMode::Force,
        }
    }

    /// Learns the styles of text beyond the pages that are read ahead, from some pages spread over the document.
    fn sample_styles(&mut self, pages: &[u32]) {
        let later = pages.get(furniture::WINDOW_PAGES + 1..).unwrap_or_default();
        if self.options.ocr == OcrMode::Force {
            return;
        }
        let mut parts = 0;
        for page in later.iter().step_by((later.len() / SAMPLED_PAGES).max(1)) {
            // The first page does not wait for a page that takes long.
            if page::is_short(self.source.pdf(), *page)
                && let Ok(text) = self.page_text(*page)
            {
                text.add_styles(&mut self.styles);
                parts += text.weight();
                if parts <= MAX_SAMPLED_PARTS {
                    self.sampled.insert(*page, text);
                }
            }
        }
    }

    fn page_text(&mut self, number: u32) -> Result<PageText, String> {
        if let Some(text) = self.sampled.remove(&number) {
            return Ok(text);
        }
        match self.options.ocr {
            OcrMode::Force => Err("its text cannot be read".into()),
            _ => {
                let mut text = PageText::read(&mut self.content, number)?;
                if self.options.output.hidden == Hidden::Keep {
                    text.show_hidden();
                }
                Ok(text)
            }
        }
    }

    fn page(
        &mut self,
        number: u32,
        text: Result<PageText, String>,
        part_furniture: impl FnOnce(&mut PageText) -> bool,
    ) -> Result<(), ConvertError> {
        let size = self.size(number, text.as_ref().ok());
        let rotation = text.as_ref().map_or(0, |text| text.rotation);
        let laid_out = text.and_then(|mut text| {
            let had_furniture = part_furniture(&mut text);
            if self.builder.places() != Places::Block {
                text.places = page_places::of(&text);
            }
            let known = Known {
                styles: &self.styles,
                outline: self.titles.on_page(number),
                structure: &self.structure,
                page: self.page_object(number),
            };
            let laid_out = page_layout::page_blocks(&mut text, &known)?;
            Ok((text, laid_out, had_furniture))
        });
        let layer = match laid_out {
            Ok((text, laid_out, had_furniture)) => {
                self.warn_of_limits(number, &text, &laid_out);
                self.read_form(number, &laid_out);
                let layer = self.text_layer(&text, &laid_out, had_furniture)?;
                Ok(self.with_pictures(layer, &text, laid_out)?)
            }
            Err(reason) => Err(reason),
        };
        let (width, height) = size.unzip();
        let mut page = Page {
            width,
            height,
            rotation,
            ..self.chosen(number, layer)?
        };
        write_page(&mut page, &self.options.output);
        self.bytes += page.markdown.len();
        let keep = self.host.keeps_blocks();
        let host = &mut *self.host;
        self.builder
            .pictures()
            .report(keep, |picture| host.on_picture(picture));
        self.host
            .on_page_done(&page, self.warnings.get(self.reported..).unwrap_or_default());
        self.reported = self.warnings.len();
        if !self.host.keeps_blocks() {
            (page.markdown, page.blocks) = (String::new(), Vec::new());
        }
        self.pages.push(page);
        Ok(())
    }

    /// Object of the 1-based page.
    fn page_object(&self, number: u32) -> Option<ObjectIdentifier> {
        let index = usize::try_from(number.checked_sub(1)?).ok()?;
        self.source.pdf().pages().get(index)?.raw().obj_id()
    }

    /// Width and height in points, as a viewer shows the page.
    fn size(&self, number: u32, page: Option<&PageText>) -> Option<(f32, f32)> {
        if let Some(page) = page {
            return Some(page.size);
        }
        let index = usize::try_from(number.checked_sub(1)?).ok()?;
        let page = self.source.pdf().pages().get(index)?;
        Some(page.render_dimensions())
    }

    fn warn(&mut self, number: u32, message: String) {
        self.warnings.push(Warning::page(number, message));
    }

    /// Returns the pages if at least one has text.
    ///
    /// # Errors
    /// `OcrUnavailable`, `InvalidDocument` or `EmptyDocument`, by the reason why no page has any.
    pub(super) fn finish(mut self) -> Result<ReadPages, ConvertError> {
        if self.bytes > 0 {
            let (images, warnings) = self.builder.into_pictures().finish();
            self.warnings.extend(warnings);
            if self.comments_left_out > 0 {
                let count = self.comments_left_out;
                self.warnings
                    .push(Warning::document(format!("comments left out: {count}")));
            }
            return Ok(ReadPages {
                pages: self.pages,
                images,
                warnings: self.warnings,
            });
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
