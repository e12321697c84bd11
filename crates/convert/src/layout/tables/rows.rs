//! Rows: lines of text that belong to one row of a table, by drawn rules, by the space between lines, and by the
//! columns that they fill.

use super::lines::{Piece, TextLine, is_figure, size};
use super::strips::Strip;
use crate::layout::word::Word;

/// Distance of two lines of one cell, at most, in multiples of the smallest such distance of the table.
const SAME_CELL: f32 = 1.22;
/// Distance of two lines, at most, in multiples of the text size, for the second to go on with a cell of the first.
const WRAP_EM: f32 = 1.45;
/// Gap between two words at a strip from which on they are two cells, in multiples of the text size.
const CUT_EM: f32 = 0.4;
/// Difference between the baselines of one line, at most, in multiples of the text size.
const BASELINE_EM: f32 = 0.35;
/// The same between two figures, which are hardly ever one cell.
const FIGURES_EM: f32 = 0.12;
/// Lines of a band that are one row, at most.
const MAX_HEADER_LINES: usize = 4;
/// Share of the rows found by space that have text in the first column, at least.
const MIN_FIRST: f32 = 0.7;

/// Line of a table with the columns that its pieces fill: first and last column of each.
#[derive(Debug, Clone)]
pub(super) struct TableLine {
    pub(super) line: TextLine,
    pub(super) columns: Vec<(usize, usize)>,
}

impl TableLine {
    /// Lays the pieces of a line into columns. A piece that crosses a strip is cut there where its words leave more
    /// space than elsewhere.
    pub(super) fn new(line: &TextLine, strips: &[Strip], words: &[Word]) -> Self {
        let cut = line.pieces.iter().flat_map(|piece| cut(piece, strips, words));
        let line = TextLine {
            pieces: cut.collect(),
            ..*line
        };
        let columns = line.pieces.iter().map(|piece| columns_of(piece, strips));
        Self {
            columns: columns.collect(),
            line,
        }
    }

    fn fills(&self, column: usize) -> bool {
        self.columns
            .iter()
            .any(|&(first, last)| (first..=last).contains(&column))
    }

    /// Number of columns with text.
    pub(super) fn filled(&self) -> usize {
        self.columns.iter().map(|&(first, last)| last + 1 - first).sum()
    }

    /// Returns true if it has lines of different heights.
    fn is_interleaved(&self) -> bool {
        self.line.first > self.line.baseline
    }

    /// Returns true if a piece spans columns.
    fn spans(&self) -> bool {
        self.columns.iter().any(|(first, last)| first < last)
    }

    fn first(&self) -> usize {
        self.columns.iter().map(|&(first, _)| first).min().unwrap_or(0)
    }
}

/// First and last column that a piece fills.
fn columns_of(piece: &Piece, strips: &[Strip]) -> (usize, usize) {
    let middle = (piece.left + piece.right) / 2.0;
    let own = strips.iter().filter(|strip| strip.middle() <= middle).count();
    let crossed = || {
        let numbered = strips.iter().enumerate();
        numbered
            .filter(|(_, strip)| strip.is_crossed_by(piece))
            .map(|(index, _)| index)
    };
    match (crossed().min(), crossed().max()) {
        (Some(first), Some(last)) => (first.min(own), (last + 1).max(own)),
        _ => (own, own),
    }
}

/// Cuts a piece at the strips that lie in a gap between two of its words.
fn cut(piece: &Piece, strips: &[Strip], words: &[Word]) -> Vec<Piece> {
    if !strips
        .iter()
        .any(|strip| piece.left < strip.right && piece.right > strip.left)
    {
        return vec![piece.clone()];
    }
    let mut pieces: Vec<Piece> = Vec::new();
    let mut before: Option<&Word> = None;
    for &index in &piece.words {
        let Some(word) = words.get(index) else {
            continue;
        };
        let apart = before.is_some_and(|before| {
            if (before.baseline - word.baseline).abs() > BASELINE_EM * size(word) {
                // Lines of interleaved cells are laid into columns one by one.
                return true;
            }
            let figures = is_figure(&before.text) && is_figure(&word.text);
            let least = if figures { FIGURES_EM } else { CUT_EM };
            let at_strip = |strip: &Strip| strip.left < word.left && before.right < strip.right;
            word.left - before.right >= least * size(word) && strips.iter().any(at_strip)
        });
        match pieces.last_mut() {
            Some(last) if !apart => {
                last.words.push(index);
                last.right = last.right.max(word.right);
            }
            _ => pieces.push(Piece {
                words: vec![index],
                left: word.left,
                right: word.right.max(word.left),
                lines: 1,
            }),
        }
        before = Some(word);
    }
    pieces
}

/// Groups the lines of a table, from top to bottom, into rows. `rules` are the heights of the rules between them.
pub(super) fn rows(lines: Vec<TableLine>, rules: &[f32]) -> Vec<Vec<TableLine>> {
    let bands = bands(lines, rules);
    let several = bands.iter().filter(|band| band.len() > 1).count();
    if several == 0 {
        return bands;
    }
    // Where every row has its rule, a line without one goes on with its row.
    let ruled = bands.len() >= 4 || bands.len() == 3 && several < 3;
    if ruled && is_wrapped(&bands) {
        return bands;
    }
    let columns = bands.iter().flatten().flat_map(|line| &line.columns);
    let count = columns.map(|&(_, last)| last + 1).max().unwrap_or(0);
    let pitch = smallest_pitch(&bands, count);
    let mut rows = Vec::new();
    let headed = bands.len() > 1;
    for (index, band) in bands.into_iter().enumerate() {
        if headed && index == 0 && band.len() <= MAX_HEADER_LINES {
            rows.extend(header_rows(band));
            continue;
        }
        match by_space(&band, pitch) {
            Some(found) => rows.extend(found),
            None => rows.extend(by_columns(band)),
        }
    }
    rows
}

/// Parts of a table between rules.
fn bands(lines: Vec<TableLine>, rules: &[f32]) -> Vec<Vec<TableLine>> {
    let mut bands: Vec<Vec<TableLine>> = Vec::new();
    let mut before: Option<usize> = None;
    let mut rules = rules.to_vec();
    rules.sort_by(|a, b| b.total_cmp(a));
    for line in lines {
        let below = rules.partition_point(|rule| *rule > line.line.middle());
        match bands.last_mut() {
            Some(band) if before == Some(below) => band.push(line),
            _ => bands.push(vec![line]),
        }
        before = Some(below);
    }
    bands
}

/// Returns true if most lines behind the first of their band leave columns empty that the band fills.
fn is_wrapped(bands: &[Vec<TableLine>]) -> bool {
    let (mut whole, mut all) = (0_usize, 0_usize);
    for band in bands.iter().filter(|band| band.len() > 1) {
        let most = band.iter().map(TableLine::filled).max().unwrap_or(0);
        let complete = band
            .iter()
            .filter(|line| line.filled() == most && most > 1)
            .count();
        whole += complete.saturating_sub(1);
        all += band.len() - 1;
    }
    whole * 2 < all
}

/// Smallest distance of two lines with text in one column.
fn smallest_pitch(bands: &[Vec<TableLine>], columns: usize) -> f32 {
    let mut smallest = f32::INFINITY;
    for band in bands {
        let mut last: Vec<Option<f32>> = vec![None; columns];
        for line in band {
            let own = line.line.first - line.line.baseline;
            if own > line.line.size {
                smallest = smallest.min(own);
            }
            for (column, last) in last.iter_mut().enumerate() {
                if line.fills(column) {
                    let distance = last.map_or(f32::INFINITY, |last| last - line.line.first);
                    smallest = smallest.min(distance);
                    *last = Some(line.line.baseline);
                }
            }
        }
    }
    smallest
}

/// Rows of a band by the space between its lines, where that tells them: lines of one cell are closer than rows.
fn by_space(band: &[TableLine], pitch: f32) -> Option<Vec<Vec<TableLine>>> {
    let mut rows: Vec<Vec<TableLine>> = Vec::new();
    for line in band {
        let near = rows.last().and_then(|row| row.last()).is_some_and(|before| {
            let distance = before.line.baseline - line.line.first;
            distance <= SAME_CELL * pitch
        });
        match rows.last_mut() {
            Some(row) if near => row.push(line.clone()),
            _ => rows.push(vec![line.clone()]),
        }
    }
    let most = band.iter().map(TableLine::filled).max().unwrap_or(0);
    let wrong = rows.iter().filter(|row| {
        let complete = row.iter().filter(|line| line.filled() == most && most > 1);
        complete.count() > 1
    });
    #[expect(clippy::cast_precision_loss, reason = "rows are few")]
    let share = |part: usize| part as f32 / rows.len().max(1) as f32;
    let labelled = rows.iter().filter(|row| row.iter().any(|line| line.fills(0)));
    let several =
        rows.len() > 1 || band.len() <= MAX_HEADER_LINES && band.iter().any(TableLine::is_interleaved);
    let told = several && wrong.count() == 0 && share(labelled.count()) >= MIN_FIRST;
    told.then_some(rows)
}

/// Rows of the header: lines close to each other are one row, except below a cell that spans columns.
fn header_rows(band: Vec<TableLine>) -> Vec<Vec<TableLine>> {
    let mut rows: Vec<Vec<TableLine>> = Vec::new();
    for line in band {
        let joins = rows.last().and_then(|row| row.last()).is_some_and(|last| {
            let close = last.line.baseline - line.line.first <= WRAP_EM * line.line.size.max(last.line.size);
            close && !last.spans() && !line.spans()
        });
        match rows.last_mut() {
            Some(row) if joins => row.push(line),
            _ => rows.push(vec![line]),
        }
    }
    rows
}

/// Rows of a band by the columns that its lines fill: a line without a first cell goes on with the row above.
fn by_columns(band: Vec<TableLine>) -> Vec<Vec<TableLine>> {
    let mut rows: Vec<Vec<TableLine>> = Vec::new();
    for line in band {
        let goes_on = rows.last().is_some_and(|row| goes_on(row, &line));
        match rows.last_mut() {
            Some(row) if goes_on => row.push(line),
            _ => rows.push(vec![line]),
        }
    }
    rows
}

fn goes_on(row: &[TableLine], line: &TableLine) -> bool {
    let (Some(first), Some(last)) = (row.first(), row.last()) else {
        return false;
    };
    let close = last.line.baseline - line.line.first <= WRAP_EM * line.line.size.max(last.line.size);
    let covered = line.columns.iter().all(|&(start, end)| {
        row.iter()
            .any(|before| (start..=end).any(|column| before.fills(column)))
    });
    let fewer = line.filled() < row.iter().map(TableLine::filled).max().unwrap_or(0);
    close && covered && fewer && line.first() > 0 && first.fills(0)
}
