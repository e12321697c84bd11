use super::{BlockId, CellDetails, Direction, HeaderKind, Place, Region};

/// Facts about a block beside its content.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Origin {
    /// Regions of pages.
    pub regions: Vec<Region>,
    /// Place in a document without regions.
    pub at: Option<Place>,
    /// Block of which it is the rest.
    pub continues: Option<BlockId>,
    /// Language.
    pub lang: Option<String>,
    /// Direction of its text.
    pub dir: Option<Direction>,
    /// Confidence in its text, 0 to 1.
    pub confidence: Option<f32>,
    /// Confidence in its kind, 0 to 1.
    pub type_confidence: Option<f32>,
}

/// Facts about an item of a list that are known at its start.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ItemStart {
    /// Marker, where it is not the usual one.
    pub marker: Option<String>,
    /// State of its check box.
    pub checked: Option<bool>,
}

/// Facts about a cell that are known at its start.
#[derive(Debug, Clone, PartialEq)]
pub struct CellStart {
    /// Row, from 0.
    pub row: u32,
    /// Column, from 0.
    pub column: u32,
    /// Rows that it covers.
    pub row_span: u32,
    /// Columns that it covers.
    pub column_span: u32,
    /// The cells that it is the header of.
    pub header: Option<HeaderKind>,
    /// Everything rarer.
    pub details: Option<Box<CellDetails>>,
}

impl CellStart {
    /// Creates the start of a cell that covers one position.
    #[must_use]
    pub fn at(row: u32, column: u32) -> Self {
        Self {
            row,
            column,
            row_span: 1,
            column_span: 1,
            header: None,
            details: None,
        }
    }
}
