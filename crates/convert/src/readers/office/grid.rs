use anydoc::model::{Block, Cell, CellSlot, Table};

use super::inline::{self, InlineContext, Notes};
use crate::write::markdown;

/// Length in bytes up to which the text of a merged cell is repeated in the cells that it covers.
const MAX_REPEATED_BYTES: usize = 200;
/// Bytes of a table that are repeated in total, at most.
const MAX_TOTAL_REPEATED_BYTES: usize = 16 << 20;

/// Writer of one block: a list inside a cell is written like a list outside, by the module that uses this one.
pub(super) type BlockWriter = fn(&Block, &Notes<'_>) -> String;

/// Returns the cell of a table that has only one: it is a frame around text, not a table.
pub(super) fn only_cell(table: &Table) -> Option<&Cell> {
    match table.grid.as_slice() {
        [row] => match row.as_slice() {
            [CellSlot::Origin(cell)] => Some(cell),
            _ => None,
        },
        _ => None,
    }
}

/// Writes a table without the empty rows and columns at its edges; the first row is the header.
pub(super) fn render(table: &Table, notes: &Notes<'_>, write_block: BlockWriter) -> String {
    let mut rows = texts(table, notes, write_block);
    trim(&mut rows);
    if rows.is_empty() {
        String::new()
    } else {
        markdown::table(&rows)
    }
}

/// Texts of all cells. The text of a merged cell stands in each cell that it covers, since Markdown cannot merge cells.
pub(super) fn texts(table: &Table, notes: &Notes<'_>, write_block: BlockWriter) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::with_capacity(table.grid.len());
    let mut repeated = 0;
    for slots in &table.grid {
        let mut row: Vec<String> = Vec::with_capacity(slots.len());
        for slot in slots {
            let text = match slot {
                CellSlot::Origin(cell) => cell_text(cell, notes, write_block),
                CellSlot::Covered {
                    origin_row,
                    origin_col,
                } => {
                    let origin = rows.get(*origin_row).unwrap_or(&row).get(*origin_col);
                    let short = |text: &&String| {
                        text.len() <= MAX_REPEATED_BYTES && repeated <= MAX_TOTAL_REPEATED_BYTES
                    };
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

/// Removes empty rows at the start and the end, and empty columns at the end.
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

/// Text of a cell in lines, between which the table writer puts `<br>`.
fn cell_text(cell: &Cell, notes: &Notes<'_>, write_block: BlockWriter) -> String {
    let mut lines = Vec::new();
    for block in &cell.blocks {
        push_lines(block, notes, write_block, &mut lines);
    }
    lines.retain(|line| !line.trim().is_empty());
    lines.join("\n").trim().to_owned()
}

fn push_lines(block: &Block, notes: &Notes<'_>, write_block: BlockWriter, lines: &mut Vec<String>) {
    match block {
        Block::Paragraph(inlines) => lines.push(
            inline::render(inlines, InlineContext::Cell, notes)
                .trim()
                .to_owned(),
        ),
        Block::Heading { content, .. } => {
            let text = inline::render(content, InlineContext::Cell, notes);
            if !text.trim().is_empty() {
                lines.push(format!("**{}**", text.trim().trim_matches('*')));
            }
        }
        Block::Table(table) => {
            for row in texts(table, notes, write_block) {
                let row: Vec<String> = row.iter().map(|text| text.replace('\n', " ")).collect();
                lines.push(row.join(" / "));
            }
        }
        Block::BlockQuote(inner) => {
            for block in inner {
                push_lines(block, notes, write_block, lines);
            }
        }
        Block::CodeBlock { text, .. } => lines.push(markdown::code_span(text.trim())),
        Block::Math(tex) => lines.push(format!("${}$", tex.trim())),
        Block::List(_) => {
            let text = write_block(block, notes);
            lines.extend(text.lines().map(|line| line.trim().to_owned()));
        }
        Block::Rule => {}
    }
}
