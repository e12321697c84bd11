use super::captions::Captions;
use super::items::{Items, Kind, Reference};
use super::place::Sizes;
use crate::ir::{
    Annotation, Block, BlockId, BlockKind, Field, FieldKind, Figure, Inline, Page, inlines_text, plain_text,
};
use crate::options::WriteOptions;
use crate::write::json::Object;

/// Writer of the blocks of a page as items.
pub(super) struct PageWriter<'p, 'd> {
    page: &'p Page,
    pub(super) items: &'d mut Items,
    pub(super) sizes: &'d Sizes,
    pub(super) options: &'d WriteOptions,
    captions: Captions<'p>,
}

impl<'p, 'd> PageWriter<'p, 'd> {
    pub(super) fn new(
        page: &'p Page,
        items: &'d mut Items,
        sizes: &'d Sizes,
        options: &'d WriteOptions,
    ) -> Self {
        Self {
            page,
            items,
            sizes,
            options,
            captions: Captions::of(&page.blocks),
        }
    }

    /// Writes the page; the items that hang at the body.
    pub(super) fn page(&mut self) -> Vec<Reference> {
        let page = self.page;
        let mut children = Vec::new();
        children.extend(
            page.header
                .as_deref()
                .map(|text| self.beside("page_header", text)),
        );
        children.extend(self.blocks(&page.blocks, Reference::Body));
        children.extend(
            page.footer
                .as_deref()
                .map(|text| self.beside("page_footer", text)),
        );
        children
    }

    /// A header or footer that is known without a place.
    fn beside(&mut self, label: &str, text: &str) -> Reference {
        let block = Block::new(
            BlockId {
                page: self.page.number,
                place: 0,
            },
            BlockKind::Rule,
        );
        self.text(&block, Reference::Body, (label, "furniture"), text, |_| {})
    }

    /// Writes blocks; the items that they are.
    pub(super) fn blocks(&mut self, blocks: &'p [Block], parent: Reference) -> Vec<Reference> {
        let mut children = Vec::new();
        for block in blocks {
            let first = children.len();
            self.block(block, parent, &mut children);
            let own = children.iter().skip(first);
            self.items.named.extend(own.map(|item| (block.id, *item)));
        }
        children
    }

    fn block(&mut self, block: &'p Block, parent: Reference, children: &mut Vec<Reference>) {
        if let Some(inlines) = block.kind.inlines() {
            children.extend(self.leaf(block, inlines, parent));
            return;
        }
        match &block.kind {
            BlockKind::List(list) => children.push(self.list(list, parent)),
            BlockKind::DefinitionList(items) => children.push(self.definitions(block, items, parent)),
            BlockKind::Table(table) => children.push(self.table(block, table, parent)),
            BlockKind::Figure(figure) => children.push(self.figure(block, figure, parent)),
            BlockKind::Code { text, .. } => {
                children.push(self.text(block, parent, ("code", "body"), text, |_| {}));
            }
            BlockKind::Quote(blocks) => children.push(self.group("quote", "unspecified", blocks, parent)),
            BlockKind::Formula(formula) => {
                let text = formula.tex.as_deref().unwrap_or(&formula.text);
                children.push(self.text(block, parent, ("formula", "body"), text, |_| {}));
            }
            BlockKind::Footnote(note) => {
                let texts: Vec<String> = note.blocks.iter().map(plain_text).collect();
                let text = format!("{} {}", note.label, texts.concat().trim_end());
                children.push(self.text(block, parent, ("footnote", "body"), text.trim(), |_| {}));
            }
            BlockKind::Toc(entries) => children.push(self.contents(block, entries, parent)),
            BlockKind::Field(field) => children.push(self.field(block, field, parent)),
            BlockKind::Group(group) => {
                if let Some(title) = &group.title {
                    children.push(self.text(block, parent, ("text", "body"), title, |_| {}));
                }
                children.push(self.group("group", "section", &group.blocks, parent));
            }
            BlockKind::Comment(note) => children.push(self.annotation(block, note, "notes", parent)),
            BlockKind::Stamp(note) => children.push(self.annotation(block, note, "body", parent)),
            BlockKind::Attachment { name, .. } => {
                children.push(self.text(block, parent, ("text", "body"), name, |_| {}));
            }
            // A rule says nothing; those of text were written above.
            _ => {}
        }
    }

    /// Writes a block of nothing but text.
    fn leaf(&mut self, block: &'p Block, inlines: &[Inline], parent: Reference) -> Option<Reference> {
        let text = inlines_text(inlines);
        let (label, layer) = match &block.kind {
            BlockKind::Title(_) => ("title", "body"),
            BlockKind::Heading { level, number, .. } => {
                let level = (*level).clamp(1, 6);
                let text = match number {
                    Some(number) => format!("{number} {text}"),
                    None => text,
                };
                let label = ("section_header", "body");
                return Some(self.text(block, parent, label, &text, |json| json.integer("level", level)));
            }
            BlockKind::Caption(caption) if self.captions.has_owner(caption.target) => return None,
            BlockKind::Caption(_) => ("caption", "body"),
            BlockKind::Reference(_) => ("reference", "body"),
            BlockKind::Header(_) => ("page_header", "furniture"),
            BlockKind::Footer(_) | BlockKind::PageNumber(_) => ("page_footer", "furniture"),
            BlockKind::Watermark(_) => ("text", "background"),
            _ => ("text", "body"),
        };
        Some(self.text(block, parent, (label, layer), &text, |_| {}))
    }

    /// Writes a text with its label and layer; `more` writes what is its own.
    pub(super) fn text(
        &mut self,
        block: &Block,
        parent: Reference,
        label: (&str, &str),
        text: &str,
        more: impl FnOnce(&mut Object<'_>),
    ) -> Reference {
        let own = self.items.reserve(Kind::Text);
        let sizes = self.sizes;
        self.items.put(own, |json| {
            head(own, parent, &[], label, json);
            sizes.write(block, text, json);
            json.text("orig", text);
            json.text("text", text);
            more(json);
        });
        own
    }

    /// Writes blocks as a group.
    pub(super) fn group(
        &mut self,
        name: &str,
        label: &str,
        blocks: &'p [Block],
        parent: Reference,
    ) -> Reference {
        let own = self.items.reserve(Kind::Group);
        let children = self.blocks(blocks, own);
        self.put_group(own, name, label, &children, parent);
        own
    }

    pub(super) fn put_group(
        &mut self,
        own: Reference,
        name: &str,
        label: &str,
        children: &[Reference],
        parent: Reference,
    ) {
        self.items.put(own, |json| {
            head(own, parent, children, (label, "body"), json);
            json.text("name", name);
        });
    }

    /// Writes the captions of a table or figure.
    pub(super) fn captions(&mut self, owner: &Block, parent: Reference) -> Vec<Reference> {
        let captions = self.captions.take(owner.id);
        let write = |caption: &Block| {
            let text = inlines_text(caption.kind.inlines().unwrap_or_default());
            let item = self.text(caption, parent, ("caption", "body"), &text, |_| {});
            self.items.named.push((caption.id, item));
            item
        };
        captions.into_iter().map(write).collect()
    }

    /// Writes a picture. The text inside it hangs below it, and so does the data of a chart.
    fn figure(&mut self, block: &'p Block, figure: &'p Figure, parent: Reference) -> Reference {
        let own = self.items.reserve(Kind::Picture);
        let captions = self.captions(block, own);
        let mut children = captions.clone();
        if let Some(alt) = figure.alt.as_deref().filter(|_| captions.is_empty()) {
            children.push(self.text(block, own, ("text", "body"), alt, |_| {}));
        }
        children.extend(self.blocks(&figure.blocks, own));
        children.extend(figure.data.as_ref().map(|data| self.table(block, data, own)));
        let sizes = self.sizes;
        self.items.put(own, |json| {
            head(own, parent, &children, ("picture", "body"), json);
            sizes.write(block, "", json);
            json.array("captions", &captions, |caption, out| caption.write(out));
        });
        own
    }

    fn field(&mut self, block: &Block, field: &Field, parent: Reference) -> Reference {
        let name = field.label.as_ref().or(field.name.as_ref());
        let name = name.map(|name| format!("{name}: ")).unwrap_or_default();
        let label = match field.kind {
            FieldKind::Checkbox | FieldKind::Radio if field.checked == Some(true) => "checkbox_selected",
            FieldKind::Checkbox | FieldKind::Radio => "checkbox_unselected",
            _ => "text",
        };
        let text = format!("{name}{}", field.value);
        self.text(block, parent, (label, "body"), &text, |_| {})
    }

    fn annotation(&mut self, block: &Block, note: &Annotation, layer: &str, parent: Reference) -> Reference {
        let from = [note.author.as_deref(), note.date.as_deref()];
        let from: Vec<_> = from.into_iter().flatten().collect();
        let colon = if from.is_empty() { "" } else { ": " };
        let text = format!("{}{colon}{}", from.join(", "), note.text);
        self.text(block, parent, ("text", layer), &text, |_| {})
    }
}

/// Writes the fields that all items have.
pub(super) fn head(
    own: Reference,
    parent: Reference,
    children: &[Reference],
    (label, layer): (&str, &str),
    json: &mut Object<'_>,
) {
    json.text("self_ref", &own.to_string());
    json.object("parent", |json| json.text("$ref", &parent.to_string()));
    json.array("children", children, |child, out| child.write(out));
    json.text("content_layer", layer);
    json.text("label", label);
}
