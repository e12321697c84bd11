use serde::{Deserialize, Serialize};

use super::Block;
use crate::ir::table::{Alignment, CellDetails, HeaderKind};

/// Table. Cells do not overlap; a position that another cell covers has none.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Number of rows.
    pub rows: u32,
    /// Number of columns.
    pub columns: u32,
    /// Alignment of each column, from the first; those beyond have none.
    pub align: Vec<Option<Alignment>>,
    /// Cells by row, then by column.
    pub cells: Vec<Cell>,
    /// Rows that the document hides, from 0, in ascending order.
    pub hidden_rows: Vec<u32>,
    /// Columns that the document hides, from 0, in ascending order.
    pub hidden_columns: Vec<u32>,
}

/// Cell of a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// Row, from 0.
    pub row: u32,
    /// Column, from 0.
    pub column: u32,
    /// Rows that it covers, at least 1.
    pub row_span: u32,
    /// Columns that it covers, at least 1.
    pub column_span: u32,
    /// The cells that it is the header of.
    pub header: Option<HeaderKind>,
    /// Text. Of a cell with blocks, their text.
    pub text: String,
    /// Blocks, if the cell holds more than plain text.
    pub blocks: Vec<Block>,
    /// Everything rarer.
    pub details: Option<Box<CellDetails>>,
}

impl Default for Cell {
    fn default() -> Self {
        Self {
            row: 0,
            column: 0,
            row_span: 1,
            column_span: 1,
            header: None,
            text: String::new(),
            blocks: Vec::new(),
            details: None,
        }
    }
}

impl Cell {
    /// Creates a cell of plain text that covers one position.
    pub fn plain(row: u32, column: u32, text: impl Into<String>) -> Self {
        Self {
            row,
            column,
            text: text.into(),
            ..Self::default()
        }
    }
}
