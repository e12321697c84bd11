//! Gutters no wider than the space between words: seen by the many lines that all have a space at one place.
//!
//! A line of prose has a space at a place by chance in one of six cases, so that ten lines in a row have it by design.

use super::gutter::{self, Gutter};
use super::segment::Segment;
use super::word::Word;

/// Lines with text on both sides, at least.
const MIN_LINES: usize = 10;
/// Width of the strip that is free in all lines, at least, in multiples of the text size.
const MIN_WIDTH_EM: f32 = 0.15;
/// Gap in multiples of the text size from which on it is none between words.
const WIDE_GAP_EM: f32 = 1.0;
/// Distance from the edge of the right column up to which a line begins there, in multiples of the text size.
const EDGE_EM: f32 = 0.2;
/// Letters of a line on each side on average, at least: leader dots are none.
const SENTENCE_LETTERS: usize = 15;

/// Strip that is free in some rows.
#[derive(Debug, Clone, Copy)]
struct Strip {
    left: f32,
    right: f32,
    first: usize,
    last: usize,
    /// Rows with text on both sides.
    double: usize,
}

/// Gutter over most rows, if there is one; and the number of rows with text on both sides.
pub(super) fn tallest(rows: &[Vec<Segment>]) -> Option<(usize, Gutter)> {
    if rows.len() < MIN_LINES {
        return None;
    }
    let mut open: Vec<Strip> = Vec::new();
    let mut found: Vec<Strip> = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let gaps = gaps(row);
        let size = row.iter().map(|segment| segment.size).fold(1.0, f32::max);
        let mut kept: Vec<Strip> = Vec::new();
        for strip in open.drain(..) {
            match strip.over(row, &gaps, size, index) {
                Some(strip) => kept.push(strip),
                None => found.push(strip),
            }
        }
        for &[left, right] in &gaps {
            if !kept.iter().any(|strip| strip.left < right && left < strip.right) {
                kept.push(Strip {
                    left,
                    right,
                    first: index,
                    last: index,
                    double: 1,
                });
            }
        }
        open = kept;
    }
    found.extend(open);
    found.retain(|strip| strip.double >= MIN_LINES);
    found.sort_by_key(|strip| std::cmp::Reverse(strip.double));
    found.into_iter().find_map(|strip| judged(rows, strip))
}

/// Cuts the segments of the rows of a gutter at it.
pub(super) fn cut(rows: &mut [Vec<Segment>], gutter: &Gutter) {
    let middle = gutter.middle();
    for row in rows.iter_mut().take(gutter.last + 1).skip(gutter.first) {
        let whole = std::mem::take(row);
        for segment in whole {
            if segment.right <= middle || segment.left >= middle {
                row.push(segment);
                continue;
            }
            let (left, right): (Vec<Word>, Vec<Word>) =
                segment.words.into_iter().partition(|word| word.middle() < middle);
            row.extend(Segment::of(left));
            row.extend(Segment::of(right));
        }
    }
}

/// Gaps between the words of a row.
fn gaps(row: &[Segment]) -> Vec<[f32; 2]> {
    let mut gaps = Vec::new();
    let mut reach: Option<f32> = None;
    for word in row.iter().flat_map(|segment| &segment.words) {
        if let Some(reach) = reach
            && word.left - reach >= MIN_WIDTH_EM * word.size
        {
            gaps.push([reach, word.left]);
        }
        reach = Some(reach.map_or(word.right, |reach| reach.max(word.right)));
    }
    gaps
}

fn words(row: &[Segment]) -> impl Iterator<Item = &Word> {
    row.iter().flat_map(|segment| &segment.words)
}

impl Strip {
    /// The strip with the next row; `None` if text enters it.
    fn over(mut self, row: &[Segment], gaps: &[[f32; 2]], size: f32, index: usize) -> Option<Self> {
        self.last = index;
        let (left, right) = words(row).fold((f32::INFINITY, f32::NEG_INFINITY), |(left, right), word| {
            (left.min(word.left), right.max(word.right))
        });
        let least = MIN_WIDTH_EM * size;
        if right <= self.left || left >= self.right {
            return Some(self);
        }
        let narrowed = gaps.iter().find_map(|gap| {
            let [left, right] = [gap[0].max(self.left), gap[1].min(self.right)];
            (right - left >= least).then_some([left, right])
        });
        let [left, right] = narrowed?;
        (self.left, self.right) = (left, right);
        self.double += 1;
        Some(self)
    }
}

/// Leaves out rows at the ends that have a space there by chance, and asks for sentences on both sides.
fn judged(rows: &[Vec<Segment>], strip: Strip) -> Option<(usize, Gutter)> {
    let middle = (strip.left + strip.right) / 2.0;
    let own = rows.get(strip.first..=strip.last)?;
    let mut edges: Vec<f32> = own
        .iter()
        .filter_map(|row| sides(row, middle))
        .map(|[_, right]| right)
        .collect();
    edges.sort_by(f32::total_cmp);
    // Most lines begin at the edge of the column; the others are indented.
    let edge = *edges.get(edges.len() / 4)?;
    let belongs = |index: usize| {
        let row = rows.get(index)?;
        let size = row.iter().map(|segment| segment.size).fold(1.0, f32::max);
        let [left, right] = sides(row, middle)?;
        Some(right - left >= WIDE_GAP_EM * size || (right - edge).abs() <= EDGE_EM * size)
    };
    let mut range = strip.first..strip.last + 1;
    // A header or footer over both columns has a space between them, too.
    while range.len() > 1 && (belongs(range.start) != Some(true) || gutter::stands_apart(rows, range.start)) {
        range.start += 1;
    }
    while range.len() > 1
        && (belongs(range.end - 1) != Some(true) || gutter::stands_apart(rows, range.end - 2))
    {
        range.end -= 1;
    }
    let own = rows.get(range.clone())?;
    let double = own.iter().filter(|row| sides(row, middle).is_some()).count();
    let letters = |is_left: bool| -> usize {
        let side = own
            .iter()
            .flat_map(|row| words(row))
            .filter(|word| (word.middle() < middle) == is_left);
        side.map(|word| word.text.chars().filter(|c| c.is_alphabetic()).count())
            .sum()
    };
    let sentences = [true, false]
        .into_iter()
        .all(|side| letters(side) >= SENTENCE_LETTERS * double);
    (double >= MIN_LINES && sentences).then_some((
        double,
        Gutter {
            first: range.start,
            last: range.end - 1,
            left: strip.left,
            right: strip.right,
        },
    ))
}

/// End of the text on the left of a place and begin of that on its right; `None` for text on one side.
fn sides(row: &[Segment], middle: f32) -> Option<[f32; 2]> {
    let left = words(row)
        .filter(|word| word.middle() < middle)
        .map(|word| word.right)
        .reduce(f32::max)?;
    let right = words(row)
        .filter(|word| word.middle() >= middle)
        .map(|word| word.left)
        .reduce(f32::min)?;
    Some([left, right])
}
