use super::attribute::attribute;
use crate::ConvertError;
use crate::ir::{Alignment, BlockId, Builder, CellStart, Grid, HeaderKind, Inline, Table};
use crate::markup::{Tag, Token, Tokens};

/// Positions that the merged cells of one table cover, at most.
const MAX_MERGED: u64 = 1 << 22;
/// Columns of a cell, at most, as in HTML.
const MAX_COLUMNS: u32 = 1000;

/// Place in a table of HTML.
pub(super) struct Rows {
    grid: Grid,
    row: u32,
    /// Rows of the table, at most: a cell reaches no farther.
    most: u32,
    /// Positions that merged cells cover.
    merged: u64,
    /// Within the `thead`.
    pub(super) head: bool,
    pub(super) caption: Vec<Inline>,
    pub(super) id: Option<BlockId>,
}

/// Cell that has begun.
pub(super) struct Cell {
    pub(super) start: CellStart,
    open: bool,
}

impl Cell {
    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    /// Opens the cell, since it holds more than a line of text.
    pub(super) fn open(&mut self, builder: &mut Builder<'_>) -> Result<(), ConvertError> {
        if !std::mem::replace(&mut self.open, true) {
            builder.open_cell(self.start.clone())?;
        }
        Ok(())
    }
}

impl Rows {
    /// Creates the place before the first row of a table that has `rows` rows at most.
    pub(super) fn new(rows: u32) -> Self {
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

    pub(super) fn next(&mut self) {
        self.grid.next_row();
        self.row = self.row.saturating_add(1);
    }

    /// Gives the next cell its place.
    ///
    /// # Errors
    /// `LimitExceeded`: merged cells cover too much.
    pub(super) fn place(&mut self, tag: &Tag<'_>, header: bool) -> Result<Cell, ConvertError> {
        let below = self.most.saturating_sub(self.row).saturating_add(1);
        let row_span = span(tag, "rowspan").min(below).max(1);
        let column_span = span(tag, "colspan").min(MAX_COLUMNS);
        self.merged += u64::from(row_span) * u64::from(column_span) - 1;
        if self.merged > MAX_MERGED {
            return Err(ConvertError::LimitExceeded {
                what: format!("merged cells over more than {MAX_MERGED} positions"),
            });
        }
        let (row, column) = self.grid.place(row_span, column_span);
        let scope = attribute(tag, "scope").unwrap_or_default().to_ascii_lowercase();
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

fn span(tag: &Tag<'_>, name: &str) -> u32 {
    let value = attribute(tag, name).and_then(|value| value.trim().parse().ok());
    value.unwrap_or(1).max(1)
}

/// Number of the rows that begin in `html`.
pub(super) fn count_rows(html: &str) -> u32 {
    let begins = |at: usize| {
        html.get(at + 1..at + 3)
            .is_some_and(|name| name.eq_ignore_ascii_case("tr"))
    };
    let found = memchr::memchr_iter(b'<', html.as_bytes()).filter(|at| begins(*at));
    u32::try_from(found.count()).unwrap_or(u32::MAX)
}

/// Reads how a table begins whose content is `rest`: the alignment of its columns, which the cells of its first row say.
pub(super) fn start(rest: &str) -> Table {
    let mut align = Vec::new();
    let mut rows = 0;
    for (_, token) in Tokens::of(rest) {
        let Token::Start(tag) = token else {
            match token {
                Token::End(name) if name.eq_ignore_ascii_case("table") => break,
                _ => continue,
            }
        };
        match tag.name.to_ascii_lowercase().as_str() {
            "table" => break,
            "tr" => rows += 1,
            "td" | "th" => {
                let columns = usize::try_from(span(&tag, "colspan").min(MAX_COLUMNS)).unwrap_or(1);
                align.resize((align.len() + columns).min(1 << 16), alignment(&tag));
            }
            _ => {}
        }
        if rows > 1 {
            break;
        }
    }
    if align.iter().all(Option::is_none) {
        align.clear();
    }
    Table {
        align,
        ..Table::default()
    }
}

fn alignment(tag: &Tag<'_>) -> Option<Alignment> {
    match attribute(tag, "align")?.to_ascii_lowercase().as_str() {
        "left" => Some(Alignment::Left),
        "center" => Some(Alignment::Center),
        "right" => Some(Alignment::Right),
        _ => None,
    }
}
