use super::escape;
use super::inline::is_language;
use super::{Scope, Writer};
use crate::ir::{
    Annotation, Block, BlockKind, Caption, ContentsEntry, Direction, Field, FieldKind, Figure, Footnote,
    Group, GroupKind, Inline,
};
use crate::options::{Comments, Furniture};

impl Writer<'_> {
    /// Writes blocks. A caption that stands beside its table or figure is a part of that.
    pub(super) fn blocks(&mut self, blocks: &[Block]) {
        let mut at = 0;
        while let Some(block) = blocks.get(at) {
            let next = blocks.get(at + 1);
            let taken = match next {
                Some(next) if caption_of(block, next).is_some() => {
                    self.block(next, caption_of(block, next));
                    2
                }
                Some(next) if caption_of(next, block).is_some() => {
                    self.block(block, caption_of(next, block));
                    2
                }
                _ => {
                    self.block(block, None);
                    1
                }
            };
            at += taken;
        }
    }

    fn block(&mut self, block: &Block, caption: Option<&Caption>) {
        let attributes = self.attributes(block);
        let own = attributes.as_str();
        match &block.kind {
            BlockKind::Title(inlines) => self.simple("h1", own, inlines),
            BlockKind::Heading {
                level,
                number,
                inlines,
            } => self.heading(*level, own, number.as_deref(), inlines),
            BlockKind::Paragraph(inlines) | BlockKind::LineBlock(inlines) => self.simple("p", own, inlines),
            BlockKind::Aside(inlines) => self.simple("aside", own, inlines),
            BlockKind::Caption(caption) => self.classed("caption", own, &caption.inlines),
            BlockKind::Reference(inlines) => self.classed("reference", own, inlines),
            BlockKind::Header(inlines) => self.furniture("header", own, inlines),
            BlockKind::Footer(inlines) => self.furniture("footer", own, inlines),
            BlockKind::PageNumber(inlines) => self.furniture("page-number", own, inlines),
            BlockKind::Watermark(inlines) => self.furniture("watermark", own, inlines),
            BlockKind::List(list) => self.list(own, list),
            BlockKind::DefinitionList(items) => self.definitions(own, items),
            BlockKind::Table(table) => self.table(own, table, caption),
            BlockKind::Figure(figure) => self.figure(own, figure, caption),
            BlockKind::Code { language, text } => self.code(own, language.as_deref(), text),
            BlockKind::Quote(blocks) => self.container("blockquote", own, blocks),
            BlockKind::Formula(formula) => {
                self.open("p", own);
                self.math(formula.tex.as_deref().unwrap_or(&formula.text));
                self.close("p");
            }
            BlockKind::Footnote(note) => self.footnote(block, note),
            BlockKind::Toc(entries) => self.contents(own, entries),
            BlockKind::Field(field) => self.field(own, field),
            BlockKind::Group(group) => self.group(own, group),
            BlockKind::Comment(note) if self.options.comments == Comments::Keep => {
                self.annotation("comment", own, note);
            }
            BlockKind::Comment(_) => {}
            BlockKind::Stamp(note) => self.annotation("stamp", own, note),
            BlockKind::Attachment {
                name,
                mime_type,
                size,
            } => {
                self.attachment(own, name, mime_type.as_deref(), *size);
            }
            BlockKind::Rule => {
                self.line();
                self.push("<hr");
                self.push(own);
                self.end_empty();
                self.line();
            }
        }
    }

    /// Attributes that every block may have.
    fn attributes(&self, block: &Block) -> String {
        let mut own = match self.scope {
            Scope::Document => format!(" id=\"{}\"", block.id),
            Scope::Rendered | Scope::Markdown => String::new(),
        };
        if let Some(lang) = block.lang.as_deref().filter(|lang| is_language(lang)) {
            own.push_str(&format!(" lang=\"{lang}\""));
        }
        match block.dir {
            Some(Direction::Ltr) => own.push_str(" dir=\"ltr\""),
            Some(Direction::Rtl) => own.push_str(" dir=\"rtl\""),
            None => {}
        }
        own
    }

    /// Begins an element on a line of its own; `attributes` are escaped already.
    pub(super) fn open(&mut self, name: &str, attributes: &str) {
        self.line();
        self.push("<");
        self.push(name);
        self.push(attributes);
        self.push(">");
    }

    /// Ends an element and its line.
    pub(super) fn close(&mut self, name: &str) {
        self.push("</");
        self.push(name);
        self.push(">\n");
    }

    pub(super) fn simple(&mut self, name: &str, attributes: &str, inlines: &[Inline]) {
        self.open(name, attributes);
        self.inlines(inlines);
        self.close(name);
    }

    fn classed(&mut self, class: &str, attributes: &str, inlines: &[Inline]) {
        self.simple("p", &format!("{attributes} class=\"{class}\""), inlines);
    }

    fn furniture(&mut self, class: &str, attributes: &str, inlines: &[Inline]) {
        if self.options.furniture == Furniture::Keep {
            self.classed(class, attributes, inlines);
        }
    }

    pub(super) fn container(&mut self, name: &str, attributes: &str, blocks: &[Block]) {
        self.open(name, attributes);
        self.line();
        self.blocks(blocks);
        self.close(name);
    }

    fn heading(&mut self, level: u8, attributes: &str, number: Option<&str>, inlines: &[Inline]) {
        const NAMES: [&str; 6] = ["h1", "h2", "h3", "h4", "h5", "h6"];
        let name = NAMES
            .get(usize::from(level.saturating_sub(1)))
            .copied()
            .unwrap_or("h6");
        self.open(name, attributes);
        if let Some(number) = number {
            self.text(number);
            self.push(" ");
        }
        self.inlines(inlines);
        self.close(name);
    }

    fn code(&mut self, attributes: &str, language: Option<&str>, text: &str) {
        self.open("pre", attributes);
        self.push("<code");
        if let Some(language) = language {
            self.attribute("class", &format!("language-{language}"));
        }
        self.push(">");
        escape::push_code(&mut self.out, text, self.scope);
        self.push("</code>");
        self.close("pre");
    }

    /// Writes a picture with its caption, and the data of a chart. The text inside a picture is no text of the document.
    fn figure(&mut self, attributes: &str, figure: &Figure, caption: Option<&Caption>) {
        self.open("figure", attributes);
        self.picture(
            figure.image.as_deref().unwrap_or_default(),
            figure.alt.as_deref().unwrap_or_default(),
        );
        if let Some(data) = &figure.data {
            self.table("", data, None);
        }
        if let Some(caption) = caption {
            self.simple("figcaption", "", &caption.inlines);
        }
        self.close("figure");
    }

    fn footnote(&mut self, block: &Block, note: &Footnote) {
        let anchor = self.note_anchor(block.id, &note.label);
        self.open("aside", "");
        self.out.pop();
        self.attribute("class", "footnote");
        if self.scope != Scope::Markdown {
            self.attribute("id", &anchor);
        }
        self.push("><sup>");
        self.text(&note.label);
        self.push("</sup> ");
        match note.blocks.split_first() {
            Some((first, rest)) if matches!(first.kind, BlockKind::Paragraph(_)) => {
                self.inlines(first.kind.inlines().unwrap_or_default());
                self.blocks(rest);
            }
            _ => self.blocks(&note.blocks),
        }
        if self.noted.contains(&anchor) {
            self.push(" <a");
            self.attribute("href", &format!("#ref-{anchor}"));
            self.push(">↩</a>");
        }
        self.close("aside");
    }

    fn contents(&mut self, attributes: &str, entries: &[ContentsEntry]) {
        self.open("ul", &format!("{attributes} class=\"toc\""));
        for entry in entries {
            self.open("li", "");
            let target = entry.target.filter(|_| self.scope == Scope::Document);
            if let Some(target) = target {
                self.push(&format!("<a href=\"#{target}\">"));
            }
            self.text(&crate::ir::inlines_text(&entry.inlines));
            if target.is_some() {
                self.push("</a>");
            }
            if let Some(page) = &entry.page {
                self.push(" ");
                self.text(page);
            }
            self.close("li");
        }
        self.close("ul");
    }

    fn field(&mut self, attributes: &str, field: &Field) {
        self.open("p", &format!("{attributes} class=\"field\""));
        if let Some(label) = field.label.as_ref().or(field.name.as_ref()) {
            self.text(label.trim_end_matches(':'));
            self.push(": ");
        }
        if matches!(field.kind, FieldKind::Checkbox | FieldKind::Radio) {
            self.push(if field.checked == Some(true) {
                "☑ "
            } else {
                "☐ "
            });
        }
        self.text(&field.value);
        self.close("p");
    }

    fn group(&mut self, attributes: &str, group: &Group) {
        let class = match group.kind {
            GroupKind::Section => "section",
            GroupKind::Form => "form",
            GroupKind::Message => "message",
            GroupKind::Attachment => "attachment",
        };
        self.open("section", &format!("{attributes} class=\"{class}\""));
        if let Some(title) = &group.title {
            self.open("p", "");
            self.push("<strong>");
            self.text(title);
            self.push("</strong>");
            self.close("p");
        }
        self.line();
        self.blocks(&group.blocks);
        self.close("section");
    }

    fn annotation(&mut self, class: &str, attributes: &str, note: &Annotation) {
        self.open("aside", &format!("{attributes} class=\"{class}\""));
        let from = [note.author.as_deref(), note.date.as_deref()];
        let from: Vec<_> = from.into_iter().flatten().collect();
        if !from.is_empty() {
            self.text(&from.join(", "));
            self.push(": ");
        }
        self.text(&note.text);
        self.close("aside");
    }

    fn attachment(&mut self, attributes: &str, name: &str, mime_type: Option<&str>, size: Option<u64>) {
        self.open("p", &format!("{attributes} class=\"attachment\""));
        self.text(name);
        let size = size.map(|size| format!("{size} bytes"));
        let facts: Vec<_> = [mime_type, size.as_deref()].into_iter().flatten().collect();
        if !facts.is_empty() {
            self.text(&format!(" ({})", facts.join(", ")));
        }
        self.close("p");
    }
}

/// The caption that `block` is, if it belongs to `target`.
fn caption_of<'a>(block: &'a Block, target: &Block) -> Option<&'a Caption> {
    match (&block.kind, &target.kind) {
        (BlockKind::Caption(caption), BlockKind::Table(_) | BlockKind::Figure(_)) => {
            Some(caption).filter(|caption| caption.target == Some(target.id))
        }
        _ => None,
    }
}
