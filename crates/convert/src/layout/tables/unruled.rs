//! Tables without borders: consecutive lines whose pieces stand in common columns.

use super::assemble::assemble;
use super::borders::Stroke;
use super::columns::lay;
use super::evidence::Evidence;
use super::half_ruled::has_cells;
use super::lines::TextLine;
use super::sketch::Sketch;
use crate::layout::word::Word;

/// Distance of two lines of one table, at most, in multiples of the text size.
const MAX_PITCH_EM: f32 = 3.2;
/// Width that two gaps share, at least, in multiples of the text size.
const SHARED_EM: f32 = 0.4;
/// Gap that parts two cells for certain, in multiples of the text size.
const CELL_GAP_EM: f32 = 1.0;
/// Words of a piece from which on it reads as a line of prose.
const PROSE_WORDS: usize = 7;
/// Lines of one piece between two lines of cells, at most.
const MAX_SINGLE: usize = 3;

/// Lines of one cell, at most.
const MAX_WRAPPED: usize = 30;

/// Run of lines that may be a table.
struct Region {
    lines: Vec<TextLine>,
    /// Lines of one piece behind the last line with cells.
    waiting: Vec<TextLine>,
    /// Gaps that every line with cells shares.
    gaps: Vec<(f32, f32)>,
}

/// Finds the tables among the lines of one column of the page.
pub(super) fn tables(words: &[Word], lines: &[TextLine], across: &[Stroke]) -> Vec<Sketch> {
    let mut found = Vec::new();
    let mut open: Option<Region> = None;
    for line in lines {
        let taken = open.as_mut().is_some_and(|region| region.take(line));
        if taken {
            continue;
        }
        found.extend(open.take().and_then(|region| region.table(words, across)));
        if is_row(line) {
            open = Some(Region {
                lines: vec![line.clone()],
                waiting: Vec::new(),
                gaps: gaps(line),
            });
        }
    }
    found.extend(open.and_then(|region| region.table(words, across)));
    found
}

/// Returns true for a line of cells: a wide gap, and at most one piece of prose.
fn is_row(line: &TextLine) -> bool {
    let prose = line
        .pieces
        .iter()
        .filter(|piece| piece.words_per_line() >= PROSE_WORDS)
        .count();
    has_cells(line) && prose < 2
}

fn gaps(line: &TextLine) -> Vec<(f32, f32)> {
    let pairs = line.pieces.windows(2).filter_map(|pair| match pair {
        [before, after] if after.left - before.right >= CELL_GAP_EM * line.size => {
            Some((before.right, after.left))
        }
        _ => None,
    });
    pairs.collect()
}

impl Region {
    /// Takes the next line if it goes on with the region.
    fn take(&mut self, line: &TextLine) -> bool {
        let last = self.waiting.last().or(self.lines.last());
        let pitch = last.map_or(f32::INFINITY, |last| {
            (last.baseline - line.first) / last.size.max(line.size)
        });
        if pitch > MAX_PITCH_EM {
            return false;
        }
        if is_row(line) {
            let shared = shared(&self.gaps, &gaps(line), SHARED_EM * line.size);
            if shared.is_empty() {
                return false;
            }
            self.gaps = shared;
            self.lines.append(&mut self.waiting);
            self.lines.push(line.clone());
            return true;
        }
        let prose = line
            .pieces
            .iter()
            .any(|piece| piece.words_per_line() > PROSE_WORDS);
        let single = self.waiting.iter().filter(|line| !self.is_inside(line)).count();
        let inside = self.is_inside(line) && self.waiting.len() < MAX_WRAPPED;
        if !inside && (prose && self.crosses(line) || single >= MAX_SINGLE) {
            return false;
        }
        self.waiting.push(line.clone());
        true
    }

    /// Returns true for a line inside a column behind the first.
    fn is_inside(&self, line: &TextLine) -> bool {
        let behind = self.gaps.first().is_some_and(|&(left, _)| line.left() > left);
        behind && !self.crosses(line)
    }

    fn crosses(&self, line: &TextLine) -> bool {
        self.gaps.iter().any(|&(left, right)| {
            line.pieces
                .iter()
                .any(|piece| piece.left < left && piece.right > right)
        })
    }

    /// Makes the table of the region, if it is one.
    fn table(mut self, words: &[Word], across: &[Stroke]) -> Option<Sketch> {
        self.take_wrapped();
        if self.lines.len() < 2 {
            return None;
        }
        let heights = self.rules(across);
        let laid = lay(&self.lines, &heights, words)?;
        let mut sketch = assemble(&laid.rows, laid.columns, false)?;
        let evidence = Evidence::of(&sketch, words);
        sketch.mark_header(usize::from(evidence.has_header()));
        is_table(&evidence, laid.is_underlined(&heights)).then_some(sketch)
    }

    /// Takes the lines behind the last row that go on with its cells.
    fn take_wrapped(&mut self) {
        for line in std::mem::take(&mut self.waiting) {
            let close = self
                .lines
                .last()
                .is_some_and(|last| last.baseline - line.first < 1.45 * last.size);
            if !close || !self.is_inside(&line) {
                break;
            }
            self.lines.push(line);
        }
    }

    /// Heights of the rules that part its lines.
    fn rules(&self, across: &[Stroke]) -> Vec<f32> {
        let (Some(first), Some(last)) = (self.lines.first(), self.lines.last()) else {
            return Vec::new();
        };
        let left = self
            .lines
            .iter()
            .map(TextLine::left)
            .fold(f32::INFINITY, f32::min);
        let right = self
            .lines
            .iter()
            .map(TextLine::right)
            .fold(f32::NEG_INFINITY, f32::max);
        let inner = across.iter().filter(|rule| {
            let inside = rule.at < first.middle() && rule.at > last.middle();
            inside && rule.to.min(right) - rule.from.max(left) >= 0.6 * (right - left)
        });
        inner.map(|rule| rule.at).collect()
    }
}

/// Overlaps of two lists of gaps that are wide enough.
fn shared(a: &[(f32, f32)], b: &[(f32, f32)], least: f32) -> Vec<(f32, f32)> {
    let mut shared = Vec::new();
    for &(left, right) in a {
        for &(other_left, other_right) in b {
            let (from, to) = (left.max(other_left), right.min(other_right));
            if to - from >= least {
                shared.push((from, to));
            }
        }
    }
    shared
}

/// Decides by the evidence. `underlined`: a rule parts the first row from the others.
pub(super) fn is_table(evidence: &Evidence, underlined: bool) -> bool {
    let header = evidence.has_header() || underlined;
    let numeric = evidence.figures >= 0.5;
    let wrapped = evidence.bold_header;
    let refused = evidence.leaders > 0.3
        || evidence.labels > 0.6 && evidence.columns == 2
        || evidence.colons > 0.4
        || evidence.prose_columns > 1
        || evidence.monospace > 0.5 && !numeric
        || evidence.words > if wrapped { 20.0 } else { 8.0 }
        || evidence.filled < 0.45
        || !evidence.is_aligned();
    if refused || evidence.rows < 2 || evidence.equations {
        return false;
    }
    match evidence.columns {
        0 | 1 => false,
        2 => {
            let text = evidence.bold_header && evidence.rows >= 4 && evidence.prose_columns < 2;
            evidence.complete >= 3 && (numeric && evidence.prose_columns == 0 || text)
        }
        // Names and addresses in columns are aligned, too, but have neither header nor figures.
        3 => evidence.rows >= 3 && (numeric || header || evidence.figure_columns > 0),
        _ => {
            let told = header || evidence.figure_columns > 0 || evidence.aligned >= 0.9;
            evidence.rows >= 3 && told || numeric && header
        }
    }
}
