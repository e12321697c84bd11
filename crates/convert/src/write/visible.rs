use std::borrow::Cow;

use crate::ir::{Cell, Table};

/// Returns the table without the rows and columns that the document hides.
pub(crate) fn visible(table: &Table) -> Cow<'_, Table> {
    if table.hidden_rows.is_empty() && table.hidden_columns.is_empty() {
        return Cow::Borrowed(table);
    }
    let rows = Shown::of(table.rows, &table.hidden_rows);
    let columns = Shown::of(table.columns, &table.hidden_columns);
    let cells = table.cells.iter().filter_map(|cell| {
        let (row, row_span) = rows.range(cell.row, cell.row_span)?;
        let (column, column_span) = columns.range(cell.column, cell.column_span)?;
        Some(Cell {
            row,
            column,
            row_span,
            column_span,
            ..cell.clone()
        })
    });
    let align =
        table.align.iter().enumerate().filter(|(column, _)| {
            u32::try_from(*column).is_ok_and(|column| columns.range(column, 1).is_some())
        });
    Cow::Owned(Table {
        rows: rows.before(table.rows),
        columns: columns.before(table.columns),
        align: align.map(|(_, align)| *align).collect(),
        cells: cells.collect(),
        hidden_rows: Vec::new(),
        hidden_columns: Vec::new(),
    })
}

/// Rows or columns that are shown: for each, the number of those before it.
struct Shown(Vec<u32>);

impl Shown {
    fn of(count: u32, hidden: &[u32]) -> Self {
        let length = usize::try_from(count).unwrap_or_default();
        let mut shown = vec![1; length];
        for place in hidden {
            if let Some(shown) = usize::try_from(*place)
                .ok()
                .and_then(|place| shown.get_mut(place))
            {
                *shown = 0;
            }
        }
        let mut before = Vec::with_capacity(length + 1);
        let mut sum = 0;
        for shown in shown {
            before.push(sum);
            sum += shown;
        }
        before.push(sum);
        Self(before)
    }

    fn before(&self, place: u32) -> u32 {
        let place = usize::try_from(place).unwrap_or(usize::MAX);
        let last = self.0.last().copied().unwrap_or_default();
        self.0.get(place).copied().unwrap_or(last)
    }

    /// First place and span of what is shown of a span; `None` if nothing is.
    fn range(&self, place: u32, span: u32) -> Option<(u32, u32)> {
        let start = self.before(place);
        let length = self.before(place.saturating_add(span)).saturating_sub(start);
        (length > 0).then_some((start, length))
    }
}
