use super::PageReader;
use crate::ir::{self, Block, BlockKind, Doubt, plain_text};
use crate::layout::characters::Characters;
use crate::layout::model;
use crate::pdf::annotations::Annotation;
use crate::pdf::page::Stamp;
use crate::pdf::page_class::{PageClass, classify};
use crate::pdf::page_layout::LaidOut;
use crate::pdf::page_text::PageText;
use crate::pdf::second_look::Look;
use crate::pdf::source::catch_panics;
use crate::pdf::xfa::{XfaForm, is_placeholder};
use crate::pdf::{page_doubts, pictures, second_look};
use crate::{Comments, ConvertError, OcrMode, Page, PageKind, places};

/// Text layer of one page.
pub(super) struct TextLayer {
    pub(super) class: PageClass,
    pub(super) blocks: Vec<Block>,
    pub(super) doubts: Vec<Doubt>,
    /// Reason to see whether OCR reads another text.
    pub(super) look: Option<Look>,
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
    pub(super) fn text(&self) -> String {
        let is_beside =
            |block: &&Block| block.kind.is_furniture() || matches!(block.kind, BlockKind::Comment(_));
        let shown = self.blocks.iter().filter(|block| !is_beside(block));
        shown.map(plain_text).collect::<Vec<String>>().join("\n")
    }

    pub(super) fn into_page(self, number: u32, kind: PageKind) -> Page {
        Page {
            engine: Some(ENGINE.into()),
            blocks: self.blocks,
            doubts: self.doubts,
            ..Page::new(number, kind)
        }
    }
}

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

impl PageReader<'_> {
    /// Warns of what of a page was not read, or not as it should.
    pub(super) fn warn_of_limits(&mut self, number: u32, text: &PageText, laid_out: &LaidOut) {
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
    pub(super) fn read_form(&mut self, number: u32, laid_out: &LaidOut) {
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

    /// Makes the blocks of the text layer and classifies the page by them.
    pub(super) fn text_layer(
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
    pub(super) fn with_pictures(
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
}
