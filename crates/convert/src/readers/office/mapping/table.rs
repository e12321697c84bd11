use anydoc::model::{Block, Cell, CellSlot, Inline, Table};

use super::Mapper;
use crate::ConvertError;
use crate::ir::{self, BlockKind, CellStart, HeaderKind};

/// Positions of a table whose short rows are filled up with empty cells, at most: beyond, a hostile file would make many
/// cells of few.
const MAX_PADDED_SLOTS: usize = 10_000;

/// Rows and columns of a table that are kept: those beyond are empty.
struct Extent {
    first_row: usize,
    end_row: usize,
    end_column: usize,
}

impl Extent {
    fn slots(&self) -> usize {
        (self.end_row - self.first_row).saturating_mul(self.end_column)
    }
}

impl Mapper<'_, '_> {
    /// Adds a table without the empty rows and columns at its edges. A table of one cell is a frame around text.
    pub(super) fn table(&mut self, table: &Table) -> Result<(), ConvertError> {
        if let Some(cell) = only_cell(table) {
            return self.blocks(&cell.blocks);
        }
        let Some(extent) = extent(table) else {
            return Ok(());
        };
        let depth = self.builder.depth();
        self.builder.open(BlockKind::Table(ir::Table::default()))?;
        let rows = table.grid.iter().enumerate().take(extent.end_row);
        for (row, slots) in rows.skip(extent.first_row) {
            for (column, slot) in slots.iter().enumerate().take(extent.end_column) {
                if let CellSlot::Origin(cell) = slot {
                    let header = (row < table.header_rows).then_some(HeaderKind::Column);
                    self.cell(cell, row, column, header, &extent)?;
                }
            }
            if extent.slots() <= MAX_PADDED_SLOTS {
                for column in slots.len()..extent.end_column {
                    let start = CellStart::at(number(row - extent.first_row), number(column));
                    self.builder.cell(start, "")?;
                }
            }
        }
        self.builder.close_to(depth)
    }

    fn cell(
        &mut self,
        cell: &Cell,
        row: usize,
        column: usize,
        header: Option<HeaderKind>,
        extent: &Extent,
    ) -> Result<(), ConvertError> {
        let depth = self.builder.depth();
        self.builder.open_cell(CellStart {
            header,
            row_span: cell.row_span.min(number(extent.end_row - row)),
            column_span: cell.col_span.min(number(extent.end_column - column)),
            ..CellStart::at(number(row - extent.first_row), number(column))
        })?;
        match only_formula(cell) {
            Some(tex) => self.blocks(&[Block::Paragraph(vec![Inline::Math(tex.to_owned())])])?,
            None => self.blocks(&cell.blocks)?,
        }
        self.builder.close_to(depth)
    }
}

/// Formula that is all that a cell holds, which stands in it like text.
fn only_formula(cell: &Cell) -> Option<&str> {
    match cell.blocks.as_slice() {
        [Block::Math(tex)] => Some(tex),
        _ => None,
    }
}

fn number(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

fn only_cell(table: &Table) -> Option<&Cell> {
    match table.grid.as_slice() {
        [row] => match row.as_slice() {
            [CellSlot::Origin(cell)] => Some(cell),
            _ => None,
        },
        _ => None,
    }
}

fn extent(table: &Table) -> Option<Extent> {
    let (mut first_row, mut end_row, mut end_column) = (usize::MAX, 0, 0);
    for (row, slots) in table.grid.iter().enumerate() {
        for (column, slot) in slots.iter().enumerate() {
            let CellSlot::Origin(cell) = slot else { continue };
            if !cell.is_empty() {
                let span = |span: u32| usize::try_from(span.max(1)).unwrap_or(1);
                first_row = first_row.min(row);
                end_row = end_row.max(row + span(cell.row_span));
                end_column = end_column.max(column + span(cell.col_span));
            }
        }
    }
    (end_row > 0).then(|| Extent {
        first_row,
        end_row: end_row.min(table.grid.len()),
        end_column,
    })
}
