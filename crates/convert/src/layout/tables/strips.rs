//! Strips: the empty space between two columns of text.

use super::lines::{Piece, TextLine};

/// Share of the lines of several pieces that have text at both sides of a strip, at least.
const MIN_SUPPORT: f32 = 0.3;
/// Share of these lines by which others may have text across the strip.
const MAX_CROSSINGS: f32 = 0.34;
/// Width of a strip in multiples of the text size, at least.
const MIN_WIDTH_EM: f32 = 0.3;
/// First lines of a table that may be its header.
const HEADER_LINES: usize = 2;
/// Width of a header in multiples of the text size, at least.
const HEADER_EM: f32 = 1.5;
/// Columns of a table, at most.
const MAX_COLUMNS: usize = 60;

/// Empty space between two columns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Strip {
    pub(super) left: f32,
    pub(super) right: f32,
}

impl Strip {
    pub(super) fn middle(&self) -> f32 {
        (self.left + self.right) / 2.0
    }

    /// Returns true if the piece has text at both sides.
    pub(super) fn is_crossed_by(&self, piece: &Piece) -> bool {
        piece.left < self.left.min(self.middle() - 0.1) && piece.right > self.right.max(self.middle() + 0.1)
            || piece.left < self.middle() - piece.width() / 4.0
                && piece.right > self.middle() + piece.width() / 4.0
    }
}

/// Part of the width of the page between two edges of text.
#[derive(Debug, Clone, Copy)]
struct Slice {
    left: f32,
    right: f32,
    /// Lines with text here.
    covered: usize,
    /// Lines with text at both sides and none here.
    open: usize,
}

/// Finds the strips between the columns of some lines.
pub(super) fn strips(lines: &[TextLine], size: f32) -> Vec<Strip> {
    let slices = slices(lines);
    let several = lines.iter().filter(|line| line.pieces.len() > 1).count();
    #[expect(clippy::cast_precision_loss, reason = "lines are few")]
    let is_open = |slice: &&Slice| {
        let (covered, open) = (slice.covered as f32, slice.open as f32);
        open >= (MIN_SUPPORT * several as f32).max(2.0) && covered <= MAX_CROSSINGS * open
    };
    let mut strips = Vec::new();
    for group in slices.chunk_by(|a, b| is_open(&a) == is_open(&b)) {
        let Some((first, last)) = group.first().filter(is_open).zip(group.last()) else {
            continue;
        };
        if strips.len() < MAX_COLUMNS && last.right - first.left >= MIN_WIDTH_EM * size {
            divide(group, lines, size, &mut strips);
        }
    }
    strips.truncate(MAX_COLUMNS);
    strips
}

/// Cuts the width of the lines at every edge of text, and counts the lines that cover each part.
fn slices(lines: &[TextLine]) -> Vec<Slice> {
    // Change of the counts of covering and of open lines at an edge.
    let mut edges: Vec<(f32, i32, i32)> = Vec::new();
    for line in lines {
        for piece in &line.pieces {
            edges.push((piece.left, 1, 0));
            edges.push((piece.right, -1, 0));
        }
        for pair in line.pieces.windows(2) {
            if let [before, after] = pair
                && before.right < after.left
            {
                edges.push((before.right, 0, 1));
                edges.push((after.left, 0, -1));
            }
        }
    }
    edges.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut covered, mut open) = (0_i32, 0_i32);
    let mut slices: Vec<Slice> = Vec::new();
    let mut edges = edges.into_iter().peekable();
    while let Some((at, cover, gap)) = edges.next() {
        covered += cover;
        open += gap;
        if let Some(&(next, ..)) = edges.peek()
            && next > at
        {
            slices.push(Slice {
                left: at,
                right: next,
                covered: usize::try_from(covered).unwrap_or(0),
                open: usize::try_from(open).unwrap_or(0),
            });
        }
    }
    slices
}

/// Makes the strips of neighbouring open slices: one, or more where a column of few cells stands between them.
fn divide(group: &[Slice], lines: &[TextLine], size: f32, strips: &mut Vec<Strip>) {
    let (Some(first), Some(last)) = (group.first(), group.last()) else {
        return;
    };
    let inside = |piece: &Piece| piece.left >= first.left - 0.01 && piece.right <= last.right + 0.01;
    // Left and right edge, and the number of lines. A header alone makes a column: its figures may stand beside it.
    let mut islands: Vec<(f32, f32, usize)> = Vec::new();
    let mut cells: Vec<(f32, f32, usize)> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        for piece in line.pieces.iter().filter(|piece| inside(piece)) {
            let header = index < HEADER_LINES && piece.width() > HEADER_EM * size;
            cells.push((piece.left, piece.right, if header { 2 } else { piece.lines }));
        }
    }
    cells.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (left, right, count) in cells {
        match islands.last_mut() {
            Some(island) if left <= island.1 + 0.2 * size => {
                island.1 = island.1.max(right);
                island.2 += count;
            }
            _ => islands.push((left, right, count)),
        }
    }
    islands.retain(|&(_, _, count)| count >= 2);
    let mut start = first.left;
    for (left, right, _) in islands {
        if left - start > 0.1 * size {
            strips.push(clearest(group, start, left));
            start = right;
        }
    }
    if last.right - start > 0.1 * size || start <= first.left {
        strips.push(clearest(group, start, last.right));
    }
}

/// The widest part between two positions that the fewest lines cover.
fn clearest(group: &[Slice], left: f32, right: f32) -> Strip {
    let inside = || {
        let inside = |slice: &&Slice| slice.left >= left - 0.01 && slice.right <= right + 0.01;
        group.iter().filter(inside)
    };
    let least = inside().map(|slice| slice.covered).min().unwrap_or(0);
    let mut best: Option<Strip> = None;
    let mut open: Option<Strip> = None;
    for slice in inside() {
        open = match open {
            _ if slice.covered > least => None,
            Some(strip) if (slice.left - strip.right).abs() < 0.01 => Some(Strip {
                right: slice.right,
                ..strip
            }),
            _ => Some(Strip {
                left: slice.left,
                right: slice.right,
            }),
        };
        let width = |strip: &Strip| strip.right - strip.left;
        if let Some(strip) = open
            && best.is_none_or(|best| width(&strip) > width(&best))
        {
            best = Some(strip);
        }
    }
    best.unwrap_or(Strip { left, right })
}
