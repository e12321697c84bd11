use anydoc::model::{Block, Cell, CellSlot, Table};

use super::blocks;
use super::inline::{self, Notes, Place};
use crate::markdown;

/// Bytes of a merged cell that are repeated in the cells it covers; longer text stands once.
const REPEATED: usize = 200;
/// Bytes of a table that are repeated in all.
const REPEATED_IN_ALL: usize = 16 << 20;

/// The cell of a table that has one: a frame around text, no table.
pub(super) fn only_cell(table: &Table) -> Option<&Cell> {
    match table.grid.as_slice() {
        [row] => match row.as_slice() {
            [CellSlot::Origin(cell)] => Some(cell),
            _ => None,
        },
        _ => None,
    }
}

/// A table; its first row is the header, empty rows and columns at its end are gone.
pub(super) fn render(table: &Table, notes: &Notes<'_>) -> String {
    let mut rows = texts(table, notes);
    trim(&mut rows);
    if rows.is_empty() {
        String::new()
    } else {
        markdown::table(&rows)
    }
}

/// The texts of all cells. A merged cell's text stands in each cell that it covers, for Markdown cannot merge.
pub(super) fn texts(table: &Table, notes: &Notes<'_>) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::with_capacity(table.grid.len());
    let mut repeated = 0;
    for slots in &table.grid {
        let mut row: Vec<String> = Vec::with_capacity(slots.len());
        for slot in slots {
            let text = match slot {
                CellSlot::Origin(cell) => cell_text(cell, notes),
                CellSlot::Covered {
                    origin_row,
                    origin_col,
                } => {
                    let origin = rows.get(*origin_row).unwrap_or(&row).get(*origin_col);
                    let short = |text: &&String| text.len() <= REPEATED && repeated <= REPEATED_IN_ALL;
                    let text = origin.filter(short).cloned().unwrap_or_default();
                    repeated += text.len();
                    text
                }
            };
            row.push(text);
        }
        rows.push(row);
    }
    rows
}

pub(super) fn trim(rows: &mut Vec<Vec<String>>) {
    let blank = |row: &Vec<String>| row.iter().all(String::is_empty);
    while rows.last().is_some_and(blank) {
        rows.pop();
    }
    let leading = rows.iter().take_while(|row| blank(row)).count();
    rows.drain(..leading);
    let used = |row: &Vec<String>| {
        row.iter()
            .rposition(|text| !text.is_empty())
            .map_or(0, |last| last + 1)
    };
    let columns = rows.iter().map(used).max().unwrap_or(0);
    for row in rows {
        row.truncate(columns);
    }
}

/// The content of a cell in lines; the table's writer puts `<br>` between them.
fn cell_text(cell: &Cell, notes: &Notes<'_>) -> String {
    let mut lines = Vec::new();
    for block in &cell.blocks {
        push_lines(block, notes, &mut lines);
    }
    lines.retain(|line| !line.trim().is_empty());
    lines.join("\n").trim().to_owned()
}

fn push_lines(block: &Block, notes: &Notes<'_>, lines: &mut Vec<String>) {
    match block {
        Block::Paragraph(inlines) => {
            lines.push(inline::render(inlines, Place::Cell, notes).trim().to_owned())
        }
        Block::Heading { content, .. } => {
            let text = inline::render(content, Place::Cell, notes);
            if !text.trim().is_empty() {
                lines.push(format!("**{}**", text.trim().trim_matches('*')));
            }
        }
        Block::Table(table) => {
            for row in texts(table, notes) {
                let row: Vec<String> = row.iter().map(|text| text.replace('\n', " ")).collect();
                lines.push(row.join(" / "));
            }
        }
        Block::BlockQuote(inner) => {
            for block in inner {
                push_lines(block, notes, lines);
            }
        }
        Block::CodeBlock { text, .. } => lines.push(markdown::code_span(text.trim())),
        Block::Math(tex) => lines.push(format!("${}$", tex.trim())),
        Block::List(_) => {
            let text = blocks::render_blocks(std::slice::from_ref(block), notes);
            lines.extend(text.lines().map(|line| line.trim().to_owned()));
        }
        Block::Rule => {}
    }
}
