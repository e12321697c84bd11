use serde::{Deserialize, Serialize};

use super::Region;

/// Alignment of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Alignment {
    /// Left.
    Left,
    /// Centre.
    Center,
    /// Right.
    Right,
}

/// Rarer properties of a cell.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CellDetails {
    /// Region of the page.
    pub region: Option<Region>,
    /// Value of a cell of a sheet, apart from its formatted text.
    pub value: Option<String>,
    /// Type of the value.
    pub value_type: Option<ValueType>,
    /// Formula that gave the value, without the equals sign.
    pub formula: Option<String>,
    /// Number format, as the sheet says it.
    pub number_format: Option<String>,
}

/// Cells that a header cell is the header of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum HeaderKind {
    /// Those of its column, below.
    Column,
    /// Those of its row, beside it.
    Row,
    /// Those of the rows below, up to the next such cell.
    Section,
}

/// Type of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ValueType {
    /// Text.
    Text,
    /// Number.
    Number,
    /// Truth value.
    Boolean,
    /// Date, time or both.
    Date,
    /// Duration.
    Duration,
    /// Error of a formula.
    Error,
}
