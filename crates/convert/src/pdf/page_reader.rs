use std::collections::{HashMap, HashSet, VecDeque};

use hayro::hayro_syntax::object::ObjectIdentifier;

use super::annotations::Annotation;
use super::outline::OutlineTitles;
use super::page::{self, ContentReader, Stamp};
use super::page_class::{PageClass, classify};
use super::page_layout::{Known, LaidOut};
use super::page_text::PageText;
use super::second_look::{ForeignLayers, Look};
use super::source::{Source, catch_panics};
use super::structure::Structure;
use super::xfa::{XfaForm, is_placeholder};
use super::{page_doubts, page_layout, page_places, pictures, raster, second_look};
use crate::ir::{self, Block, BlockKind, Builder, Doubt, Image, plain_text};
use crate::layout::characters::Characters;
use crate::layout::furniture::{self, Furniture};
use crate::layout::model;
use crate::layout::text_styles::TextStyles;
use crate::write::write_page;
use crate::{
    Comments, ConvertError, Hidden, Host, Limits, OcrError, OcrMode, Options, Page, PageKind, Places,
    Warning, ocr, places,
};

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

/// Text layer of one page.
struct TextLayer {
    class: PageClass,
    blocks: Vec<Block>,
    doubts: Vec<Doubt>,
    /// Reason to see whether OCR reads another text.
    look: Option<Look>,
}

impl Default for TextLayer {
    /// Creates the text layer of a page that has none.
    fn default() -> Self {
        Self {
            class: PageClass::Scan,
            blocks: Vec::new(),
            doubts: Vec::new(),
            look: None,
        }
    }
}

impl TextLayer {
    /// Text without markup, running headers and remarks aside.
    fn text(&self) -> String {
        let is_beside =
            |block: &&Block| block.kind.is_furniture() || matches!(block.kind, BlockKind::Comment(_));
        let shown = self.blocks.iter().filter(|block| !is_beside(block));
        shown.map(plain_text).collect::<Vec<String>>().join("\n")
    }

    fn into_page(self, number: u32, kind: PageKind) -> Page {
        Page {
            engine: Some(ENGINE.into()),
            blocks: self.blocks,
            doubts: self.doubts,
            ..Page::new(number, kind)
        }
    }
}

/// Recognized page.
struct RecognizedPage {
    text: ocr::Recognized,
    /// Points of a pixel.
    unit: f32,
}

/// Pages beyond those that are read ahead whose text styles are learned before the first page is laid out.
const SAMPLED_PAGES: usize = 16;
/// Words, lines and areas of these pages that are kept, at most: the pages beyond are read once more.
const MAX_SAMPLED_PARTS: usize = 50_000;
/// Name of the engine of pages that were not recognized.
const ENGINE: &str = "local";

fn stamp_block(stamp: &Stamp) -> BlockKind {
    BlockKind::Stamp(ir::Annotation {
        author: stamp.author.clone(),
        date: stamp.date.clone(),
        text: stamp.text.clone(),
    })
}

fn comment_block(comment: &Annotation) -> BlockKind {
    BlockKind::Comment(ir::Annotation {
        author: comment.author.clone(),
        date: comment.date.clone(),
        text: comment.text.clone().unwrap_or_default(),
    })
}

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
                self.host.on_page_start(number, false);
                self.page(number, text, |text| text.part_furniture(&furniture, done))?;
            }
            done += 1;
            self.limits.check_output(self.bytes)?;
        }
        Ok(())
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

    /// Warns of what of a page was not read, or not as it should.
    fn warn_of_limits(&mut self, number: u32, text: &PageText, laid_out: &LaidOut) {
        if text.facts.damaged {
            let message = "is damaged: only what stands before the damage was read";
            self.warn(number, format!("the content of page {number} {message}"));
        }
        if text.facts.cut_off {
            let message = "is longer than a limit: the rest was not read";
            self.warn(number, format!("the content of page {number} {message}"));
        }
        if laid_out.too_many_words {
            let message = "has too many words to look for tables: their cells are text";
            self.warn(number, format!("page {number} {message}"));
        }
    }

    /// Reads the form that the only page of the document stands in for, if it does.
    fn read_form(&mut self, number: u32, laid_out: &LaidOut) {
        if self.source.page_count() != 1 {
            return;
        }
        let blocks = laid_out.parts.iter().flat_map(|part| &part.blocks);
        let text: Vec<String> = blocks.map(crate::layout::Block::text).collect();
        if !is_placeholder(&text.join(" ")) {
            return;
        }
        let pdf = self.source.pdf();
        if let Some(form) = catch_panics(|| XfaForm::read(pdf)).flatten() {
            self.warn(number, form.warning());
            self.form = Some(form);
        }
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

    /// Makes the blocks of the text layer and classifies the page by them.
    fn text_layer(
        &mut self,
        text: &PageText,
        laid_out: &LaidOut,
        had_furniture: bool,
    ) -> Result<TextLayer, ConvertError> {
        self.builder.begin_page(text.number);
        let mut characters = Characters::default();
        for part in &laid_out.parts {
            let own = model::add_blocks(
                &part.blocks,
                &laid_out.vocabulary,
                part.viewport.as_ref(),
                &mut self.builder,
            )?;
            characters.all += own.all;
            characters.unmapped += own.unmapped;
        }
        if self.options.output.comments == Comments::Drop {
            self.comments_left_out += text.comments.len();
        }
        for stamp in &text.stamps {
            self.builder
                .add_from(stamp_block(stamp), text.place_of(stamp.extent))?;
        }
        for comment in &text.comments {
            self.builder.add(comment_block(comment))?;
        }
        for block in self.form.iter().flat_map(XfaForm::blocks) {
            self.builder.add(block)?;
        }
        let (mut blocks, mut doubts) = self.builder.finish_page()?;
        model::place_lists(&mut blocks);
        places::give(&text.places, &mut blocks, &mut self.builder)?;
        doubts.extend(page_doubts::unmapped_glyphs(characters));
        doubts.extend(page_doubts::hidden_words(text.hidden_words()));
        doubts.extend(page_doubts::outside_page(text.facts.outside));
        doubts.extend(page_doubts::missing_font(text.facts.guessed));
        if text.facts.damaged || text.facts.cut_off {
            doubts.push(page_doubts::damaged_content());
        }
        let mut layer = TextLayer {
            blocks,
            doubts,
            ..TextLayer::default()
        };
        // Decided on the blocks rather than the raw text: a page of nothing but furniture has no text left.
        let shown = layer.text();
        layer.class = classify(text, &shown, had_furniture);
        let letters = shown.chars().filter(|c| c.is_alphanumeric()).count();
        layer.look = second_look::reason(&text.facts, letters);
        Ok(layer)
    }

    /// The text layer with the pictures of the page, if they are to be taken out and it is no scan.
    fn with_pictures(
        &mut self,
        layer: TextLayer,
        text: &PageText,
        mut laid_out: LaidOut,
    ) -> Result<TextLayer, ConvertError> {
        let usable = matches!(layer.class, PageClass::Text | PageClass::Blank);
        if !usable || self.options.ocr == OcrMode::Force || !self.builder.pictures().are_wanted() {
            return Ok(layer);
        }
        let pdf = self.source.pdf();
        let found = pictures::page_pictures(pdf, text.number, &self.repeated, self.builder.pictures());
        if found.is_empty() {
            return Ok(layer);
        }
        laid_out.add_pictures(found, text);
        let with_pictures = self.text_layer(text, &laid_out, false)?;
        Ok(TextLayer {
            class: layer.class,
            ..with_pictures
        })
    }

    /// Chooses between the text layer and OCR. The text layer is the fallback where OCR fails: garbled text may still
    /// have readable parts.
    fn chosen(&mut self, number: u32, layer: Result<TextLayer, String>) -> Result<Page, ConvertError> {
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
        let Ok(image) = raster::render_page(self.source.pdf(), number, self.limits) else {
            return Ok(None);
        };
        let recognized = self
            .recognition
            .recognize(self.host, &image.gray, image.dpi, self.options);
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
        let image = match raster::render_page(self.source.pdf(), number, self.limits) {
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
            .recognize(self.host, &image.gray, image.dpi, self.options);
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

    fn fail(&mut self, number: u32, message: String) -> Option<RecognizedPage> {
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
