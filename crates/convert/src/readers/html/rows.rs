use super::elements::{HasAttributes, alignment};
use crate::ConvertError;
use crate::ir::{Alignment, BlockId, Builder, CellStart, Grid, HeaderKind, Inline};

/// Positions that the merged cells of one table cover, at most.
const MAX_MERGED: u64 = 1 << 22;
/// Columns of a cell, at most, as in HTML.
const MAX_COLUMNS: u32 = 1000;

/// Place in a table of HTML.
pub(crate) struct Rows {
    grid: Grid,
    row: u32,
    /// Rows of the table, at most: a cell reaches no farther.
    most: u32,
    /// Positions that merged cells cover.
    merged: u64,
    /// Within the `thead`.
    pub(crate) head: bool,
    pub(crate) caption: Vec<Inline>,
    pub(crate) id: Option<BlockId>,
}

/// Cell that has begun.
pub(crate) struct Cell {
    pub(crate) start: CellStart,
    open: bool,
}

impl Cell {
    pub(crate) fn is_open(&self) -> bool {
        self.open
    }

    /// Opens the cell, since it holds more than a line of text.
    pub(crate) fn open(&mut self, builder: &mut Builder<'_>) -> Result<(), ConvertError> {
        if !std::mem::replace(&mut self.open, true) {
            builder.open_cell(self.start.clone())?;
        }
        Ok(())
    }
}

impl Rows {
    /// Creates the place before the first row of a table that has `rows` rows at most.
    pub(crate) fn new(rows: u32) -> Self {
        Self {
            grid: Grid::default(),
            row: 0,
            most: rows,
            merged: 0,
            head: false,
            caption: Vec::new(),
            id: None,
        }
    }

    pub(crate) fn next(&mut self) {
        self.grid.next_row();
        self.row = self.row.saturating_add(1);
    }

    /// Gives the next cell its place.
    ///
    /// # Errors
    /// `LimitExceeded`: merged cells cover too much.
    pub(crate) fn place(&mut self, element: &impl HasAttributes, header: bool) -> Result<Cell, ConvertError> {
        let below = self.most.saturating_sub(self.row).saturating_add(1);
        let row_span = span(element, "rowspan").min(below).max(1);
        let column_span = span(element, "colspan").min(MAX_COLUMNS);
        self.merged += u64::from(row_span) * u64::from(column_span) - 1;
        if self.merged > MAX_MERGED {
            return Err(ConvertError::LimitExceeded {
                what: format!("merged cells over more than {MAX_MERGED} positions"),
            });
        }
        let (row, column) = self.grid.place(row_span, column_span);
        let scope = element
            .attribute("scope")
            .unwrap_or_default()
            .to_ascii_lowercase();
        let header = header.then_some(match scope.as_str() {
            "row" => HeaderKind::Row,
            "rowgroup" => HeaderKind::Section,
            "col" | "colgroup" => HeaderKind::Column,
            _ if self.head || row == 0 => HeaderKind::Column,
            _ => HeaderKind::Row,
        });
        Ok(Cell {
            start: CellStart {
                row,
                column,
                row_span,
                column_span,
                header,
                details: None,
            },
            open: false,
        })
    }
}

fn span(element: &impl HasAttributes, name: &str) -> u32 {
    let value = element
        .attribute(name)
        .and_then(|value| value.trim().parse().ok());
    value.unwrap_or(1).max(1)
}

/// Adds the alignment of the columns of a cell of the first row.
pub(crate) fn push_alignment(align: &mut Vec<Option<Alignment>>, cell: &impl HasAttributes) {
    let columns = usize::try_from(span(cell, "colspan").min(MAX_COLUMNS)).unwrap_or(1);
    align.resize((align.len() + columns).min(1 << 16), alignment(cell));
}
