use html_to_markdown_rs::{GridCell, TableData};

use crate::write::markdown;

/// Slots of a table that are laid out; a larger one stays as the library wrote it.
const SLOTS: usize = 100_000;
/// Bytes of a merged cell that are repeated in the cells it covers; longer text stands once.
const REPEATED: usize = 200;

/// Writes tables with merged cells anew: the library loses the columns below a cell that spans rows. A merged
/// cell's text stands in each cell that it covers, as in every other format.
pub(super) fn repeat(content: &str, tables: &[TableData]) -> String {
    let mut out = String::with_capacity(content.len());
    let mut rest = content;
    for table in tables.iter().filter(|table| is_merged(table)) {
        let written = table.markdown.trim();
        let Some(rows) = rows(&table.grid.cells) else {
            continue;
        };
        let Some((before, after)) = rest.split_once(written).filter(|_| !written.is_empty()) else {
            continue;
        };
        out.push_str(before);
        out.push_str(&markdown::table(&rows));
        rest = after;
    }
    out.push_str(rest);
    out
}

fn is_merged(table: &TableData) -> bool {
    table
        .grid
        .cells
        .iter()
        .any(|cell| cell.row_span > 1 || cell.col_span > 1)
}

/// Lays cells out as HTML does: each takes the first free slots of its row (WHATWG HTML, section 4.9.12.1).
fn rows(cells: &[GridCell]) -> Option<Vec<Vec<String>>> {
    let height = cells.iter().map(|cell| cell.row as usize + 1).max()?;
    let mut grid: Vec<Vec<Option<String>>> = vec![Vec::new(); height];
    let mut slots = 0_usize;
    for cell in cells {
        let top = cell.row as usize;
        let left = grid
            .get(top)?
            .iter()
            .position(Option::is_none)
            .unwrap_or(grid.get(top)?.len());
        let bottom = top.saturating_add(cell.row_span.max(1) as usize).min(height);
        let right = left.saturating_add(cell.col_span.max(1) as usize);
        slots = slots.saturating_add((bottom - top).saturating_mul(right));
        if slots > SLOTS {
            return None;
        }
        let text = cell.content.trim();
        for (index, row) in grid.iter_mut().enumerate().take(bottom).skip(top) {
            row.resize(row.len().max(right), None);
            for (column, slot) in row.iter_mut().enumerate().take(right).skip(left) {
                let origin = index == top && column == left;
                let repeated = if origin || text.len() <= REPEATED {
                    text
                } else {
                    ""
                };
                slot.get_or_insert_with(|| repeated.to_owned());
            }
        }
    }
    Some(
        grid.into_iter()
            .map(|row| row.into_iter().map(Option::unwrap_or_default).collect())
            .collect(),
    )
}
