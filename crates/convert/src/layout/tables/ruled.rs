//! Tables with drawn borders: each face of a lattice is a cell.

use super::evidence::Evidence;
use super::lattice::{Face, Lattice};
use super::lines::middle;
use super::refine;
use super::sketch::{Sketch, SketchCell};
use crate::layout::word::Word;

/// Lattices of a page that are looked at, at most.
const MAX_LATTICES: usize = 200;
/// Share of the fields that hold text, at least: a chart has lines and little text.
const MIN_FILLED: f32 = 0.25;
/// Share of the words that a border runs through, at most: it runs through the labels of drawings.
const MAX_CROSSED: f32 = 0.15;
/// Share of the rows with text in several cells, at least.
const MIN_SEVERAL: f32 = 0.25;
/// Words of a cell on average from which on the cells are parts of the page's layout.
const LAYOUT_WORDS: usize = 60;
/// Rows and columns without text that are narrower, in points, are the space between double lines.
const EMPTY_PITCH: f32 = 7.0;

/// Makes the tables of lattices of the words that are `free`, and takes these.
pub(super) fn tables(words: &[Word], lattices: &[Lattice], free: &mut [bool]) -> Vec<Sketch> {
    let mut tables = Vec::new();
    for lattice in lattices.iter().take(MAX_LATTICES) {
        if let Some(table) = table(words, lattice, free) {
            for index in table.cells.iter().flat_map(|cell| &cell.words) {
                if let Some(free) = free.get_mut(*index) {
                    *free = false;
                }
            }
            tables.push(table);
        }
    }
    tables
}

fn table(words: &[Word], lattice: &Lattice, free: &[bool]) -> Option<Sketch> {
    let held = words_of_faces(words, lattice, free);
    let kept = |count: usize, edges: &[f32], of: &dyn Fn(&Face) -> (usize, usize)| -> Vec<bool> {
        let mut kept: Vec<bool> = edges
            .windows(2)
            .map(|pair| (pair.first().unwrap_or(&0.0) - pair.last().unwrap_or(&0.0)).abs() >= EMPTY_PITCH)
            .collect();
        kept.resize(count, true);
        for (face, words) in lattice.faces.iter().zip(&held) {
            let (start, span) = of(face);
            if !words.is_empty() && span == 1 {
                kept.get_mut(start).into_iter().for_each(|kept| *kept = true);
            }
        }
        kept
    };
    let rows = kept(lattice.rows(), &lattice.ys, &|face| (face.row, face.row_span));
    let columns = kept(lattice.columns(), &lattice.xs, &|face| {
        (face.column, face.column_span)
    });
    let mut cells = Vec::new();
    for (face, words) in lattice.faces.iter().zip(held.iter()) {
        let (row, row_span) = squeezed(&rows, face.row, face.row_span);
        let (column, column_span) = squeezed(&columns, face.column, face.column_span);
        if row_span > 0 && column_span > 0 {
            cells.push(SketchCell {
                row,
                column,
                row_span,
                column_span,
                header: false,
                words: words.clone(),
            });
        } else if !words.is_empty() {
            return None;
        }
    }
    let sketch = Sketch {
        extent: lattice.extent(),
        ruled: true,
        cells,
    };
    let edges = lattice.xs.iter().zip([true].iter().chain(&columns));
    // Columns that were dropped leave no edge.
    let xs: Vec<f32> = edges.filter(|(_, kept)| **kept).map(|(edge, _)| *edge).collect();
    if !is_table(&sketch, words, lattice) {
        return None;
    }
    let mut table = refine::divided(&sketch, &xs, words);
    let header = Evidence::of(&table, words).has_header();
    table.mark_header(usize::from(header));
    Some(table)
}

/// Words of each face, by their middle.
fn words_of_faces(words: &[Word], lattice: &Lattice, free: &[bool]) -> Vec<Vec<usize>> {
    let mut held = vec![Vec::new(); lattice.faces.len()];
    let numbered = words.iter().enumerate().zip(free);
    for ((index, word), _) in numbered.filter(|(_, free)| **free) {
        let field = lattice.field_of(middle(word));
        let face = field.and_then(|(row, column)| lattice.face_at(row, column));
        if let Some(held) = face.and_then(|face| held.get_mut(face)) {
            held.push(index);
        }
    }
    held
}

/// Position and span among the kept rows or columns.
fn squeezed(kept: &[bool], start: usize, span: usize) -> (usize, usize) {
    let count = |range: std::ops::Range<usize>| {
        let part = kept.get(range).unwrap_or_default();
        part.iter().filter(|kept| **kept).count()
    };
    (count(0..start), count(start..start + span))
}

/// Returns true if a lattice with these cells is a table, and not a frame, a chart or a part of the layout.
fn is_table(sketch: &Sketch, words: &[Word], lattice: &Lattice) -> bool {
    let filled: Vec<&SketchCell> = sketch.filled().collect();
    let rows = distinct(filled.iter().map(|cell| cell.row));
    let columns = distinct(filled.iter().map(|cell| cell.column));
    if sketch.rows() < 2 || sketch.columns() < 2 || rows < 2 || columns < 2 {
        return false;
    }
    let inner = filled.iter().any(|cell| cell.row > 0 && cell.column > 0);
    #[expect(clippy::cast_precision_loss, reason = "cells and words are few")]
    let share = |part: usize, whole: usize| part as f32 / whole.max(1) as f32;
    let held: Vec<usize> = filled
        .iter()
        .flat_map(|cell| cell.words.iter().copied())
        .collect();
    let crossed = held
        .iter()
        .filter_map(|index| words.get(*index))
        .filter(|word| is_crossed(word, lattice));
    let layout = held.len() > LAYOUT_WORDS * filled.len() && filled.len() <= 6;
    let mut per_row = vec![0_usize; sketch.rows()];
    for cell in &filled {
        per_row
            .get_mut(cell.row)
            .into_iter()
            .for_each(|count| *count += 1);
    }
    let several = per_row.iter().filter(|count| **count > 1).count();
    let rows = several > 1 && share(several, per_row.len()) >= MIN_SEVERAL;
    (inner && rows || is_blank_form(sketch))
        && share(filled.len(), sketch.cells.len()) >= MIN_FILLED
        && share(crossed.count(), held.len()) <= MAX_CROSSED
        && !layout
}

/// Returns true for a table that is to be filled in: every row and every column has its label.
fn is_blank_form(sketch: &Sketch) -> bool {
    let labels = |test: &dyn Fn(&SketchCell) -> bool| sketch.filled().filter(|cell| test(cell)).count();
    let rows = labels(&|cell| cell.column == 0 && cell.row > 0);
    let columns = labels(&|cell| cell.row == 0 && cell.column > 0);
    rows >= 2 && rows + 1 == sketch.rows() && columns + 1 >= sketch.columns()
}

/// Returns true if a vertical border runs through the inner part of the word.
fn is_crossed(word: &Word, lattice: &Lattice) -> bool {
    let quarter = (word.right - word.left) / 4.0;
    let Some((row, column)) = lattice.field_of(middle(word)) else {
        return false;
    };
    let is_wall = |line: usize| {
        let before = line.checked_sub(1).and_then(|left| lattice.face_at(row, left));
        before != lattice.face_at(row, line)
    };
    let mut near = [column, column + 1].into_iter();
    near.any(|line| {
        let edge = lattice.xs.get(line);
        edge.is_some_and(|edge| word.left + quarter < *edge && *edge < word.right - quarter) && is_wall(line)
    })
}

fn distinct(numbers: impl Iterator<Item = usize>) -> usize {
    let mut numbers: Vec<usize> = numbers.collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers.len()
}
