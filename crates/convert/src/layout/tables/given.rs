//! Tables whose cells are known.

use crate::layout::extent::Extent;
use crate::layout::hyphenation::Vocabulary;
use crate::layout::inlines::joined_lines;
use crate::layout::line::Line;
use crate::layout::reading_order;
use crate::layout::table::{Cell, Table};
use crate::layout::word::Word;

/// Cell of a table with its words.
#[derive(Debug)]
pub(crate) struct GivenCell {
    pub(crate) row: u32,
    pub(crate) column: u32,
    pub(crate) row_span: u32,
    pub(crate) column_span: u32,
    /// Header of its column.
    pub(crate) header: bool,
    pub(crate) words: Vec<Word>,
}

/// Makes a table of cells.
pub(crate) fn given(cells: Vec<GivenCell>) -> Table {
    let boxes = |cell: &GivenCell| cell.words.iter().map(Word::extent).reduce(Extent::with);
    let extent = cells.iter().filter_map(boxes).reduce(Extent::with);
    let own = cells.into_iter().map(|cell| {
        let extent = boxes(&cell);
        let lines = reading_order::lines(cell.words);
        let made = Cell {
            row: cell.row,
            column: cell.column,
            row_span: cell.row_span,
            column_span: cell.column_span,
            header: cell.header,
            inlines: Vec::new(),
            extent,
        };
        (made, lines)
    });
    let own: Vec<(Cell, Vec<Line>)> = own.collect();
    let vocabulary = Vocabulary::of(own.iter().flat_map(|(_, lines)| lines));
    let cells = own.into_iter().map(|(cell, lines)| Cell {
        inlines: joined_lines(&lines, &vocabulary),
        ..cell
    });
    Table {
        extent,
        cells: cells.collect(),
    }
}
