use std::borrow::Cow;

use super::Writer;
use crate::ir::{Alignment, Caption, Cell, HeaderKind, Table};
use crate::options::Hidden;
use crate::write::visible::visible;

/// Positions without a cell that are written one by one, at most, where a cell follows.
const MAX_EMPTY: u32 = 64;

impl Writer<'_> {
    pub(super) fn table(&mut self, attributes: &str, table: &Table, caption: Option<&Caption>) {
        let table = match self.options.hidden {
            Hidden::Drop => visible(table),
            Hidden::Mark | Hidden::Keep => Cow::Borrowed(table),
        };
        self.open("table", attributes);
        if let Some(caption) = caption {
            self.simple("caption", "", &caption.inlines);
        }
        self.line();
        let mut rows = Rows {
            head: head_rows(&table),
            taken: vec![0; usize::try_from(table.columns).unwrap_or_default()],
            table: &table,
        };
        let mut cells = table.cells.as_slice();
        if rows.head > 0 {
            self.open("thead", "");
        }
        for row in 0..table.rows {
            if row == rows.head {
                if row > 0 {
                    self.close("thead");
                }
                self.open("tbody", "");
            }
            let count = cells.iter().take_while(|cell| cell.row == row).count();
            let (own, rest) = cells.split_at(count);
            cells = rest;
            self.row(row, own, &mut rows);
        }
        self.close(if rows.head < table.rows { "tbody" } else { "thead" });
        self.close("table");
    }

    fn row(&mut self, row: u32, cells: &[Cell], rows: &mut Rows<'_>) {
        if self.options.hidden == Hidden::Mark && rows.table.hidden_rows.binary_search(&row).is_ok() {
            self.line();
            self.push("<!-- hidden -->");
        }
        self.open("tr", "");
        let mut column = 0;
        for cell in cells {
            let empty = rows.empty(row, column..cell.column);
            if empty > MAX_EMPTY {
                self.push(&format!("<td colspan=\"{empty}\"></td>"));
            } else {
                for _ in 0..empty {
                    self.push("<td></td>");
                }
            }
            self.cell(cell, rows);
            column = cell.column.saturating_add(cell.column_span);
            rows.take(cell);
        }
        self.close("tr");
    }

    fn cell(&mut self, cell: &Cell, rows: &Rows<'_>) {
        let name = if cell.header.is_some() { "th" } else { "td" };
        self.push("<");
        self.push(name);
        let scope = match cell.header {
            Some(HeaderKind::Row) => Some("row"),
            Some(HeaderKind::Section) => Some("rowgroup"),
            Some(HeaderKind::Column) if cell.row >= rows.head => Some("col"),
            Some(HeaderKind::Column) | None => None,
        };
        if let Some(scope) = scope {
            self.attribute("scope", scope);
        }
        for (name, span) in [("rowspan", cell.row_span), ("colspan", cell.column_span)] {
            if span > 1 {
                self.attribute(name, &span.to_string());
            }
        }
        let column = usize::try_from(cell.column).unwrap_or(usize::MAX);
        match rows.table.align.get(column).copied().flatten() {
            Some(Alignment::Left) => self.push(" align=\"left\""),
            Some(Alignment::Center) => self.push(" align=\"center\""),
            Some(Alignment::Right) => self.push(" align=\"right\""),
            None => {}
        }
        self.push(">");
        if cell.blocks.is_empty() {
            self.text(&cell.text);
        } else {
            self.tight(&cell.blocks);
        }
        self.push("</");
        self.push(name);
        self.push(">");
    }
}

/// Rows of a table that are being written.
struct Rows<'t> {
    table: &'t Table,
    /// Number of rows of the header.
    head: u32,
    /// For each column, the first row that no cell above covers.
    taken: Vec<u32>,
}

impl Rows<'_> {
    /// Number of positions of the row that no cell covers.
    fn empty(&self, row: u32, columns: std::ops::Range<u32>) -> u32 {
        let free = self.columns(columns).iter().filter(|taken| **taken <= row);
        u32::try_from(free.count()).unwrap_or(u32::MAX)
    }

    fn take(&mut self, cell: &Cell) {
        let end = cell.column.saturating_add(cell.column_span);
        let (start, end) = (index(cell.column), index(end).min(self.taken.len()));
        if let Some(columns) = self.taken.get_mut(start..end) {
            columns.fill(cell.row.saturating_add(cell.row_span));
        }
    }

    fn columns(&self, columns: std::ops::Range<u32>) -> &[u32] {
        self.taken
            .get(index(columns.start)..index(columns.end).min(self.taken.len()))
            .unwrap_or_default()
    }
}

fn index(column: u32) -> usize {
    usize::try_from(column).unwrap_or(usize::MAX)
}

/// Number of rows at the beginning that hold nothing but headers of columns, and none that reaches below them.
fn head_rows(table: &Table) -> u32 {
    let is_head = |cell: &&Cell| cell.header == Some(HeaderKind::Column);
    let count = table.cells.iter().take_while(is_head).count();
    let (head, rest) = table.cells.split_at(count);
    let mut rows = match (head.last(), rest.first()) {
        (None, _) => 0,
        (Some(_), Some(first)) => first.row,
        (Some(last), None) => last.row + 1,
    };
    for cell in head.iter().rev() {
        if cell.row < rows && cell.row.saturating_add(cell.row_span) > rows {
            rows = cell.row;
        }
    }
    rows
}
