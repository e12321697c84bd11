use super::super::rows::{Cell, Rows};

/// List that is open.
pub(super) struct ListState {
    /// An item is open.
    pub(super) item: bool,
    /// Number of the next item as the page shows it, if it counts by decimals.
    pub(super) shown: Option<i64>,
    /// Number of the next item as it is counted from the first.
    pub(super) counted: i64,
    pub(super) reversed: bool,
}

/// Container that is open.
pub(super) enum Open {
    List(ListState),
    /// List of definitions, and whether one of them is open.
    Definitions(bool),
    Table(Box<Rows>),
    Cell(Box<Cell>),
    /// Quotation or group.
    Plain,
}

/// Block whose text is one line, whatever elements are in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lead {
    Heading(u8),
    Term,
    TableCaption,
    FigureCaption,
}
