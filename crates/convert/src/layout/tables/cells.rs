//! Text of the cells of a table.

use super::lines::lines_of;
use super::sketch::{Sketch, SketchCell};
use crate::ir::Inline;
use crate::layout::extent::Extent;
use crate::layout::hyphenation::Vocabulary;
use crate::layout::inlines::joined_lines;
use crate::layout::line::Line;
use crate::layout::table::{Cell, Table};
use crate::layout::word::Word;

/// Makes a table of a sketch.
pub(super) fn table(sketch: &Sketch, words: &[Word], vocabulary: &Vocabulary) -> Table {
    let cells = sketch.cells.iter().map(|cell| {
        let lines = text_lines(cell, words);
        let own = cell
            .words
            .iter()
            .filter_map(|index| words.get(*index))
            .map(Word::extent);
        Cell {
            row: number(cell.row),
            column: number(cell.column),
            row_span: number(cell.row_span),
            column_span: number(cell.column_span),
            header: cell.header,
            inlines: inlines(&lines, vocabulary),
            extent: own.reduce(Extent::with),
        }
    });
    Table {
        extent: Some(sketch.extent),
        cells: cells.collect(),
    }
}

/// Vocabulary of the cells of tables.
pub(super) fn vocabulary(sketches: &[Sketch], words: &[Word]) -> Vocabulary {
    let cells = sketches.iter().flat_map(|sketch| &sketch.cells);
    let lines: Vec<Line> = cells.flat_map(|cell| text_lines(cell, words)).collect();
    Vocabulary::of(lines.iter())
}

fn inlines(lines: &[Line], vocabulary: &Vocabulary) -> Vec<Inline> {
    joined_lines(lines, vocabulary)
}

fn number(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

/// Lines of a cell, from top to bottom.
fn text_lines(cell: &SketchCell, words: &[Word]) -> Vec<Line> {
    let lines = lines_of(words, cell.words.iter().copied());
    let lines = lines.iter().filter_map(|line| {
        let own: Vec<Word> = line
            .words()
            .filter_map(|index| words.get(index))
            .cloned()
            .collect();
        Line::of_words(&own)
    });
    lines.collect()
}
