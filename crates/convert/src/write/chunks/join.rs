use std::rc::Rc;

use super::unit::Unit;
use crate::ir::{Block, BlockKind, HeaderKind, Inline, Table};
use crate::options::WriteOptions;
use crate::write::markdown::write_part;

/// Bytes of a block that is joined, at most.
const LONGEST_JOINED: usize = 1 << 18;

/// Parts of a block that is joined, at most.
const MOST_PARTS: usize = 64;

/// Returns true if the unit can be the rest of `target`: both are of one type, and not too large.
pub(super) fn fits(target: &Unit, rest: &Unit) -> bool {
    let same = std::mem::discriminant(&target.block.kind) == std::mem::discriminant(&rest.block.kind);
    let known = matches!(
        target.block.kind,
        BlockKind::Paragraph(_)
            | BlockKind::LineBlock(_)
            | BlockKind::Aside(_)
            | BlockKind::Reference(_)
            | BlockKind::List(_)
            | BlockKind::Table(_)
            | BlockKind::Code { .. }
            | BlockKind::Quote(_)
            | BlockKind::Footnote(_)
    );
    same && known && target.rests.len() < MOST_PARTS && target.text.len() + rest.text.len() <= LONGEST_JOINED
}

/// Adds the rest of a block to it.
pub(super) fn join(target: &mut Unit, rest: Unit, options: &WriteOptions) {
    target.rests.push((pieces_of(&target.block), rest.source.clone()));
    join_kinds(&mut target.block, rest.block);
    if !rest.labels.is_empty() {
        let mut labels = (*target.labels).clone();
        labels.extend(rest.labels.iter().map(|(id, label)| (*id, label.clone())));
        target.labels = Rc::new(labels);
    }
    let source = &mut target.source;
    source.extend(&rest.source);
    source.range = None;
    target.text = target.written(options);
}

fn join_kinds(target: &mut Block, rest: Block) {
    match (&mut target.kind, rest.kind) {
        (
            BlockKind::Paragraph(inlines) | BlockKind::Aside(inlines) | BlockKind::Reference(inlines),
            BlockKind::Paragraph(rest) | BlockKind::Aside(rest) | BlockKind::Reference(rest),
        ) => {
            inlines.push(Inline::plain(" "));
            inlines.extend(rest);
        }
        (BlockKind::LineBlock(inlines), BlockKind::LineBlock(rest)) => {
            inlines.push(Inline::Break);
            inlines.extend(rest);
        }
        (BlockKind::List(list), BlockKind::List(rest)) => list.items.extend(rest.items),
        (BlockKind::Table(table), BlockKind::Table(rest)) => join_tables(table, rest),
        (BlockKind::Code { text, .. }, BlockKind::Code { text: rest, .. }) => {
            if !text.ends_with('\n') {
                text.push('\n');
            }
            text.push_str(&rest);
        }
        (BlockKind::Quote(blocks), BlockKind::Quote(rest)) => blocks.extend(rest),
        (BlockKind::Footnote(note), BlockKind::Footnote(rest)) => note.blocks.extend(rest.blocks),
        _ => {}
    }
}

/// Adds the rows of a table, without those of a header that is repeated.
fn join_tables(table: &mut Table, rest: Table) {
    let header = header_rows(table);
    let repeated = header > 0 && header <= header_rows(&rest) && texts(table, header) == texts(&rest, header);
    let skipped = if repeated { header } else { 0 };
    let offset = table.rows;
    for mut cell in rest.cells {
        if cell.row < skipped {
            continue;
        }
        cell.row = cell.row - skipped + offset;
        if !repeated && cell.header == Some(HeaderKind::Column) {
            cell.header = None;
        }
        table.cells.push(cell);
    }
    let shown = |row: u32| row.checked_sub(skipped).map(|row| row + offset);
    table
        .hidden_rows
        .extend(rest.hidden_rows.into_iter().filter_map(shown));
    table.rows += rest.rows.saturating_sub(skipped);
    table.columns = table.columns.max(rest.columns);
}

/// Number of the pieces between which a block can be cut; 0 for one whose pieces cannot be told apart by their number.
fn pieces_of(block: &Block) -> usize {
    match &block.kind {
        BlockKind::Table(table) => usize::try_from(table.rows).unwrap_or(usize::MAX),
        BlockKind::List(list) => list.items.len(),
        BlockKind::Code { text, .. } => text.lines().count(),
        _ => 0,
    }
}

/// Number of the rows at the beginning all of whose cells are headers of columns.
pub(super) fn header_rows(table: &Table) -> u32 {
    let mut cells = table.cells.iter();
    let first_other = cells.find(|cell| cell.header != Some(HeaderKind::Column));
    first_other.map_or(table.rows, |cell| cell.row).min(table.rows)
}

fn texts(table: &Table, rows: u32) -> Vec<(u32, u32, &str)> {
    let cells = table.cells.iter().take_while(|cell| cell.row < rows);
    cells
        .map(|cell| (cell.row, cell.column, cell.text.trim()))
        .collect()
}

impl Unit {
    /// Markdown of its block as it is now.
    fn written(&mut self, options: &WriteOptions) -> String {
        super::split::table_text(&self.block.kind, options)
            .unwrap_or_else(|| write_part(std::slice::from_mut(&mut self.block), &self.labels, options))
    }
}
