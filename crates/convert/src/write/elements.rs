use super::html::html_table;
use super::json::{Object, array, object};
use super::page_break::is_left_out;
use super::writer::{DocumentHead, DocumentTail, DocumentWriter};
use crate::ConvertError;
use crate::ir::{Block, BlockKind, FieldKind, Inline, Link, Page, Table, inlines_text, plain_text};
use crate::options::WriteOptions;

/// The elements that Unstructured parts a document into: a JSON object on each line, in reading order, with what is
/// known of it. Nothing is nested; a depth says what is below what.
pub(crate) struct Elements<'o> {
    options: &'o WriteOptions,
}

/// Element on its way out.
struct Element<'a> {
    block: &'a Block,
    kind: &'static str,
    text: String,
    depth: Option<usize>,
}

impl<'o> Elements<'o> {
    pub(crate) fn new(options: &'o WriteOptions) -> Self {
        Self { options }
    }

    fn blocks(&self, page: &Page, blocks: &[Block], depth: usize, out: &mut String) {
        for block in blocks {
            self.block(page, block, depth, out);
        }
    }

    fn block(&self, page: &Page, block: &Block, depth: usize, out: &mut String) {
        let plain = |kind, text| Element {
            block,
            kind,
            text,
            depth: None,
        };
        match &block.kind {
            BlockKind::List(list) => {
                for item in &list.items {
                    let (own, rest) = match item.blocks.split_first() {
                        Some((first, rest)) if matches!(first.kind, BlockKind::Paragraph(_)) => (first, rest),
                        _ => {
                            self.blocks(page, &item.blocks, depth + 1, out);
                            continue;
                        }
                    };
                    let element = Element {
                        block: own,
                        kind: "ListItem",
                        text: plain_text(own),
                        depth: Some(depth),
                    };
                    self.element(page, &element, None, out);
                    self.blocks(page, rest, depth + 1, out);
                }
            }
            BlockKind::DefinitionList(items) => {
                for item in items {
                    self.element(page, &plain("ListItem", inlines_text(&item.term)), None, out);
                    self.blocks(page, &item.blocks, depth + 1, out);
                }
            }
            BlockKind::Table(table) => self.element(page, &plain("Table", words_of(table)), Some(table), out),
            BlockKind::Figure(figure) => {
                let alt = figure.alt.clone().unwrap_or_default();
                self.element(page, &plain("Image", alt), None, out);
                if let Some(data) = &figure.data {
                    self.element(page, &plain("Table", words_of(data)), Some(data), out);
                }
            }
            BlockKind::Quote(blocks) => self.blocks(page, blocks, depth, out),
            BlockKind::Group(group) => {
                if let Some(title) = &group.title {
                    self.element(page, &plain("UncategorizedText", title.clone()), None, out);
                }
                self.blocks(page, &group.blocks, depth, out);
            }
            BlockKind::Rule => {}
            BlockKind::Heading { level, .. } => {
                let depth = Some(usize::from((*level).clamp(1, 6)) - 1);
                let element = Element {
                    depth,
                    ..plain("Title", plain_text(block))
                };
                self.element(page, &element, None, out);
            }
            kind => self.element(page, &plain(name_of(kind), plain_text(block)), None, out),
        }
    }

    fn element(&self, page: &Page, element: &Element<'_>, table: Option<&Table>, out: &mut String) {
        let text = element.text.trim();
        if text.is_empty() && element.kind != "Image" && table.is_none() {
            return;
        }
        object(out, |json| {
            json.text("type", element.kind);
            json.text("text", text);
            json.integer("page", page.number);
            json.text_if("pageName", page.label.as_deref());
            json.text_if("lang", element.block.lang.as_deref().or(page.lang.as_deref()));
            if let Some(depth) = element.depth {
                json.integer("depth", u64::try_from(depth).unwrap_or_default());
            }
            if let Some(table) = table {
                json.text("html", &html_table(table, self.options));
            }
            write_place(page, element.block, json);
            write_links(element.block, json);
        });
        out.push('\n');
    }
}

/// Writes the box of a block with the size of its page.
fn write_place(page: &Page, block: &Block, json: &mut Object<'_>) {
    let (Some(region), Some(width), Some(height)) = (block.regions.first(), page.width, page.height) else {
        return;
    };
    json.decimal("width", width);
    json.decimal("height", height);
    json.array("bbox", region.bbox, super::json::decimal);
}

/// Writes the links in a block: their texts and addresses.
fn write_links(block: &Block, json: &mut Object<'_>) {
    let links = block
        .kind
        .inlines()
        .unwrap_or_default()
        .iter()
        .filter_map(|inline| match inline {
            Inline::Run(run) => match &run.link {
                Some(Link::Href(address)) => Some((run.text.as_str(), address.as_str())),
                _ => None,
            },
            Inline::Break => None,
        });
    let links: Vec<(&str, &str)> = links.collect();
    if !links.is_empty() {
        json.array("links", links, |(text, address), out| {
            array(out, [text, address], super::json::string);
        });
    }
}

/// The texts of the cells of a table, joined by blanks.
fn words_of(table: &Table) -> String {
    let texts = table.cells.iter().map(|cell| cell.text.trim());
    let texts: Vec<&str> = texts.filter(|text| !text.is_empty()).collect();
    texts.join(" ")
}

fn name_of(kind: &BlockKind) -> &'static str {
    match kind {
        BlockKind::Title(_) => "Title",
        BlockKind::Paragraph(inlines) => {
            let text = inlines_text(inlines);
            // A few words without an end are no sentence.
            let is_sentence =
                text.split_whitespace().count() > 4 || text.trim_end().ends_with(['.', '!', '?', '。']);
            if is_sentence {
                "NarrativeText"
            } else {
                "UncategorizedText"
            }
        }
        BlockKind::Caption(_) => "FigureCaption",
        BlockKind::Code { .. } => "CodeSnippet",
        BlockKind::Formula(_) => "Formula",
        BlockKind::Footnote(_) => "Footnote",
        BlockKind::Header(_) => "Header",
        BlockKind::Footer(_) => "Footer",
        BlockKind::PageNumber(_) => "PageNumber",
        BlockKind::Field(field) => match (field.kind, field.checked) {
            (FieldKind::Checkbox | FieldKind::Radio, Some(true)) => "Checked",
            (FieldKind::Checkbox | FieldKind::Radio, _) => "Unchecked",
            _ => "FormKeysValues",
        },
        BlockKind::Aside(_) | BlockKind::Quote(_) => "NarrativeText",
        _ => "UncategorizedText",
    }
}

impl DocumentWriter for Elements<'_> {
    fn start(&mut self, _head: &DocumentHead, _out: &mut String) {}

    fn page(&mut self, page: Page, out: &mut String) -> Result<(), ConvertError> {
        if !is_left_out(&page, self.options) {
            self.blocks(&page, &page.blocks, 0, out);
        }
        Ok(())
    }

    fn finish(&mut self, _tail: &DocumentTail, _out: &mut String) -> Result<(), ConvertError> {
        Ok(())
    }
}
