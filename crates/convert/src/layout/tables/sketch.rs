//! Sketch: a table of numbers of words, before its text is made.

use crate::layout::extent::Extent;

/// Table whose cells hold the numbers of their words.
#[derive(Debug, Clone)]
pub(super) struct Sketch {
    pub(super) extent: Extent,
    /// Bounded by drawn lines.
    pub(super) ruled: bool,
    pub(super) cells: Vec<SketchCell>,
}

/// Cell of a sketch.
#[derive(Debug, Clone, Default)]
pub(super) struct SketchCell {
    pub(super) row: usize,
    pub(super) column: usize,
    pub(super) row_span: usize,
    pub(super) column_span: usize,
    pub(super) header: bool,
    pub(super) words: Vec<usize>,
}

impl Sketch {
    pub(super) fn rows(&self) -> usize {
        self.cells
            .iter()
            .map(|cell| cell.row + cell.row_span)
            .max()
            .unwrap_or(0)
    }

    pub(super) fn columns(&self) -> usize {
        let ends = self.cells.iter().map(|cell| cell.column + cell.column_span);
        ends.max().unwrap_or(0)
    }

    /// Cells that hold text.
    pub(super) fn filled(&self) -> impl Iterator<Item = &SketchCell> {
        self.cells.iter().filter(|cell| !cell.words.is_empty())
    }

    /// Marks the cells of the first rows as headers.
    pub(super) fn mark_header(&mut self, rows: usize) {
        for cell in &mut self.cells {
            cell.header = cell.row < rows;
        }
    }
}
