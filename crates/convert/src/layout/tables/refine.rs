//! Rows of ruled tables that draw no line between some of their rows: lines of text that stand side by side in several
//! cells, and end before their cells are full, are rows of their own.

use super::lines::{TextLine, is_figure, lines_of, size};
use super::sketch::{Sketch, SketchCell};
use crate::layout::word::Word;

/// Share of the lines that have text in several cells, at least.
const MIN_BESIDE: f32 = 0.75;
/// Share of the line ends behind which the next word had found room, at least.
const MIN_EARLY: f32 = 0.7;
/// Share of the lines that are figures, from which on they are rows although they fill their cells.
const MIN_FIGURES: f32 = 0.7;
/// Difference between the heights of two lines side by side, at most, in multiples of the text size.
const SAME_LINE_EM: f32 = 0.35;

/// Cell with its lines and the edges of its column.
struct Lined<'a> {
    cell: &'a SketchCell,
    lines: Vec<TextLine>,
    left: f32,
    right: f32,
}

/// Divides the rows of a table that hold several. `xs` are the edges of its columns.
pub(super) fn divided(sketch: &Sketch, xs: &[f32], words: &[Word]) -> Sketch {
    let mut cells = Vec::new();
    // Rows by which those behind a divided one move down.
    let mut starts = vec![0];
    for row in 0..sketch.rows() {
        // Cells are in the order of their rows.
        let begin = sketch.cells.partition_point(|cell| cell.row < row);
        let end = sketch.cells.partition_point(|cell| cell.row <= row);
        let own = sketch.cells.get(begin..end).unwrap_or_default();
        let lines = row_lines(own, xs, words);
        starts.push(starts.last().copied().unwrap_or(0) + lines.len().max(1));
        for cell in own.iter().filter(|cell| cell.row_span == 1) {
            cells.extend(
                pieces(cell, &lines, words)
                    .into_iter()
                    .map(|(offset, span, words)| SketchCell {
                        row: starts.get(row).copied().unwrap_or(0) + offset,
                        row_span: span,
                        words,
                        ..cell.clone()
                    }),
            );
        }
    }
    for cell in sketch.cells.iter().filter(|cell| cell.row_span > 1) {
        let start = starts.get(cell.row).copied().unwrap_or(0);
        let end = starts.get(cell.row + cell.row_span).copied().unwrap_or(start + 1);
        cells.push(SketchCell {
            row: start,
            row_span: end - start,
            ..cell.clone()
        });
    }
    cells.sort_by_key(|cell| (cell.row, cell.column));
    Sketch {
        cells,
        ..sketch.clone()
    }
}

/// Heights of the lines into which a row is to be divided; none where it is one row.
fn row_lines(row: &[SketchCell], xs: &[f32], words: &[Word]) -> Vec<f32> {
    let own = row
        .iter()
        .filter(|cell| cell.row_span == 1 && !cell.words.is_empty());
    let lined: Vec<Lined<'_>> = own
        .map(|cell| Lined {
            cell,
            lines: lines_of(words, cell.words.iter().copied()),
            left: xs.get(cell.column).copied().unwrap_or_default(),
            right: xs
                .get(cell.column + cell.column_span)
                .copied()
                .unwrap_or_default(),
        })
        .collect();
    let several: Vec<&Lined<'_>> = lined.iter().filter(|cell| cell.lines.len() > 1).collect();
    if several.len() < 2 || several.iter().any(|cell| cell.cell.column_span > 1) {
        return Vec::new();
    }
    let lines = lines_of(
        words,
        several.iter().flat_map(|cell| cell.cell.words.iter().copied()),
    );
    let beside = lines.iter().filter(|line| {
        let has = |cell: &&&Lined<'_>| cell.lines.iter().any(|own| is_beside(own, line.baseline));
        several.iter().filter(has).count() > 1
    });
    let breaks: Vec<bool> = several
        .iter()
        .flat_map(|cell| early_breaks(cell, words))
        .collect();
    let early = breaks.iter().filter(|early| **early).count();
    #[expect(clippy::cast_precision_loss, reason = "lines of a row are few")]
    let share = |part: usize, whole: usize| part as f32 / whole.max(1) as f32;
    let all = several.iter().flat_map(|cell| &cell.lines);
    let figures = all
        .clone()
        .filter(|line| line.words().all(|index| is_number(words, index)));
    let rows = share(early, breaks.len()) >= MIN_EARLY || share(figures.count(), all.count()) >= MIN_FIGURES;
    let divides = share(beside.count(), lines.len()) >= MIN_BESIDE && rows;
    if divides {
        lines.iter().map(|line| line.baseline).collect()
    } else {
        Vec::new()
    }
}

fn is_number(words: &[Word], index: usize) -> bool {
    words.get(index).is_some_and(|word| is_figure(&word.text))
}

fn is_beside(line: &TextLine, baseline: f32) -> bool {
    (line.baseline - baseline).abs() <= SAME_LINE_EM * line.size
}

/// Tells for each line end of a cell whether the first word of the next line had found room in the line.
fn early_breaks(cell: &Lined<'_>, words: &[Word]) -> Vec<bool> {
    let left = cell
        .lines
        .iter()
        .map(TextLine::left)
        .fold(f32::INFINITY, f32::min);
    let right = cell
        .lines
        .iter()
        .map(TextLine::right)
        .fold(f32::NEG_INFINITY, f32::max);
    // The narrower of the two margins is the padding of the cell.
    let padding = (left - cell.left).min(cell.right - right).max(0.0);
    let room = cell.right - cell.left - 2.0 * padding;
    let pairs = cell.lines.windows(2).map(|pair| {
        let [line, next] = pair else {
            return false;
        };
        let first = next.words().next().and_then(|index| words.get(index));
        let width = first.map_or(0.0, |word| word.right - word.left + 0.25 * size(word));
        line.right() - line.left() + width <= room
    });
    pairs.collect()
}

/// Parts of a cell: first line, number of lines, and words. A cell whose text stands beside no line stays whole.
fn pieces(cell: &SketchCell, lines: &[f32], words: &[Word]) -> Vec<(usize, usize, Vec<usize>)> {
    let count = lines.len().max(1);
    let own = lines_of(words, cell.words.iter().copied());
    let place = |line: &TextLine| lines.iter().position(|baseline| is_beside(line, *baseline));
    let mut parts: Vec<Vec<usize>> = vec![Vec::new(); count];
    for line in &own {
        match place(line).and_then(|place| parts.get_mut(place)) {
            Some(part) if lines.len() > 1 => part.extend(line.words()),
            _ => return vec![(0, count, cell.words.clone())],
        }
    }
    if lines.len() < 2 {
        return vec![(0, 1, cell.words.clone())];
    }
    parts
        .into_iter()
        .enumerate()
        .map(|(offset, words)| (offset, 1, words))
        .collect()
}
