//! Gutters: strips between two columns of text.

use super::segment::Segment;

/// Widths of a gutter in multiples of the text size, at least, by the lines that it parts: a few lines leave a narrow
/// strip by chance.
pub(super) type Widths = [(usize, f32); 3];
/// Widths where the places of letters are exact.
pub(super) const PRINTED: Widths = [(12, 0.45), (6, 0.6), (0, 0.8)];
/// Widths in scans, where lines are measured within some pixels, and those of two columns are found apart.
pub(super) const SCANNED: Widths = [(12, 0.2), (6, 0.3), (0, 0.5)];
/// Width in multiples of the text size from which on a gap is none between words.
const SAFE_WIDTH_EM: f32 = 0.8;
/// Lines on the side of a gutter that has more of them, at least.
const MIN_LINES: usize = 3;
/// Places that are tried, at most.
const MAX_CANDIDATES: usize = 48;
/// Characters of a line, on average, from which on lines are sentences rather than labels or figures.
const SENTENCE_CHARACTERS: usize = 18;
/// Share of the lines of the shorter side that stand at heights of the other one, from which on both sides are rows.
const ROWS_SHARE: f32 = 0.75;
/// Difference in height of two lines of one row, at most, in multiples of the text size: the text of a form field is set
/// somewhat higher or lower than its label.
const SAME_HEIGHT_EM: f32 = 0.3;
/// Numbers that count lines, at least.
const MIN_LINE_NUMBERS: usize = 8;
/// Distance of a row from all others, in multiples of the text size, from which on it is a header or footer.
const SET_APART_EM: f32 = 6.0;
/// Distance between two rows, in multiples of the text size, up to which a row of one side alone goes with the other.
const SAME_COLUMN_GAP_EM: f32 = 1.2;

/// Gutter over some rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Gutter {
    /// First and last row.
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) left: f32,
    pub(super) right: f32,
}

impl Gutter {
    pub(super) fn middle(&self) -> f32 {
        (self.left + self.right) / 2.0
    }
}

/// Finds the gutter that runs past most rows.
pub(super) fn tallest(rows: &[Vec<Segment>], widths: &Widths) -> Option<Gutter> {
    let mut best: Option<(usize, f32, Gutter)> = None;
    let mut tried: Vec<Gutter> = Vec::new();
    for (index, [left, right]) in candidates(rows, widths) {
        let known = |gutter: &&Gutter| {
            (gutter.first..=gutter.last).contains(&index) && left < gutter.right && gutter.left < right
        };
        if tried.iter().any(|gutter| known(&gutter)) {
            continue;
        }
        let grown = grow(rows, index, [left, right], widths);
        tried.push(grown);
        let Some((lines, gutter)) = judged(rows, grown, widths) else {
            continue;
        };
        let width = gutter.right - gutter.left;
        let better = best.is_none_or(|(most, widest, _)| (lines, width) > (most, widest));
        if better {
            best = Some((lines, width, gutter));
        }
        if tried.len() >= MAX_CANDIDATES {
            break;
        }
    }
    best.map(|(_, _, gutter)| gutter)
}

/// Gaps between two segments of a row, with the index of the row.
fn candidates(rows: &[Vec<Segment>], widths: &Widths) -> impl Iterator<Item = (usize, [f32; 2])> {
    rows.iter().enumerate().flat_map(move |(index, row)| {
        row.windows(2).filter_map(move |pair| match pair {
            [left, right] => {
                let gap = [left.right, right.left];
                is_wide(gap, left.size.min(right.size), widths).then_some((index, gap))
            }
            _ => None,
        })
    })
}

fn is_wide([left, right]: [f32; 2], size: f32, widths: &Widths) -> bool {
    let [(_, least), ..] = widths;
    right - left >= least * size
}

/// Returns true if a gutter that parts some lines of a size is wide enough.
fn is_wide_enough(gutter: &Gutter, lines: usize, size: f32, widths: &Widths) -> bool {
    let least = widths.iter().find(|(from, _)| lines >= *from);
    least.is_some_and(|(_, width)| gutter.right - gutter.left >= width * size)
}

/// Extends a gap over the rows above and below, as long as it stays wide enough.
fn grow(rows: &[Vec<Segment>], from: usize, gap: [f32; 2], widths: &Widths) -> Gutter {
    let mut open = gap;
    let mut first = from;
    while let Some(row) = first.checked_sub(1).and_then(|index| rows.get(index)) {
        let Some(narrowed) = narrowed(row, open, widths) else {
            break;
        };
        open = narrowed;
        first -= 1;
    }
    let mut last = from;
    while let Some(row) = rows.get(last + 1) {
        let Some(narrowed) = narrowed(row, open, widths) else {
            break;
        };
        open = narrowed;
        last += 1;
    }
    Gutter {
        first,
        last,
        left: open[0],
        right: open[1],
    }
}

/// Part of the gap that the segments of a row leave; `None` if they leave too little.
fn narrowed(row: &[Segment], [mut left, mut right]: [f32; 2], widths: &Widths) -> Option<[f32; 2]> {
    let mut size = f32::INFINITY;
    for segment in row {
        if segment.right <= left || segment.left >= right {
            continue;
        }
        size = size.min(segment.size);
        match (segment.left < left, segment.right > right) {
            (true, true) => return None,
            (true, false) => left = segment.right,
            (false, true) => right = segment.left,
            // Within the gap: a page number, or a line of its own.
            (false, false) => return None,
        }
    }
    let size = if size.is_finite() { size } else { 0.0 };
    is_wide([left, right], size, widths).then_some([left, right])
}

/// Rows with text on both sides, on the left, and on the right of a gutter.
struct Sides<'r> {
    left: Vec<&'r Segment>,
    right: Vec<&'r Segment>,
}

impl<'r> Sides<'r> {
    fn of(rows: &'r [Vec<Segment>], gutter: &Gutter) -> Self {
        let middle = gutter.middle();
        let segments = rows.get(gutter.first..=gutter.last).unwrap_or_default();
        let (left, right) = segments
            .iter()
            .flatten()
            .partition(|segment| segment.right <= middle);
        Self { left, right }
    }
}

/// Judges a gutter: without the rows at its ends that stand apart, does it part columns? Returns the number of rows too.
fn judged(rows: &[Vec<Segment>], gutter: Gutter, widths: &Widths) -> Option<(usize, Gutter)> {
    let gutter = trimmed(rows, gutter)?;
    let sides = Sides::of(rows, &gutter);
    let (left, right) = (lines(&sides.left), lines(&sides.right));
    if left.min(right) < 2 || left.max(right) < MIN_LINES {
        return None;
    }
    if !is_wide_enough(&gutter, left.min(right), usual_size(&sides), widths) {
        return None;
    }
    let sentences = is_sentences(&sides.left) && is_sentences(&sides.right);
    let parts_columns =
        sentences || aligned_share(&sides) < ROWS_SHARE || are_line_numbers(&sides.left, &sides.right);
    parts_columns.then_some((gutter.last - gutter.first + 1, gutter))
}

/// Median size of the text of both sides.
fn usual_size(sides: &Sides<'_>) -> f32 {
    let mut sizes: Vec<f32> = sides
        .left
        .iter()
        .chain(&sides.right)
        .map(|segment| segment.size)
        .collect();
    sizes.sort_by(f32::total_cmp);
    sizes.get(sizes.len() / 2).copied().unwrap_or(0.0)
}

/// Number of lines of one side.
fn lines(segments: &[&Segment]) -> usize {
    let mut baselines: Vec<f32> = segments.iter().map(|segment| segment.baseline).collect();
    baselines.sort_by(f32::total_cmp);
    baselines.dedup_by(|a, b| (*a - *b).abs() < 1.0);
    baselines.len()
}

fn is_sentences(segments: &[&Segment]) -> bool {
    let characters: usize = segments.iter().map(|segment| segment.characters).sum();
    characters >= SENTENCE_CHARACTERS * lines(segments)
}

/// Returns true if one side counts the lines of the other, as pleadings do: every line has a number, in the middle of a
/// sentence too.
fn are_line_numbers(numbers: &[&Segment], text: &[&Segment]) -> bool {
    let values: Vec<Option<u32>> = numbers.iter().map(|segment| number(segment)).collect();
    let counts = values.windows(2).filter(|pair| match pair {
        [Some(a), Some(b)] => *b == a + 1,
        _ => false,
    });
    let starts_lowercase = |segment: &&&Segment| {
        let first = segment.words.first().and_then(|word| word.text.chars().next());
        first.is_some_and(char::is_lowercase)
    };
    numbers.len() >= MIN_LINE_NUMBERS
        && 10 * (counts.count() + 1) >= 9 * numbers.len()
        && is_sentences(text)
        && 5 * text.iter().filter(starts_lowercase).count() >= text.len()
}

fn number(segment: &Segment) -> Option<u32> {
    match segment.words.as_slice() {
        [word] => word.text.parse().ok(),
        _ => None,
    }
}

/// Share of the lines of the shorter side that have one of the other side at their height.
fn aligned_share(sides: &Sides<'_>) -> f32 {
    let (few, many) = if sides.left.len() <= sides.right.len() {
        (&sides.left, &sides.right)
    } else {
        (&sides.right, &sides.left)
    };
    let mut heights: Vec<f32> = many.iter().map(|segment| segment.baseline).collect();
    heights.sort_by(f32::total_cmp);
    let aligned = few.iter().filter(|segment| {
        let tolerance = SAME_HEIGHT_EM * segment.size;
        let at = heights.partition_point(|height| *height < segment.baseline - tolerance);
        heights
            .get(at)
            .is_some_and(|height| *height <= segment.baseline + tolerance)
    });
    #[expect(clippy::cast_precision_loss, reason = "lines of a page")]
    let share = aligned.count() as f32 / few.len().max(1) as f32;
    share
}

/// Leaves out rows at the ends that have text on one side alone and stand apart: titles and footers.
fn trimmed(rows: &[Vec<Segment>], mut gutter: Gutter) -> Option<Gutter> {
    let middle = gutter.middle();
    let is_double = |row: &Vec<Segment>| {
        row.iter().any(|segment| segment.right <= middle) && row.iter().any(|segment| segment.right > middle)
    };
    let doubles = (gutter.first..=gutter.last).filter(|index| rows.get(*index).is_some_and(is_double));
    // A header or footer has text over both columns, too.
    let first_double = doubles
        .clone()
        .find(|index| *index == gutter.last || !stands_apart(rows, *index))?;
    let last_double = doubles
        .rev()
        .find(|index| *index <= first_double || !stands_apart(rows, *index - 1))?;
    if last_double < first_double {
        return None;
    }
    let mut first = first_double;
    while first > gutter.first && is_close(rows, first - 1) {
        first -= 1;
    }
    let mut last = last_double;
    while last < gutter.last && is_close(rows, last) {
        last += 1;
    }
    without_chance_rows(rows, &mut first, &mut last, middle);
    (gutter.first, gutter.last) = (first, last);
    let kept = rows.get(first..=last)?.iter();
    [gutter.left, gutter.right] = kept.fold([f32::NEG_INFINITY, f32::INFINITY], |[left, right], row| {
        let [own_left, own_right] = gap_at(row, middle);
        [left.max(own_left), right.min(own_right)]
    });
    (gutter.left.is_finite() && gutter.right.is_finite()).then_some(gutter)
}

/// Returns true if the row at `index` is so far from the one below it that they belong to no column together.
pub(super) fn stands_apart(rows: &[Vec<Segment>], index: usize) -> bool {
    distance(rows, index).is_some_and(|distance| distance > SET_APART_EM)
}

/// Distance from the row at `index` to the one below it, in multiples of the larger of their sizes.
fn distance(rows: &[Vec<Segment>], index: usize) -> Option<f32> {
    let (above, below) = (rows.get(index)?, rows.get(index + 1)?);
    let size = |row: &[Segment]| row.iter().map(|segment| segment.size).fold(0.0, f32::max);
    let bottom = above.iter().map(|segment| segment.baseline).reduce(f32::min)?;
    let top = below.iter().map(|segment| segment.baseline).reduce(f32::max)?;
    Some((bottom - top) / size(above).max(size(below)).max(1.0))
}

/// Leaves out rows at the ends whose gap is one between words by its width, where others are wider: a title that happens
/// to have a space there.
fn without_chance_rows(rows: &[Vec<Segment>], first: &mut usize, last: &mut usize, middle: f32) {
    let width = |index: usize| {
        let row = rows.get(index)?;
        let [left, right] = gap_at(row, middle);
        let size = row.iter().map(|segment| segment.size).fold(1.0, f32::max);
        (right - left).is_finite().then_some((right - left) / size)
    };
    let mut widths: Vec<f32> = (*first..=*last).filter_map(width).collect();
    widths.sort_by(f32::total_cmp);
    let median = widths.get(widths.len() / 2).copied().unwrap_or(0.0);
    let by_chance =
        |index: usize| width(index).is_some_and(|width| width < SAFE_WIDTH_EM && width < 0.6 * median);
    while *first < *last && by_chance(*first) {
        *first += 1;
    }
    while *last > *first && by_chance(*last) {
        *last -= 1;
    }
}

/// Gap of a row around a place; infinite on a side without text.
fn gap_at(row: &[Segment], middle: f32) -> [f32; 2] {
    row.iter()
        .fold([f32::NEG_INFINITY, f32::INFINITY], |[left, right], segment| {
            if segment.right <= middle {
                [left.max(segment.right), right]
            } else {
                [left, right.min(segment.left)]
            }
        })
}

/// Returns true if the row at `index` and the one below it are set in one size and no further apart than lines are.
fn is_close(rows: &[Vec<Segment>], index: usize) -> bool {
    let (Some(above), Some(below)) = (rows.get(index), rows.get(index + 1)) else {
        return false;
    };
    let size = |row: &[Segment]| row.iter().map(|segment| segment.size).fold(0.0, f32::max);
    let bottom = above
        .iter()
        .map(|segment| segment.baseline)
        .fold(f32::INFINITY, f32::min);
    let top = below
        .iter()
        .map(|segment| segment.baseline)
        .fold(f32::NEG_INFINITY, f32::max);
    let (a, b) = (size(above), size(below));
    (a - b).abs() < 0.15 * b && bottom - top < (1.0 + SAME_COLUMN_GAP_EM) * b
}
