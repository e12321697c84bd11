use std::collections::HashSet;

use super::Writer;
use super::escape::Place;
use super::texts::text_inlines;
use crate::ir::{Alignment, Block, BlockKind, Cell, Inline, Table, plain_text};
use crate::options::{Hidden, Tables};
use crate::write::html::html_table;

impl Writer<'_> {
    pub(super) fn table(&mut self, table: &Table) {
        if table.rows == 0 || table.columns == 0 {
            return;
        }
        match self.context.options.tables {
            Tables::Csv => {
                let csv = csv(table);
                self.code(Some("csv"), &csv);
            }
            Tables::Auto if fits(table) => self.grid(table),
            Tables::Markdown => self.grid(table),
            Tables::Auto | Tables::Html => self.out.push_lines(&html_table(table, self.context.options)),
        }
    }

    /// Writes a table of GFM, whose first row is the header. Positions that a merged cell covers are empty.
    fn grid(&mut self, table: &Table) {
        let hidden_rows = self.left_out(&table.hidden_rows);
        let hidden_columns = self.left_out(&table.hidden_columns);
        let mut cells = table.cells.iter().peekable();
        let mut first = true;
        for row in 0..table.rows {
            let mut line = String::from("|");
            let mut marked =
                self.context.options.hidden == Hidden::Mark && table.hidden_rows.binary_search(&row).is_ok();
            for column in 0..table.columns {
                let cell = cells.next_if(|cell| (cell.row, cell.column) == (row, column));
                if hidden_columns.contains(&column) {
                    continue;
                }
                line.push(' ');
                if std::mem::take(&mut marked) || first && self.is_marked_column(table, column) {
                    line.push_str("<!-- hidden --> ");
                }
                if let Some(cell) = cell {
                    line.push_str(&self.cell(cell));
                }
                line.push_str(" |");
            }
            if hidden_rows.contains(&row) {
                continue;
            }
            self.out.line();
            self.out.push(&line);
            if std::mem::take(&mut first) {
                self.out.line();
                self.out.push(&delimiters(table, &hidden_columns));
            }
        }
    }

    fn is_marked_column(&self, table: &Table, column: u32) -> bool {
        self.context.options.hidden == Hidden::Mark && table.hidden_columns.binary_search(&column).is_ok()
    }

    fn left_out(&self, hidden: &[u32]) -> HashSet<u32> {
        match self.context.options.hidden {
            Hidden::Drop => hidden.iter().copied().collect(),
            Hidden::Mark | Hidden::Keep => HashSet::new(),
        }
    }

    fn cell(&self, cell: &Cell) -> String {
        self.inlines(&cell_inlines(cell), Place::Cell)
    }
}

/// Returns true if Markdown can say the table: no cell is merged or holds more than lines of text. A cell that takes a
/// whole row below the header, as the title of a section does, reads the same before empty cells.
pub(super) fn fits(table: &Table) -> bool {
    table.cells.iter().all(|cell| {
        let whole_row = cell.row > 0 && cell.column == 0 && cell.column_span == table.columns;
        let single = cell.row_span <= 1 && (cell.column_span <= 1 || whole_row);
        single && cell.blocks.iter().all(|block| block.kind.inlines().is_some())
    })
}

/// Content of a cell as lines of text; what is no text becomes its text.
pub(super) fn cell_inlines(cell: &Cell) -> Vec<Inline> {
    if cell.blocks.is_empty() {
        return text_inlines(&cell.text);
    }
    let mut inlines = Vec::new();
    for block in &cell.blocks {
        if !inlines.is_empty() {
            inlines.push(Inline::Break);
        }
        inlines.extend(block_inlines(block));
    }
    inlines
}

fn block_inlines(block: &Block) -> Vec<Inline> {
    match &block.kind {
        BlockKind::Table(_) => text_inlines(&plain_text(block)),
        kind => kind
            .inlines()
            .map_or_else(|| text_inlines(&plain_text(block)), <[Inline]>::to_vec),
    }
}

fn delimiters(table: &Table, hidden_columns: &HashSet<u32>) -> String {
    let mut line = String::from("|");
    for column in (0..table.columns).filter(|column| !hidden_columns.contains(column)) {
        let index = usize::try_from(column).unwrap_or(usize::MAX);
        line.push_str(match table.align.get(index).copied().flatten() {
            None => " --- |",
            Some(Alignment::Left) => " :--- |",
            Some(Alignment::Center) => " :---: |",
            Some(Alignment::Right) => " ---: |",
        });
    }
    line
}

/// Table as CSV.
fn csv(table: &Table) -> String {
    let mut cells = table.cells.iter().peekable();
    let mut out = String::new();
    for row in 0..table.rows {
        for column in 0..table.columns {
            if column > 0 {
                out.push(',');
            }
            if let Some(cell) = cells.next_if(|cell| (cell.row, cell.column) == (row, column)) {
                push_csv_value(&mut out, &cell.text);
            }
        }
        out.push('\n');
    }
    out
}

fn push_csv_value(out: &mut String, text: &str) {
    if text.contains([',', '"', '\n']) || text != text.trim() {
        out.push('"');
        out.push_str(&text.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(text);
    }
}
