use std::collections::HashSet;

use super::start::CellStart;
use super::text::blocks_text;
use super::{Block, BlockKind, Cell, Definition, Inline, Item, Run};
use crate::{ConvertError, Limits};

/// Container that is open.
pub(super) struct Frame {
    kind: OpenKind,
    /// Blocks of the container itself.
    blocks: Vec<Block>,
}

pub(super) enum OpenKind {
    Block(Box<Block>),
    Item(Item),
    Definition(Definition),
    Cell(Box<CellStart>),
}

impl Frame {
    pub(super) fn new(kind: OpenKind) -> Self {
        Self {
            kind,
            blocks: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, block: Block) {
        self.blocks.push(block);
    }

    /// Adds a cell to the table that this is; a cell of anything else becomes a paragraph.
    pub(super) fn add_cell(&mut self, start: CellStart, text: String, blocks: Vec<Block>) {
        if let OpenKind::Block(block) = &mut self.kind
            && let BlockKind::Table(table) = &mut block.kind
        {
            table.cells.push(Cell {
                row: start.row,
                column: start.column,
                row_span: start.row_span.max(1),
                column_span: start.column_span.max(1),
                header: start.header,
                text,
                blocks,
                details: start.details,
            });
        } else {
            self.blocks.extend(blocks);
        }
    }

    /// Closes the container: gives its content to `outer` where it is a part of that, or returns the block that it is.
    pub(super) fn close(
        self,
        outer: Option<&mut Self>,
        limits: &Limits,
    ) -> Result<Option<Block>, ConvertError> {
        let Self { kind, blocks } = self;
        match kind {
            OpenKind::Block(block) => filled(*block, blocks, limits),
            OpenKind::Item(mut item) => {
                item.blocks = blocks;
                if let Some(outer) = outer {
                    outer.add_item(item);
                }
                Ok(None)
            }
            OpenKind::Definition(mut definition) => {
                definition.blocks = blocks;
                if let Some(outer) = outer {
                    outer.add_definition(definition);
                }
                Ok(None)
            }
            OpenKind::Cell(start) => {
                if let Some(outer) = outer {
                    let (text, blocks) = cell_content(blocks);
                    outer.add_cell(*start, text, blocks);
                }
                Ok(None)
            }
        }
    }

    fn add_item(&mut self, item: Item) {
        if item.blocks.is_empty() && item.checked.is_none() {
            return;
        }
        match &mut self.kind {
            OpenKind::Block(block) if matches!(block.kind, BlockKind::List(_)) => {
                if let BlockKind::List(list) = &mut block.kind {
                    list.items.push(item);
                }
            }
            _ => self.blocks.extend(item.blocks),
        }
    }

    fn add_definition(&mut self, definition: Definition) {
        match &mut self.kind {
            OpenKind::Block(block) if matches!(block.kind, BlockKind::DefinitionList(_)) => {
                if let BlockKind::DefinitionList(items) = &mut block.kind
                    && !(definition.term.is_empty() && definition.blocks.is_empty())
                {
                    items.push(definition);
                }
            }
            _ => self.blocks.extend(definition.blocks),
        }
    }
}

/// Text and blocks of a cell: of a paragraph of plain text alone, the text is enough.
fn cell_content(blocks: Vec<Block>) -> (String, Vec<Block>) {
    let text = blocks_text(&blocks);
    if blocks.is_empty() {
        return (text, blocks);
    }
    if let [block] = blocks.as_slice()
        && let BlockKind::Paragraph(inlines) = &block.kind
        && let [Inline::Run(run)] = inlines.as_slice()
        && run.looks_like(&Run::default())
    {
        return (text, Vec::new());
    }
    (text, blocks)
}

/// The block with its content; `None` if it has none.
fn filled(mut block: Block, content: Vec<Block>, limits: &Limits) -> Result<Option<Block>, ConvertError> {
    let is_empty = match &mut block.kind {
        BlockKind::List(list) => {
            // Blocks between the items belong to the item before them.
            match list.items.last_mut() {
                Some(item) => item.blocks.extend(content),
                None if content.is_empty() => {}
                None => {
                    block.kind = BlockKind::Quote(content);
                    return Ok(Some(block));
                }
            }
            list.items.is_empty()
        }
        BlockKind::DefinitionList(items) => {
            match items.last_mut() {
                Some(item) => item.blocks.extend(content),
                None if content.is_empty() => {}
                None => items.push(Definition {
                    term: Vec::new(),
                    blocks: content,
                }),
            }
            items.is_empty()
        }
        BlockKind::Table(table) => {
            order(table, limits)?;
            add_stray(table, content);
            table.cells.is_empty()
        }
        BlockKind::Figure(figure) => {
            figure.blocks = content;
            figure.blocks.is_empty()
                && figure.image.is_none()
                && figure.alt.is_none()
                && figure.data.is_none()
        }
        BlockKind::Quote(blocks) => {
            *blocks = content;
            blocks.is_empty()
        }
        BlockKind::Footnote(note) => {
            note.blocks = content;
            note.blocks.is_empty()
        }
        BlockKind::Group(group) => {
            group.blocks = content;
            group.blocks.is_empty() && group.title.is_none()
        }
        // A leaf that was opened: nothing can be in it.
        _ => false,
    };
    Ok((!is_empty).then_some(block))
}

/// Puts what stands in a table outside of its cells, as in broken files, into a row of its own below the others.
fn add_stray(table: &mut super::Table, content: Vec<Block>) {
    if content.is_empty() {
        return;
    }
    let row = table.rows;
    table.cells.push(Cell {
        text: blocks_text(&content),
        blocks: content,
        ..Cell::plain(row, 0, "")
    });
    table.rows = row + 1;
    table.columns = table.columns.max(1);
}

/// Sorts the cells, counts rows and columns, and moves cells whose position is taken to a free one below, so that
/// nothing overlaps and no text is lost.
fn order(table: &mut super::Table, limits: &Limits) -> Result<(), ConvertError> {
    let too_large = || ConvertError::LimitExceeded {
        what: format!("a table of more than {} cells", limits.table_cells),
    };
    table.cells.sort_by_key(|cell| (cell.row, cell.column));
    for hidden in [&mut table.hidden_rows, &mut table.hidden_columns] {
        hidden.sort_unstable();
        hidden.dedup();
    }
    let end = |at: u32, span: u32| at.checked_add(span).ok_or_else(too_large);
    let (mut rows, mut columns, mut covered) = (table.rows, table.columns, 0_u64);
    let mut spans = false;
    for cell in &table.cells {
        rows = rows.max(end(cell.row, cell.row_span)?);
        columns = columns.max(end(cell.column, cell.column_span)?);
        covered += u64::from(cell.row_span) * u64::from(cell.column_span);
        spans |= cell.row_span > 1 || cell.column_span > 1;
    }
    if u64::from(rows) * u64::from(columns) > limits.table_cells || covered > limits.table_cells {
        return Err(too_large());
    }
    (table.rows, table.columns) = (rows, columns);
    let mut twice = table.cells.windows(2).any(|pair| match pair {
        [a, b] => (a.row, a.column) == (b.row, b.column),
        _ => false,
    });
    twice |= spans;
    if twice {
        separate(table);
    }
    Ok(())
}

/// Moves cells that overlap others: a span is cut where the next cell begins, and a cell whose position is taken goes to
/// a row of its own at the end.
fn separate(table: &mut super::Table) {
    let mut taken: HashSet<(u32, u32)> = HashSet::new();
    let starts: HashSet<(u32, u32)> = table.cells.iter().map(|cell| (cell.row, cell.column)).collect();
    let mut moved = Vec::new();
    let cells = std::mem::take(&mut table.cells);
    for mut cell in cells {
        if taken.contains(&(cell.row, cell.column)) {
            moved.push(cell);
            continue;
        }
        let free =
            |row: u32, column: u32| !taken.contains(&(row, column)) && !starts.contains(&(row, column));
        let width = (1..cell.column_span)
            .take_while(|step| free(cell.row, cell.column + step))
            .count();
        cell.column_span = 1 + u32::try_from(width).unwrap_or(0);
        let columns = cell.column..cell.column + cell.column_span;
        let height = (1..cell.row_span)
            .take_while(|step| columns.clone().all(|column| free(cell.row + step, column)))
            .count();
        cell.row_span = 1 + u32::try_from(height).unwrap_or(0);
        for row in cell.row..cell.row + cell.row_span {
            taken.extend(columns.clone().map(|column| (row, column)));
        }
        table.cells.push(cell);
    }
    for mut cell in moved {
        (cell.row, cell.column, cell.row_span, cell.column_span) = (table.rows, 0, 1, 1);
        table.rows += 1;
        table.cells.push(cell);
    }
}
