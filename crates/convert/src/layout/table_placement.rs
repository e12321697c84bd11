//! Placement of tables among the blocks of the text around them.

use super::block::{Block, BlockKind};

/// Height in points by which single lines of one row may differ.
const ROW_TOLERANCE_POINTS: f32 = 6.0;

/// Table, rows that look like one, or picture, with its position in points.
pub(crate) struct PlacedTable {
    pub(crate) top: f32,
    pub(crate) left: f32,
    pub(crate) right: f32,
    pub(crate) blocks: Vec<Block>,
}

/// Inserts each table before the first block below its top that shares its width. The blocks are in reading order,
/// not in that of the page, so position alone would put a table of the left column into the right one.
pub(crate) fn insert_tables(text: Vec<Block>, mut tables: Vec<PlacedTable>) -> Vec<Block> {
    tables.sort_by(|a, b| b.top.total_cmp(&a.top));
    let extents: Vec<(f32, f32, f32)> = text.iter().map(Block::extent).collect();
    let index_of = |table: &PlacedTable| {
        let below = |&(top, _, _): &(f32, f32, f32)| top <= table.top + 1.0;
        let shares_width = |&(_, left, right): &(f32, f32, f32)| left < table.right && table.left < right;
        extents
            .iter()
            .position(|extent| below(extent) && shares_width(extent))
            // Nothing below it: it ends its column.
            .or_else(|| extents.iter().rposition(shares_width).map(|index| index + 1))
            .or_else(|| extents.iter().position(below))
            .unwrap_or(extents.len())
    };
    let mut placed: Vec<(usize, PlacedTable)> = tables
        .into_iter()
        .map(|table| (index_of(&table), table))
        .collect();
    // A stable sort: tables of one place stay in their order from top to bottom.
    placed.sort_by_key(|&(index, _)| index);
    let mut placed = placed.into_iter().peekable();
    let mut out = Vec::with_capacity(text.len());
    for (index, block) in text.into_iter().enumerate() {
        while let Some((_, table)) = placed.next_if(|&(at, _)| at <= index) {
            out.extend(table.blocks);
        }
        out.push(block);
    }
    out.extend(placed.flat_map(|(_, table)| table.blocks));
    out
}

/// Joins single lines of one row into one paragraph: beside tables they are mostly cells that the search for columns
/// has cut apart.
pub(crate) fn join_rows(blocks: Vec<Block>) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::with_capacity(blocks.len());
    for mut block in blocks {
        let is_paragraph =
            |block: &Block| matches!(block.kind, BlockKind::Paragraph) && !block.lines.is_empty();
        if let Some(last) = out.last_mut()
            && let ([line], [first, ..]) = (block.lines.as_slice(), last.lines.as_slice())
            && let Some(end) = last.lines.last()
            && is_paragraph(&block)
            && is_paragraph(last)
            && (end.baseline - first.baseline).abs() <= ROW_TOLERANCE_POINTS
            && (line.baseline - first.baseline).abs() <= ROW_TOLERANCE_POINTS
        {
            last.lines.append(&mut block.lines);
            continue;
        }
        out.push(block);
    }
    out
}
