//! Rows of lines to the cells of a table.

use super::rows::TableLine;
use super::sketch::{Sketch, SketchCell};
use crate::layout::extent::Extent;

/// Makes the table of these rows.
pub(super) fn assemble(rows: &[Vec<TableLine>], columns: usize, ruled: bool) -> Option<Sketch> {
    let mut cells = Vec::new();
    let mut extent: Option<Extent> = None;
    for (index, row) in rows.iter().enumerate() {
        for line in row {
            let own = line.line.extent();
            extent = Some(extent.map_or(own, |extent| extent.with(own)));
        }
        cells.extend(cells_of(row, index, columns));
    }
    Some(Sketch {
        extent: extent?,
        ruled,
        cells,
    })
}

/// Cells of a row, with those that are empty.
fn cells_of(row: &[TableLine], index: usize, columns: usize) -> Vec<SketchCell> {
    let mut spans: Vec<(usize, usize)> = row.iter().flat_map(|line| line.columns.iter().copied()).collect();
    spans.sort_unstable();
    let mut joined: Vec<(usize, usize)> = Vec::new();
    for (first, last) in spans {
        match joined.last_mut() {
            Some(before) if first <= before.1 => before.1 = before.1.max(last),
            _ => joined.push((first, last)),
        }
    }
    let mut cells = Vec::new();
    let mut next = 0;
    for (first, last) in joined {
        cells.extend((next..first).map(|column| cell(index, column, column)));
        let mut held = cell(index, first, last);
        for line in row {
            for (piece, &(start, _)) in line.line.pieces.iter().zip(&line.columns) {
                if (first..=last).contains(&start) {
                    held.words.extend(&piece.words);
                }
            }
        }
        cells.push(held);
        next = last + 1;
    }
    cells.extend((next..columns).map(|column| cell(index, column, column)));
    cells
}

fn cell(row: usize, first: usize, last: usize) -> SketchCell {
    SketchCell {
        row,
        column: first,
        row_span: 1,
        column_span: last + 1 - first,
        ..SketchCell::default()
    }
}
