//! Evidence that aligned text is a table: counts over the cells of a sketch.

use super::lines::{is_figure, size};
use super::sketch::{Sketch, SketchCell};
use crate::layout::word::Word;

/// Counts over the cells of a sketch.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// Share of the places that hold text.
    pub(super) filled: f32,
    /// Share of the filled cells behind the first column that are figures.
    pub(super) figures: f32,
    /// Columns behind the first in which most cells are figures.
    pub(super) figure_columns: usize,
    /// Columns whose cells have many words.
    pub(super) prose_columns: usize,
    /// Words of a filled cell on average.
    pub(super) words: f32,
    /// Share of the cells that span columns.
    pub(super) spanning: f32,
    /// Share of the words that are set in a fixed pitch.
    pub(super) monospace: f32,
    /// The first row is bold, and most of the others are not.
    pub(super) bold_header: bool,
    /// The first row has no figures, and columns of figures below it.
    pub(super) text_over_figures: bool,
    /// Share of the cells of the first column that end with a colon.
    pub(super) colons: f32,
    /// Share of the cells of the first column that are the label of a list item or reference.
    pub(super) labels: f32,
    /// Share of the rows with leader dots.
    pub(super) leaders: f32,
    /// Share of the cells whose left edge, middle or right edge is that of most cells of their column.
    pub(super) aligned: f32,
    /// Rows with text in every column.
    pub(super) complete: usize,
    /// The last column is numbers of equations.
    pub(super) equations: bool,
}

/// Words of a cell on average from which on a column is prose.
const PROSE_WORDS: f32 = 6.0;

/// Share of the cells that are aligned with their column, at least.
const MIN_ALIGNED: f32 = 0.7;
/// Distance of two positions that are alike, in multiples of the text size.
const ALIKE_EM: f32 = 0.5;

#[expect(clippy::cast_precision_loss, reason = "cells and words are few")]
fn share(part: usize, whole: usize) -> f32 {
    part as f32 / whole.max(1) as f32
}

impl Evidence {
    pub(super) fn of(sketch: &Sketch, words: &[Word]) -> Self {
        let texts: Vec<CellText<'_>> = sketch.filled().map(|cell| CellText::of(cell, words)).collect();
        let (rows, columns) = (sketch.rows(), sketch.columns());
        let behind = || texts.iter().filter(|text| text.cell.column > 0);
        let first = || {
            texts
                .iter()
                .filter(|text| text.cell.column == 0 && text.cell.row > 0)
        };
        let count = |test: &dyn Fn(&&CellText<'_>) -> bool| texts.iter().filter(test).count();
        let all_words: usize = texts.iter().map(|text| text.words.len()).sum();
        let mono = texts
            .iter()
            .flat_map(|text| &text.words)
            .filter(|word| word.style.monospace);
        let mut evidence = Self {
            rows,
            columns,
            filled: share(texts.len(), sketch.cells.len()),
            figures: share(behind().filter(|text| text.is_figure()).count(), behind().count()),
            words: share(all_words, texts.len()),
            spanning: share(count(&|text| text.cell.column_span > 1), texts.len()),
            monospace: share(mono.count(), all_words),
            bold_header: bold_header(&texts),
            colons: share(
                first().filter(|text| text.ends_with(':')).count(),
                first().count(),
            ),
            labels: share(first().filter(|text| text.is_label()).count(), first().count()),
            leaders: share(count(&|text| text.has_leader()), rows),
            aligned: aligned(&texts, columns),
            complete: complete(&texts, rows, columns),
            equations: is_equations(&texts, columns),
            ..Self::default()
        };
        for column in 0..columns {
            let own: Vec<&CellText<'_>> = texts
                .iter()
                .filter(|text| text.cell.column == column && text.cell.row > 0)
                .collect();
            let figures = own.iter().filter(|text| text.is_figure()).count();
            let words: usize = own.iter().map(|text| text.words.len()).sum();
            let numeric = column > 0 && own.len() > 1 && figures * 10 >= own.len() * 7;
            evidence.figure_columns += usize::from(numeric);
            evidence.prose_columns += usize::from(share(words, own.len()) >= PROSE_WORDS);
        }
        let head = || {
            texts
                .iter()
                .filter(|text| text.cell.row == 0 && text.cell.column > 0)
        };
        evidence.text_over_figures = evidence.figure_columns > 0
            && head().count() > 0
            && head().all(|text| !text.is_figure() || text.is_year());
        evidence
    }
}

impl Evidence {
    /// Returns true if the first row is told from the others as a header.
    pub(super) fn has_header(&self) -> bool {
        self.bold_header || self.text_over_figures
    }

    /// Returns true if the cells of each column stand below each other.
    pub(super) fn is_aligned(&self) -> bool {
        self.aligned >= MIN_ALIGNED
    }
}

/// Words of a cell.
struct CellText<'a> {
    cell: &'a SketchCell,
    words: Vec<&'a Word>,
}

impl<'a> CellText<'a> {
    fn of(cell: &'a SketchCell, words: &'a [Word]) -> Self {
        let held = cell.words.iter().filter_map(|index| words.get(*index));
        Self {
            cell,
            words: held.collect(),
        }
    }

    /// Left edge, middle and right edge of its first line, and its text size.
    fn edges(&self) -> Option<([f32; 3], f32)> {
        let left = self.words.iter().map(|word| word.left).reduce(f32::min)?;
        let right = self.words.iter().map(|word| word.right).reduce(f32::max)?;
        let size = self.words.iter().map(|word| size(word)).reduce(f32::max)?;
        Some(([left, (left + right) / 2.0, right], size))
    }

    fn is_bold(&self) -> bool {
        self.words.iter().all(|word| word.style.bold)
    }

    /// Returns true for a figure, which may have a unit, and for marks that stand for a missing one.
    fn is_figure(&self) -> bool {
        let words = || self.words.iter().map(|word| word.text.as_str());
        let figures = words().filter(|text| is_figure(text) && text.contains(|c: char| c.is_ascii_digit()));
        let figures = figures.count();
        let others = words().filter(|text| !is_figure(text)).count();
        figures > others || figures == 1 && others == 1 || others == 0
    }

    fn is_year(&self) -> bool {
        let year = |text: &str| text.len() == 4 && (text.starts_with("19") || text.starts_with("20"));
        self.words.iter().any(|word| year(&word.text))
    }

    fn ends_with(&self, sign: char) -> bool {
        self.words.last().is_some_and(|word| word.text.ends_with(sign))
    }

    /// Returns true for `3.`, `[12]`, `(a)` and bullets.
    fn is_label(&self) -> bool {
        let [word] = self.words.as_slice() else {
            return false;
        };
        let text = word.text.as_str();
        let inner = text.trim_matches(['[', ']', '(', ')', '.']);
        let number = inner.len() < text.len()
            && inner.chars().count() <= 4
            && inner.chars().all(char::is_alphanumeric);
        number || text.chars().all(|c| !c.is_alphanumeric()) && text.chars().count() == 1
    }

    /// Returns true if it has a row of dots.
    fn has_leader(&self) -> bool {
        let dots =
            |word: &&&Word| word.text.contains("....") || word.text.contains('…') && word.text.len() > 6;
        let single = self.words.iter().filter(|word| word.text == ".").count();
        self.words.iter().filter(dots).count() > 0 || single >= 4
    }
}

/// Share of the cells that are aligned with most cells of their column.
fn aligned(texts: &[CellText<'_>], columns: usize) -> f32 {
    let (mut alike, mut all) = (0, 0);
    for column in 0..columns {
        let single = texts
            .iter()
            .filter(|text| text.cell.column == column && text.cell.column_span == 1);
        let edges: Vec<([f32; 3], f32)> = single.filter_map(CellText::edges).collect();
        let most = (0..3).map(|edge| {
            most_alike(
                edges
                    .iter()
                    .filter_map(|(edges, size)| Some((*edges.get(edge)?, *size))),
            )
        });
        alike += most.max().unwrap_or(0);
        all += edges.len();
    }
    share(alike, all)
}

/// Number of the positions that lie together most.
fn most_alike(positions: impl Iterator<Item = (f32, f32)>) -> usize {
    let mut positions: Vec<(f32, f32)> = positions.collect();
    positions.sort_by(|a, b| a.0.total_cmp(&b.0));
    let near = positions.iter().enumerate().map(|(index, &(start, size))| {
        let end = positions.partition_point(|&(position, _)| position <= start + ALIKE_EM * size);
        end.saturating_sub(index)
    });
    near.max().unwrap_or(0)
}

/// Rows with text in every column.
fn complete(texts: &[CellText<'_>], rows: usize, columns: usize) -> usize {
    let mut filled = vec![0; rows];
    for text in texts {
        if let Some(filled) = filled.get_mut(text.cell.row) {
            *filled += text.cell.column_span;
        }
    }
    filled.iter().filter(|filled| **filled >= columns).count()
}

/// Returns true if the last of two columns has numbers in brackets only.
fn is_equations(texts: &[CellText<'_>], columns: usize) -> bool {
    let mut last = texts
        .iter()
        .filter(|text| text.cell.column + 1 == columns)
        .peekable();
    let number = |text: &CellText<'_>| match text.words.as_slice() {
        [word] => word.text.starts_with('(') && word.text.ends_with(')'),
        _ => false,
    };
    columns == 2 && last.peek().is_some() && last.all(number)
}

fn bold_header(texts: &[CellText<'_>]) -> bool {
    let (head, body): (Vec<_>, Vec<_>) = texts.iter().partition(|text| text.cell.row == 0);
    let bold = body.iter().filter(|text| text.is_bold()).count();
    !head.is_empty() && head.iter().all(|text| text.is_bold()) && bold * 2 < body.len()
}
