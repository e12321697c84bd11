//! Gutters: the space between the columns of a page, which parts prose from prose. Text at both sides is looked at
//! apart, so that a table of one column is not mixed with the prose of the next.

use super::lines::{Piece, TextLine, interleaved};

/// Words of a piece from which on it reads as a line of prose.
const PROSE_WORDS: usize = 4;
/// Lines with prose at both sides of a gutter, at least.
const MIN_LINES: usize = 5;
/// Gutters of a page, at most.
const MAX_GUTTERS: usize = 4;
/// Width of a gutter in multiples of the text size, at least.
const MIN_WIDTH_EM: f32 = 0.8;

/// Lines of a page, parted at its gutters: the columns one after the other, and the lines that cross them between.
pub(super) fn streams(lines: Vec<TextLine>) -> Vec<Vec<TextLine>> {
    let gutters = gutters(&lines);
    if gutters.is_empty() {
        return vec![interleaved(lines)];
    }
    let mut streams: Vec<Vec<TextLine>> = vec![Vec::new(); gutters.len() + 2];
    for line in lines {
        let crossed = gutters.iter().any(|at| {
            line.pieces
                .iter()
                .any(|piece| piece.left < *at && piece.right > *at)
        });
        let parts = parts(&line, &gutters);
        let tabular = parts.iter().filter(|(_, part)| part.pieces.len() > 1).count();
        if crossed || parts.len() > 1 && tabular == parts.len() {
            if let Some(whole) = streams.last_mut() {
                whole.push(line);
            }
            continue;
        }
        for (index, part) in parts {
            if let Some(stream) = streams.get_mut(index) {
                stream.push(part);
            }
        }
    }
    streams.retain(|stream| !stream.is_empty());
    streams.into_iter().map(interleaved).collect()
}

/// Parts of a line between the gutters, with the number of their column.
fn parts(line: &TextLine, gutters: &[f32]) -> Vec<(usize, TextLine)> {
    let mut parts = Vec::new();
    let mut left = f32::NEG_INFINITY;
    for (index, right) in gutters.iter().copied().chain([f32::INFINITY]).enumerate() {
        parts.extend(line.between(left, right).map(|part| (index, part)));
        left = right;
    }
    parts
}

/// Positions of the gutters, from left to right.
fn gutters(lines: &[TextLine]) -> Vec<f32> {
    let mut gaps: Vec<(f32, f32)> = Vec::new();
    for line in lines {
        for pair in line.pieces.windows(2) {
            if let [before, after] = pair
                && after.left - before.right >= MIN_WIDTH_EM * line.size
                && is_prose(before)
                && is_prose(after)
            {
                gaps.push((before.right, after.left));
            }
        }
    }
    let mut gutters = Vec::new();
    while gutters.len() < MAX_GUTTERS {
        let Some((at, count)) = densest(&gaps) else {
            break;
        };
        if count < MIN_LINES {
            break;
        }
        gaps.retain(|&(left, right)| at < left || at > right);
        gutters.push(at);
    }
    gutters.sort_by(f32::total_cmp);
    gutters
}

fn is_prose(piece: &Piece) -> bool {
    piece.words_per_line() >= PROSE_WORDS
}

/// Position that most gaps cover, and their number.
fn densest(gaps: &[(f32, f32)]) -> Option<(f32, usize)> {
    let mut edges: Vec<(f32, bool)> = Vec::new();
    for &(left, right) in gaps {
        edges.push((left, true));
        edges.push((right, false));
    }
    edges.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut open, mut best) = (0_usize, None::<(f32, usize)>);
    let mut edges = edges.into_iter().peekable();
    while let Some((at, begins)) = edges.next() {
        open = if begins { open + 1 } else { open.saturating_sub(1) };
        let next = edges.peek().map_or(at, |&(next, _)| next);
        if next > at && best.is_none_or(|(_, count)| open > count) {
            best = Some(((at + next) / 2.0, open));
        }
    }
    best
}
