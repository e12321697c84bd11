use super::Writer;
use super::escape::{Place, image_comment};
use super::inlines::image;
use super::list::list_kind;
use super::pieces::safe_tex;
use super::syntax;
use super::texts::{attachment_text, bold, comment_text, field_text, numbered, text_inlines};
use crate::ir::{Annotation, Block, BlockKind, Definition, Figure, Formula, Inline};
use crate::options::{Comments, Furniture, Images};

impl Writer<'_> {
    pub(super) fn blocks(&mut self, blocks: &mut [Block]) {
        for block in blocks {
            self.block(block);
        }
    }

    /// Writes a block behind a blank line.
    pub(super) fn block(&mut self, block: &mut Block) {
        if self.previous.is_some() && self.previous == list_kind(&block.kind) {
            self.out.blank();
            self.out.push("<!-- -->");
        }
        self.out.blank();
        self.block_here(block);
    }

    /// Writes a block, and notes its range.
    pub(super) fn block_here(&mut self, block: &mut Block) {
        self.out.open();
        self.content(block);
        block.range = self.out.close();
        if block.range.is_some() {
            self.previous = match &block.kind {
                // Its blocks stand beside those around it.
                BlockKind::Group(_) | BlockKind::DefinitionList(_) => self.previous,
                kind => list_kind(kind),
            };
        }
    }

    fn content(&mut self, block: &mut Block) {
        if block.kind.is_furniture() && self.context.options.furniture == Furniture::Drop {
            return;
        }
        match &mut block.kind {
            BlockKind::Title(inlines) => self.heading(1, None, inlines),
            BlockKind::Heading {
                level,
                number,
                inlines,
            } => self.heading(*level, number.as_deref(), inlines),
            BlockKind::List(list) => self.list(list),
            BlockKind::DefinitionList(items) => self.definitions(items),
            BlockKind::Table(table) => self.table(table),
            BlockKind::Figure(figure) => self.figure(figure),
            BlockKind::Code { language, text } => self.code(language.as_deref(), text),
            BlockKind::Quote(blocks) => self.contained("> ".into(), "> ".into(), blocks),
            BlockKind::Formula(formula) => self.formula(formula),
            BlockKind::Footnote(note) => {
                let label = self.context.labels.get(&block.id).cloned().unwrap_or_default();
                self.contained(format!("[^{label}]: "), "    ".into(), &mut note.blocks);
            }
            BlockKind::Toc(entries) => self.contents(entries),
            BlockKind::Field(field) => self.text(&field_text(field)),
            BlockKind::Group(group) => {
                if let Some(title) = &group.title {
                    self.strong_line(&[Inline::plain(title)]);
                    self.out.blank();
                }
                self.blocks(&mut group.blocks);
            }
            BlockKind::Comment(note) if self.context.options.comments == Comments::Keep => self.comment(note),
            BlockKind::Comment(_) => {}
            BlockKind::Stamp(note) => self.text(&note.text),
            BlockKind::Attachment {
                name,
                mime_type,
                size,
            } => {
                self.text(&attachment_text(name, mime_type.as_deref(), *size));
            }
            BlockKind::Rule => {
                // Behind the bullet of an item, hyphens would make a rule together with it.
                self.out.push(if self.out.depth() == 0 { "---" } else { "***" });
            }
            kind => self.paragraph(kind.inlines().unwrap_or_default()),
        }
    }

    fn heading(&mut self, level: u8, number: Option<&str>, inlines: &[Inline]) {
        let mut text = self.inlines(&numbered(number, inlines), Place::Heading);
        text.truncate(text.trim_end().len());
        let marks = "#".repeat(usize::from(level.clamp(1, 6)));
        if !text.is_empty() {
            self.out.push(&format!("{marks} {text}"));
        }
    }

    pub(super) fn paragraph(&mut self, inlines: &[Inline]) {
        let markdown = match self.lead.take() {
            Some(lead) => {
                let lead = Inline::plain(format!("{lead} "));
                let inlines: Vec<Inline> = std::iter::once(lead).chain(inlines.iter().cloned()).collect();
                self.inlines(&inlines, Place::Lines)
            }
            None => self.inlines(inlines, Place::Lines),
        };
        self.out.push_lines(markdown.trim_end_matches('\n'));
    }

    /// Writes text whose lines stay apart.
    pub(super) fn text(&mut self, text: &str) {
        let inlines = text_inlines(text);
        self.paragraph(&inlines);
    }

    fn strong_line(&mut self, inlines: &[Inline]) {
        self.out.open();
        self.paragraph(&bold(inlines));
        if self.out.close().is_some() {
            self.previous = None;
        }
    }

    /// Writes blocks in a container.
    fn contained(&mut self, first: String, rest: String, blocks: &mut [Block]) {
        let outer = self.previous.take();
        self.out.enter(first, rest);
        self.blocks(blocks);
        self.out.leave();
        self.previous = outer;
    }

    pub(super) fn code(&mut self, language: Option<&str>, text: &str) {
        let language = language.map(known_language).unwrap_or_default();
        self.out.push_lines(&syntax::code(&language, text));
    }

    fn formula(&mut self, formula: &Formula) {
        match &formula.tex {
            Some(tex) => {
                let tex = safe_tex(tex);
                self.out.push(&format!("$${tex}$$"));
            }
            None => self.text(&formula.text),
        }
    }

    fn figure(&mut self, figure: &mut Figure) {
        let alt = figure.alt.as_deref().unwrap_or_default();
        match (self.context.options.images, &figure.image) {
            (Images::None, _) => {}
            (Images::Extract, Some(name)) => {
                self.out
                    .push(&image(self.context.options.image_folder(), name, alt));
            }
            _ => self.out.push(&image_comment(alt)),
        }
        if let Some(data) = &mut figure.data {
            self.out.blank();
            self.table(data);
        }
    }

    fn definitions(&mut self, items: &mut [Definition]) {
        for item in items {
            self.out.blank();
            self.strong_line(&item.term);
            self.blocks(&mut item.blocks);
        }
    }

    fn comment(&mut self, note: &Annotation) {
        self.out.enter("> ".into(), "> ".into());
        self.text(&comment_text(note));
        self.out.leave();
    }
}

/// The part of the language's name that can stand behind a fence.
pub(super) fn known_language(language: &str) -> String {
    let sound = |c: &char| c.is_ascii_alphanumeric() || "+#._-".contains(*c);
    language.chars().take_while(sound).collect()
}
