//! Rows and columns of lines of text, between the strips that hold for the whole table.

use super::lines::TextLine;
use super::rows::{TableLine, rows};
use super::strips::{Strip, strips};
use crate::layout::word::Word;

/// Lines in rows and columns.
pub(super) struct Laid {
    pub(super) rows: Vec<Vec<TableLine>>,
    pub(super) columns: usize,
}

impl Laid {
    /// Rows above the highest of the rules between them; 0 without rules.
    pub(super) fn rows_above(&self, rules: &[f32]) -> usize {
        let Some(first) = rules.iter().copied().reduce(f32::max) else {
            return 0;
        };
        let above = |row: &&Vec<TableLine>| row.iter().all(|line| line.line.middle() > first);
        self.rows.iter().take_while(above).count()
    }

    /// Returns true if one rule parts the first row from the others.
    pub(super) fn is_underlined(&self, rules: &[f32]) -> bool {
        rules.len() == 1 && self.rows_above(rules) == 1 && self.rows.len() > 1
    }
}

/// Lays lines into rows and columns; `None` when there is one column. `rules` are the heights of the rules between
/// the lines.
pub(super) fn lay(lines: &[TextLine], rules: &[f32], words: &[Word]) -> Option<Laid> {
    let size = lines.first()?.size;
    let mut strips = strips(lines, size);
    loop {
        if strips.is_empty() {
            return None;
        }
        let laid = lines.iter().map(|line| TableLine::new(line, &strips, words));
        let rows = rows(laid.collect(), rules);
        match needless(&rows, &strips) {
            Some(index) => {
                strips.remove(index);
            }
            None => {
                let columns = strips.len() + 1;
                return Some(Laid { rows, columns });
            }
        }
    }
}

/// Strip between two columns that have no row in common: a header beside its figures, which are aligned at the other
/// side. Headers stand at the left more often, and closer than the figures of the column before.
fn needless(rows: &[Vec<TableLine>], strips: &[Strip]) -> Option<usize> {
    let columns = strips.len() + 1;
    let filled: Vec<Vec<bool>> = rows.iter().map(|row| filled(row, columns)).collect();
    let at = |row: &[bool], column: usize| row.get(column).copied().unwrap_or(false);
    let last = |column: usize| filled.iter().rposition(|row| at(row, column));
    let first = |column: usize| filled.iter().position(|row| at(row, column));
    let apart = (0..strips.len()).filter(|index| {
        let both = filled.iter().any(|row| at(row, *index) && at(row, *index + 1));
        !both && first(*index).is_some() && first(*index + 1).is_some()
    });
    let order = |index: &usize| (last(*index) > first(*index + 1), distance(rows, *index));
    apart.min_by(|a, b| {
        let (a, b) = (order(a), order(b));
        a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
    })
}

/// Columns of a row with text of their own.
fn filled(row: &[TableLine], columns: usize) -> Vec<bool> {
    let mut filled = vec![false; columns];
    for &(first, last) in row.iter().flat_map(|line| &line.columns) {
        let own = filled.get_mut(first..=last);
        own.into_iter().flatten().for_each(|filled| *filled = true);
    }
    filled
}

/// Space between the text of a column and that of the next one.
fn distance(rows: &[Vec<TableLine>], column: usize) -> f32 {
    let pieces = || {
        let lines = rows.iter().flatten();
        lines.flat_map(|line| line.line.pieces.iter().zip(&line.columns))
    };
    let own = |wanted: usize| {
        pieces()
            .filter(move |(_, columns)| **columns == (wanted, wanted))
            .map(|(piece, _)| piece)
    };
    let right = own(column)
        .map(|piece| piece.right)
        .fold(f32::NEG_INFINITY, f32::max);
    let left = own(column + 1)
        .map(|piece| piece.left)
        .fold(f32::INFINITY, f32::min);
    left - right
}
