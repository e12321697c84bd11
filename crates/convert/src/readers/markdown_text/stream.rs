use pulldown_cmark::{Alignment as Aligned, CodeBlockKind, CowStr, Event, LinkType, Tag, TagEnd};

use super::inlines::Inlines;
use super::{html, html_inline};
use crate::ConvertError;
use crate::ir::{
    Alignment, BlockKind, Builder, CellStart, Footnote, HeaderKind, Inline, ItemStart, List, ListStyle, Table,
};
use crate::readers::html::Mark;
use crate::readers::{MAX_DEPTH, leaf};

/// Reader of the events of Markdown: knows what is open, and gives each block to the builder once it is whole.
pub(super) struct Stream {
    inlines: Inlines,
    /// Containers that are open, and whether the builder has them too.
    containers: Vec<bool>,
    /// An item has begun, whose check box would come next.
    item: bool,
    leaf: Leaf,
    table: Rows,
}

/// Block without inlines that is being read.
enum Leaf {
    None,
    /// Code with its language.
    Code(Option<String>, String),
    Html(String),
}

/// Place in the table that is being read.
#[derive(Default)]
struct Rows {
    row: u32,
    column: u32,
    /// Cells of the header, which is left out if all are empty.
    head: Option<Vec<Vec<Inline>>>,
}

impl Stream {
    pub(super) fn new() -> Self {
        Self {
            inlines: Inlines::default(),
            containers: Vec::new(),
            item: false,
            leaf: Leaf::None,
            table: Rows::default(),
        }
    }

    /// Ends what the text has left open.
    pub(super) fn finish(&mut self, builder: &mut Builder<'_>) -> Result<(), ConvertError> {
        self.begin_item(None, builder)?;
        self.paragraph(builder)
    }

    pub(super) fn event(&mut self, event: Event<'_>, builder: &mut Builder<'_>) -> Result<(), ConvertError> {
        match &event {
            // A check box is the first thing of an item, or of its first paragraph.
            Event::TaskListMarker(checked) => return self.begin_item(Some(*checked), builder),
            Event::Start(Tag::Paragraph) => {}
            _ => self.begin_item(None, builder)?,
        }
        match event {
            Event::Start(tag) => self.start(tag, builder),
            Event::End(tag) => self.end(tag, builder),
            Event::Rule => {
                self.paragraph(builder)?;
                builder.add(BlockKind::Rule).map(drop)
            }
            other => {
                self.text(other, builder);
                Ok(())
            }
        }
    }

    fn text(&mut self, event: Event<'_>, builder: &mut Builder<'_>) {
        match event {
            Event::Text(text) | Event::InlineMath(text) | Event::DisplayMath(text) => match &mut self.leaf {
                Leaf::Code(_, code) => code.push_str(&text),
                _ => self.inlines.text(&text),
            },
            Event::Html(html) => match &mut self.leaf {
                Leaf::Html(block) => block.push_str(&html),
                _ => html_inline::inline(&html, &mut self.inlines),
            },
            Event::InlineHtml(html) => html_inline::inline(&html, &mut self.inlines),
            Event::Code(text) => self.inlines.code(&text),
            Event::SoftBreak => self.inlines.text(" "),
            Event::HardBreak => self.inlines.line_break(),
            Event::FootnoteReference(label) => {
                let note = builder.forward(&label);
                self.inlines.note(&label, note);
            }
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, builder: &mut Builder<'_>) -> Result<(), ConvertError> {
        match tag {
            Tag::Emphasis => self.inlines.begin(Mark::Italic),
            Tag::Strong => self.inlines.begin(Mark::Bold),
            Tag::Strikethrough => self.inlines.begin(Mark::Strike),
            Tag::Superscript => self.inlines.begin(Mark::Superscript),
            Tag::Subscript => self.inlines.begin(Mark::Subscript),
            Tag::Link {
                link_type, dest_url, ..
            } => {
                let email = link_type == LinkType::Email;
                self.inlines.begin_link(&if email {
                    format!("mailto:{dest_url}").into()
                } else {
                    dest_url
                });
            }
            Tag::Image { dest_url, .. } => self.inlines.begin_image(&dest_url),
            Tag::TableRow => self.table.column = 0,
            Tag::TableHead | Tag::TableCell => {}
            block => {
                self.paragraph(builder)?;
                self.start_block(block, builder)?;
            }
        }
        Ok(())
    }

    fn start_block(&mut self, tag: Tag<'_>, builder: &mut Builder<'_>) -> Result<(), ConvertError> {
        match tag {
            Tag::HtmlBlock => self.leaf = Leaf::Html(String::new()),
            Tag::CodeBlock(kind) => self.leaf = Leaf::Code(language(&kind), String::new()),
            Tag::BlockQuote(_) => self.open(BlockKind::Quote(Vec::new()), builder)?,
            Tag::List(start) => {
                let list = List {
                    ordered: start.is_some(),
                    style: ListStyle::Decimal,
                    start: start.map_or(1, |start| u32::try_from(start).unwrap_or(u32::MAX)),
                    items: Vec::new(),
                };
                self.open(BlockKind::List(list), builder)?;
            }
            Tag::Item => self.item = true,
            Tag::FootnoteDefinition(label) => self.open_footnote(&label, builder)?,
            Tag::Table(align) => {
                self.table = Rows {
                    head: Some(Vec::new()),
                    ..Rows::default()
                };
                let table = Table {
                    align: alignments(&align),
                    ..Table::default()
                };
                builder.open(BlockKind::Table(table))?;
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, tag: TagEnd, builder: &mut Builder<'_>) -> Result<(), ConvertError> {
        match tag {
            TagEnd::Emphasis => self.inlines.end(Mark::Italic),
            TagEnd::Strong => self.inlines.end(Mark::Bold),
            TagEnd::Strikethrough => self.inlines.end(Mark::Strike),
            TagEnd::Superscript => self.inlines.end(Mark::Superscript),
            TagEnd::Subscript => self.inlines.end(Mark::Subscript),
            TagEnd::Link => self.inlines.end_link(),
            TagEnd::Image => self.inlines.end_image(),
            TagEnd::TableHead => self.end_head(builder)?,
            TagEnd::TableRow => self.table.row = self.table.row.saturating_add(1),
            TagEnd::TableCell => self.end_cell(builder)?,
            TagEnd::Table => builder.close()?,
            TagEnd::Heading(level) => {
                let inlines = self.inlines.take();
                builder.add(BlockKind::Heading {
                    level: level as u8,
                    number: None,
                    inlines,
                })?;
            }
            TagEnd::CodeBlock | TagEnd::HtmlBlock => self.end_leaf(builder)?,
            TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item | TagEnd::FootnoteDefinition => {
                self.paragraph(builder)?;
                if self.containers.pop() == Some(true) {
                    builder.close()?;
                }
            }
            _ => self.paragraph(builder)?,
        }
        Ok(())
    }

    fn open(&mut self, kind: BlockKind, builder: &mut Builder<'_>) -> Result<(), ConvertError> {
        // A list needs a level for its items, too.
        let known = builder.depth() + 1 < MAX_DEPTH;
        if known {
            builder.open(kind)?;
        }
        self.containers.push(known);
        Ok(())
    }

    fn open_footnote(&mut self, label: &CowStr<'_>, builder: &mut Builder<'_>) -> Result<(), ConvertError> {
        let known = builder.depth() < MAX_DEPTH;
        if known {
            let id = builder.open(BlockKind::Footnote(Footnote {
                label: label.to_string(),
                blocks: Vec::new(),
            }))?;
            builder.define(label, id);
        }
        self.containers.push(known);
        Ok(())
    }

    /// Opens the item that has begun, if one has.
    fn begin_item(&mut self, checked: Option<bool>, builder: &mut Builder<'_>) -> Result<(), ConvertError> {
        if !std::mem::take(&mut self.item) {
            return Ok(());
        }
        let known = builder.depth() < MAX_DEPTH && self.containers.last() == Some(&true);
        if known {
            builder.open_item(ItemStart {
                marker: None,
                checked,
            })?;
        }
        self.containers.push(known);
        Ok(())
    }

    fn paragraph(&mut self, builder: &mut Builder<'_>) -> Result<(), ConvertError> {
        leaf::add_paragraph(self.inlines.take(), builder)
    }

    fn end_leaf(&mut self, builder: &mut Builder<'_>) -> Result<(), ConvertError> {
        match std::mem::replace(&mut self.leaf, Leaf::None) {
            Leaf::Code(language, mut text) => {
                if text.ends_with('\n') {
                    text.pop();
                }
                builder.add(BlockKind::Code { language, text })?;
            }
            Leaf::Html(html) => html::block(&html, builder)?,
            Leaf::None => {}
        }
        Ok(())
    }

    fn end_cell(&mut self, builder: &mut Builder<'_>) -> Result<(), ConvertError> {
        let inlines = self.inlines.take();
        match &mut self.table.head {
            Some(head) => {
                head.push(inlines);
                Ok(())
            }
            None => {
                let start = CellStart::at(self.table.row, self.table.column);
                self.table.column += 1;
                leaf::add_cell(start, inlines, builder)
            }
        }
    }

    /// Adds the header of a table. One without any text is what Markdown needs for a table that has none.
    fn end_head(&mut self, builder: &mut Builder<'_>) -> Result<(), ConvertError> {
        let head = self.table.head.take().unwrap_or_default();
        if head.iter().all(Vec::is_empty) {
            return Ok(());
        }
        for (column, inlines) in (0..).zip(head) {
            let start = CellStart {
                header: Some(HeaderKind::Column),
                ..CellStart::at(0, column)
            };
            leaf::add_cell(start, inlines, builder)?;
        }
        self.table.row = 1;
        Ok(())
    }
}

/// Language of a code block: the first word behind its fence.
fn language(kind: &CodeBlockKind<'_>) -> Option<String> {
    match kind {
        CodeBlockKind::Fenced(info) => info.split_whitespace().next().map(str::to_owned),
        CodeBlockKind::Indented => None,
    }
}

fn alignments(align: &[Aligned]) -> Vec<Option<Alignment>> {
    if align.iter().all(|align| *align == Aligned::None) {
        return Vec::new();
    }
    let known = align.iter().map(|align| match align {
        Aligned::None => None,
        Aligned::Left => Some(Alignment::Left),
        Aligned::Center => Some(Alignment::Center),
        Aligned::Right => Some(Alignment::Right),
    });
    known.collect()
}
