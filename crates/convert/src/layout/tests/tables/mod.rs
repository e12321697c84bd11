//! Pages drawn as text: words and borders, and the tables that are found on them.
//!
//! A row is 12 points high and a column 5 points wide. `+`, `-` and `|` are borders, a word that begins with `*` is
//! bold, one with `` ` `` is of a fixed pitch, all others are words of 10 points.

mod limits;
mod none;
mod property;
mod ruled;
mod unruled;

use std::rc::Rc;

use super::{COLUMN, PITCH, SIZE};
use crate::ir::inlines_text;
use crate::layout::drawing::{Drawing, Rule};
use crate::layout::extent::LetterHeights;
use crate::layout::table::Table;
use crate::layout::tables::{Found, find};
use crate::layout::word::{Word, WordStyle};

const TOP: f32 = 700.0;
/// Height of the middle of a row above its baseline.
const MIDDLE: f32 = 3.0;

/// Word at a place.
pub(super) fn word(text: &str, left: f32, baseline: f32) -> Word {
    let plain = text.trim_start_matches(['*', '`']);
    let width: f32 = plain.chars().map(|_| COLUMN).sum();
    Word {
        text: plain.to_owned(),
        left,
        right: left + width,
        baseline,
        size: SIZE,
        heights: LetterHeights::default(),
        style: WordStyle {
            font: Rc::from("Serif"),
            bold: text.starts_with('*'),
            italic: false,
            monospace: text.starts_with('`'),
            struck: false,
        },
        spaced: true,
        link: None,
        order: 0,
        field: None,
    }
}

pub(super) fn rule(from: [f32; 2], to: [f32; 2]) -> Rule {
    Rule {
        from,
        to,
        width: 0.5,
        order: 0,
    }
}

fn place(number: usize, unit: f32) -> f32 {
    (0..number).map(|_| unit).sum()
}

/// Words and borders of a drawn page.
pub(super) fn drawn(page: &str) -> (Vec<Word>, Drawing) {
    let rows: Vec<Vec<char>> = page
        .trim_matches('\n')
        .lines()
        .map(|row| row.chars().collect())
        .collect();
    let at = |row: usize, column: usize| {
        rows.get(row)
            .and_then(|row| row.get(column))
            .copied()
            .unwrap_or(' ')
    };
    let (mut words, mut drawing) = (Vec::new(), Drawing::default());
    for (number, row) in rows.iter().enumerate() {
        let baseline = TOP - place(number, PITCH);
        let middle = baseline + MIDDLE;
        let mut column = 0;
        while column < row.len() {
            let start = column;
            while !matches!(at(number, column), ' ' | '|') {
                column += 1;
            }
            let text: String = row[start..column].iter().collect();
            if text.len() > 2 && text.chars().all(|c| matches!(c, '+' | '-')) {
                let end = place(column - 1, COLUMN) + COLUMN / 2.0;
                drawing
                    .rules
                    .push(rule([place(start, COLUMN) + COLUMN / 2.0, middle], [end, middle]));
                for (crossing, _) in text.match_indices('+') {
                    let joins = |row: usize| matches!(at(row, start + crossing), '+' | '|');
                    let up = number > 0 && joins(number - 1);
                    drawing
                        .rules
                        .extend(upright(start + crossing, middle, up, joins(number + 1)));
                }
            } else if !text.is_empty() {
                words.push(word(&text, place(start, COLUMN), baseline));
            }
            if at(number, column) == '|' {
                drawing.rules.extend(upright(column, middle, true, true));
            }
            column += 1;
        }
    }
    (words, drawing)
}

/// Part of a vertical border that a row has in this column.
fn upright(column: usize, middle: f32, up: bool, down: bool) -> Option<Rule> {
    let at = place(column, COLUMN) + COLUMN / 2.0;
    let top = middle + if up { PITCH / 2.0 } else { 0.0 };
    let bottom = middle - if down { PITCH / 2.0 } else { 0.0 };
    (up || down).then(|| rule([at, bottom], [at, top]))
}

/// Tables of a drawn page.
pub(super) fn found(page: &str) -> Found {
    let (words, drawing) = drawn(page);
    find(words, &drawing)
}

/// Rows of a table: cells between bars, with rows and columns of those that span some. Header cells end with `!`.
pub(super) fn rows_of(table: &Table) -> Vec<String> {
    let count = table
        .cells
        .iter()
        .map(|cell| cell.row)
        .max()
        .map_or(0, |last| last + 1);
    let row = |row: u32| -> String {
        let mut cells: Vec<_> = table.cells.iter().filter(|cell| cell.row == row).collect();
        cells.sort_by_key(|cell| cell.column);
        let texts = cells.iter().map(|cell| {
            let span = match (cell.row_span, cell.column_span) {
                (1, 1) => String::new(),
                (rows, columns) => format!("<{rows}x{columns}>"),
            };
            format!(
                "{}{span}{}",
                inlines_text(&cell.inlines),
                if cell.header { "!" } else { "" }
            )
        });
        texts.collect::<Vec<_>>().join("|")
    };
    (0..count).map(row).collect()
}

/// Drawn page with the rows of each of its tables from top to bottom: name, page, rows.
pub(super) type DrawnTables<'a> = (&'a str, &'a str, &'a [&'a [&'a str]]);

/// Checks the tables of drawn pages, and that no word is lost or doubled.
pub(super) fn check(pages: &[DrawnTables<'_>]) {
    for (name, page, expected) in pages {
        let mut found = found(page);
        found.tables.sort_by(|a, b| {
            let (a, b) = (a.extent, b.extent);
            b.top.total_cmp(&a.top).then(a.left.total_cmp(&b.left))
        });
        let tables: Vec<Vec<String>> = found.tables.iter().map(|found| rows_of(&found.table)).collect();
        assert_eq!(tables, *expected, "{name}");
    }
}

/// Checks that drawn pages have no table.
pub(super) fn check_none(pages: &[(&str, &str)]) {
    for (name, page) in pages {
        let (words, drawing) = drawn(page);
        let count = words.len();
        let found = find(words, &drawing);
        let tables: Vec<Vec<String>> = found.tables.iter().map(|found| rows_of(&found.table)).collect();
        assert!(tables.is_empty(), "{name}: {tables:?}");
        assert_eq!(found.rest.len(), count, "{name}");
    }
}
