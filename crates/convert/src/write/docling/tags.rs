use std::collections::HashMap;

use crate::ConvertError;
use crate::ir::{Block, BlockKind, Cell, HeaderKind, List, Page, Table, inlines_text, plain_text};
use crate::options::{Hidden, WriteOptions};
use crate::write::page_break::is_left_out;
use crate::write::visible::visible;
use crate::write::writer::{DocumentHead, DocumentTail, DocumentWriter};

/// Positions of a grid that are written one by one where no cell is, at most; a sheet may be nearly empty.
const MAX_EMPTY: u32 = 64;
/// Places are in parts of a page.
const PARTS: f32 = 500.0;

/// A document as DocTags. Texts are escaped, so that none of them is a tag.
pub(crate) struct DocTags<'o> {
    options: &'o WriteOptions,
    started: bool,
    out: String,
    size: Option<(f32, f32)>,
}

impl<'o> DocTags<'o> {
    pub(crate) fn new(options: &'o WriteOptions) -> Self {
        Self {
            options,
            started: false,
            out: String::new(),
            size: None,
        }
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        if let Some(inlines) = block.kind.inlines() {
            let text = inlines_text(inlines);
            return match &block.kind {
                BlockKind::Heading { level, number, .. } => {
                    let name = format!("section_header_level_{}", (*level).clamp(1, 6));
                    let number = number.as_deref().map(|number| format!("{number} "));
                    self.element(&name, block, &format!("{}{text}", number.unwrap_or_default()));
                }
                kind => self.element(name_of(kind), block, &text),
            };
        }
        match &block.kind {
            BlockKind::List(list) => self.list(list),
            BlockKind::DefinitionList(items) => {
                for item in items {
                    self.element("text", block, &inlines_text(&item.term));
                    self.blocks(&item.blocks);
                }
            }
            BlockKind::Table(table) => self.table(block, table),
            BlockKind::Figure(figure) => {
                self.out.push_str("<picture>");
                self.place(block);
                self.escaped(figure.alt.as_deref().unwrap_or_default());
                self.out.push_str("</picture>\n");
                if let Some(data) = &figure.data {
                    self.table(block, data);
                }
            }
            BlockKind::Quote(blocks) => self.blocks(blocks),
            BlockKind::Group(group) => {
                if let Some(title) = &group.title {
                    self.element("text", block, title);
                }
                self.blocks(&group.blocks);
            }
            BlockKind::Rule => {}
            kind => self.element(name_of(kind), block, plain_text(block).trim_end()),
        }
    }

    fn element(&mut self, name: &str, block: &Block, text: &str) {
        self.out.push_str(&format!("<{name}>"));
        self.place(block);
        self.escaped(text);
        self.out.push_str(&format!("</{name}>\n"));
    }

    fn list(&mut self, list: &List) {
        let name = if list.ordered {
            "ordered_list"
        } else {
            "unordered_list"
        };
        self.out.push_str(&format!("<{name}>"));
        for item in &list.items {
            let (own, rest) = match item.blocks.split_first() {
                Some((first, rest)) if matches!(first.kind, BlockKind::Paragraph(_)) => (Some(first), rest),
                _ => (None, item.blocks.as_slice()),
            };
            self.out.push_str("<list_item>");
            if let Some(own) = own {
                self.place(own);
                self.escaped(plain_text(own).trim_end());
            }
            self.out.push_str("</list_item>\n");
            self.blocks(rest);
        }
        self.out.push_str(&format!("</{name}>\n"));
    }

    fn table(&mut self, block: &Block, table: &Table) {
        let table = match self.options.hidden {
            Hidden::Drop => visible(table).into_owned(),
            Hidden::Mark | Hidden::Keep => table.clone(),
        };
        self.out.push_str("<otsl>");
        self.place(block);
        // Columns that a cell of a row above covers: down to this row, and whether it is the first one of the cell.
        let mut covered: HashMap<u32, (u32, bool)> = HashMap::new();
        let mut cells = table.cells.as_slice();
        for row in 0..table.rows {
            let count = cells.iter().take_while(|cell| cell.row == row).count();
            let (own, rest) = cells.split_at(count);
            cells = rest;
            covered.retain(|_, (end, _)| *end > row);
            self.row(row, own, table.columns, &mut covered);
            self.out.push_str("<nl>");
        }
        self.out.push_str("</otsl>\n");
    }

    fn row(&mut self, row: u32, cells: &[Cell], columns: u32, covered: &mut HashMap<u32, (u32, bool)>) {
        let mut column = 0;
        for cell in cells {
            self.empty(column..cell.column, covered);
            self.cell(cell);
            let last = cell.column.saturating_add(cell.column_span).min(columns);
            for beside in cell.column..last {
                if beside > cell.column {
                    self.out.push_str("<lcel>");
                }
                if cell.row_span > 1 {
                    covered.insert(beside, (row.saturating_add(cell.row_span), beside == cell.column));
                }
            }
            column = last.max(column);
        }
        self.empty(column..columns, covered);
    }

    /// Writes positions that no cell begins at.
    fn empty(&mut self, columns: std::ops::Range<u32>, covered: &HashMap<u32, (u32, bool)>) {
        for column in columns.take(usize::try_from(MAX_EMPTY).unwrap_or_default()) {
            self.out.push_str(match covered.get(&column) {
                Some((_, true)) => "<ucel>",
                Some((_, false)) => "<xcel>",
                None => "<ecel>",
            });
        }
    }

    fn cell(&mut self, cell: &Cell) {
        self.out.push_str(match cell.header {
            Some(HeaderKind::Column) => "<ched>",
            Some(HeaderKind::Row) => "<rhed>",
            Some(HeaderKind::Section) => "<srow>",
            None if cell.text.trim().is_empty() => return self.out.push_str("<ecel>"),
            None => "<fcel>",
        });
        self.escaped(cell.text.trim());
    }

    /// Writes the box of a block on this page, in parts of it.
    fn place(&mut self, block: &Block) {
        let (Some((width, height)), Some(region)) = (self.size, block.regions.first()) else {
            return;
        };
        let [left, top, right, bottom] = region.bbox;
        for (edge, whole) in [(left, width), (top, height), (right, width), (bottom, height)] {
            let part = (edge / whole * PARTS).round().clamp(0.0, PARTS);
            self.out.push_str(&format!("<loc_{part}>"));
        }
    }

    fn escaped(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                c => self.out.push(c),
            }
        }
    }
}

fn name_of(kind: &BlockKind) -> &'static str {
    match kind {
        BlockKind::Title(_) => "title",
        BlockKind::Caption(_) => "caption",
        BlockKind::Code { .. } => "code",
        BlockKind::Formula(_) => "formula",
        BlockKind::Footnote(_) => "footnote",
        BlockKind::Toc(_) => "document_index",
        BlockKind::Header(_) => "page_header",
        BlockKind::Footer(_) | BlockKind::PageNumber(_) => "page_footer",
        _ => "text",
    }
}

impl DocumentWriter for DocTags<'_> {
    fn start(&mut self, _head: &DocumentHead, out: &mut String) {
        out.push_str("<doctag>");
    }

    fn page(&mut self, page: Page, out: &mut String) -> Result<(), ConvertError> {
        if is_left_out(&page, self.options) {
            return Ok(());
        }
        if std::mem::replace(&mut self.started, true) {
            self.out.push_str("<page_break>\n");
        }
        let sized = |(width, height): &(f32, f32)| *width > 0.0 && *height > 0.0;
        self.size = page.width.zip(page.height).filter(sized);
        self.blocks(&page.blocks);
        out.push_str(&std::mem::take(&mut self.out));
        Ok(())
    }

    fn finish(&mut self, _tail: &DocumentTail, out: &mut String) -> Result<(), ConvertError> {
        out.push_str("</doctag>\n");
        Ok(())
    }
}
