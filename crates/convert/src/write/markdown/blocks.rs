use super::Writer;
use super::escape::{Place, image_comment};
use super::inlines::image;
use super::list::kind_of;
use super::pieces::safe_tex;
use super::syntax;
use crate::ir::{
    Annotation, Block, BlockKind, Definition, Field, FieldKind, Figure, Formula, Inline, Run, Style,
};
use crate::options::{Comments, Furniture, Images};

impl Writer<'_> {
    pub(super) fn blocks(&mut self, blocks: &mut [Block]) {
        for block in blocks {
            self.block(block);
        }
    }

    /// Writes a block behind a blank line.
    pub(super) fn block(&mut self, block: &mut Block) {
        if let BlockKind::List(list) = &block.kind
            && self.previous == Some(kind_of(list))
            && !list.items.is_empty()
        {
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
                BlockKind::List(list) => Some(kind_of(list)),
                // Its blocks stand beside those around it.
                BlockKind::Group(_) => self.previous,
                _ => None,
            };
        }
    }

    fn content(&mut self, block: &mut Block) {
        if block.kind.is_furniture() && self.options.furniture == Furniture::Drop {
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
            BlockKind::Quote(blocks) => self.quote(blocks),
            BlockKind::Formula(formula) => self.formula(formula),
            BlockKind::Footnote(note) => {
                let label = self.labels.get(&block.id).cloned().unwrap_or_default();
                self.contained(format!("[^{label}]: "), "    ".into(), &mut note.blocks);
            }
            BlockKind::Toc(entries) => self.contents(entries),
            BlockKind::Field(field) => self.field(field),
            BlockKind::Group(group) => {
                if let Some(title) = &group.title {
                    self.strong_line(&[Inline::plain(title)]);
                    self.out.blank();
                }
                self.blocks(&mut group.blocks);
            }
            BlockKind::Comment(note) if self.options.comments == Comments::Keep => self.comment(note),
            BlockKind::Comment(_) => {}
            BlockKind::Stamp(note) => self.text(&note.text),
            BlockKind::Attachment {
                name,
                mime_type,
                size,
            } => {
                let text = attachment(name, mime_type.as_deref(), *size);
                self.text(&text);
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

    fn paragraph(&mut self, inlines: &[Inline]) {
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
        self.paragraph(&bold(inlines));
    }

    /// Writes blocks in a container that shows even if it is empty.
    fn contained(&mut self, first: String, rest: String, blocks: &mut [Block]) {
        let outer = self.previous.take();
        self.out.enter(first, rest);
        self.blocks(blocks);
        self.out.leave(true);
        self.previous = outer;
    }

    fn quote(&mut self, blocks: &mut [Block]) {
        let outer = self.previous.take();
        self.out.enter("> ".into(), "> ".into());
        self.blocks(blocks);
        self.out.leave(false);
        self.previous = outer;
    }

    pub(super) fn code(&mut self, language: Option<&str>, text: &str) {
        let known = |c: &char| c.is_ascii_alphanumeric() || "+#._-".contains(*c);
        let language: String = language.unwrap_or_default().chars().take_while(known).collect();
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
        match (self.options.images, &figure.image) {
            (Images::None, _) => {}
            (Images::Extract, Some(name)) => self.out.push(&image(name, alt)),
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

    fn field(&mut self, field: &Field) {
        let label = field
            .label
            .as_deref()
            .or(field.name.as_deref())
            .unwrap_or_default()
            .trim();
        if matches!(field.kind, FieldKind::Checkbox | FieldKind::Radio) {
            let sign = if field.checked == Some(true) { "[x]" } else { "[ ]" };
            let label = if label.is_empty() {
                field.value.as_str()
            } else {
                label
            };
            return self.text(&format!("{sign} {label}"));
        }
        let text = match (label.is_empty(), field.value.trim()) {
            (true, value) => value.to_owned(),
            (false, "") => format!("{}:", label.trim_end_matches(':')),
            (false, value) => format!("{}: {value}", label.trim_end_matches(':')),
        };
        self.text(&text);
    }

    fn comment(&mut self, note: &Annotation) {
        let about = match (&note.author, &note.date) {
            (Some(author), Some(date)) => format!("{author} ({date}): "),
            (Some(about), None) | (None, Some(about)) => format!("{about}: "),
            (None, None) => String::new(),
        };
        self.out.enter("> ".into(), "> ".into());
        self.text(&format!("{about}{}", note.text));
        self.out.leave(false);
    }
}

/// Inlines of a heading behind its number.
pub(super) fn numbered(number: Option<&str>, inlines: &[Inline]) -> Vec<Inline> {
    let number = number.map(|number| Inline::plain(format!("{number} ")));
    number.into_iter().chain(inlines.iter().cloned()).collect()
}

/// Inlines of text; its line ends are breaks.
pub(super) fn text_inlines(text: &str) -> Vec<Inline> {
    let mut inlines = Vec::new();
    for line in text.split('\n') {
        if !inlines.is_empty() {
            inlines.push(Inline::Break);
        }
        inlines.push(Inline::plain(line));
    }
    inlines
}

/// Inlines, all of them bold.
pub(super) fn bold(inlines: &[Inline]) -> Vec<Inline> {
    let bold = inlines.iter().map(|inline| match inline {
        Inline::Run(run) => Inline::Run(Run {
            style: Style {
                bold: true,
                ..run.style
            },
            ..run.clone()
        }),
        Inline::Break => Inline::Break,
    });
    bold.collect()
}

fn attachment(name: &str, mime_type: Option<&str>, size: Option<u64>) -> String {
    let size = size.map(|size| format!("{size} bytes"));
    let facts: Vec<&str> = mime_type.into_iter().chain(size.as_deref()).collect();
    if facts.is_empty() {
        name.to_owned()
    } else {
        format!("{name} ({})", facts.join(", "))
    }
}
