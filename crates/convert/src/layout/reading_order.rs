//! Reading order: words to lines, column by column.
//!
//! ```text
//!   words ─► rows ─► segments       a row is cut where a gap is too wide for one between words
//!
//!   gutter    strip that no segment of several rows in a row enters: between two columns, or between labels and what
//!             they label. Columns have sentences, or lines at heights of their own; labels have neither.
//!
//!   ┌─────────────────────┐
//!   │ above               │   order(region) = order(above), order(left), order(right), order(below)
//!   ├──────────┬──────────┤   with the tallest gutter; a region without one is read row by row
//!   │ left     │ right    │
//!   ├──────────┴──────────┤
//!   │ below               │
//!   └─────────────────────┘
//! ```

use super::drop_capitals;
use super::gutter::{self, Gutter};
use super::line::Line;
use super::narrow_gutter;
use super::rows::rows;
use super::segment::Segment;
use super::word::Word;

/// Gap in multiples of the text size from which on a row is cut into segments.
const SEGMENT_GAP_EM: f32 = 0.42;
/// Rows of a narrow gutter in multiples of those of a wide one at another place, from which on the narrow one comes first.
const NARROW_RATIO: usize = 2;
/// Regions within regions, at most.
const MAX_DEPTH: usize = 12;
/// Rows of a region that is searched for gutters, at most.
const MAX_ROWS: usize = 4_000;

/// Puts the words of a page into lines in reading order.
pub(crate) fn lines(words: Vec<Word>) -> Vec<Line> {
    rows_in_order(words).into_iter().filter_map(line).collect()
}

/// Puts the words of a page into rows in reading order, the words of each from left to right.
pub(crate) fn rows_in_order(mut words: Vec<Word>) -> Vec<Vec<Word>> {
    drop_capitals::attach(&mut words);
    let page = Page {
        right_to_left: is_right_to_left(&words),
        widths: gutter::PRINTED,
        is_scan: false,
    };
    let mut out = Vec::new();
    order(segments(words, |_, _| false), &page, MAX_DEPTH, &mut out);
    out
}

/// Puts the words of a scan into lines in reading order. Those of one stretch, which were found as one, have the same
/// order.
pub(crate) fn scanned_lines(words: Vec<Word>) -> Vec<Line> {
    let page = Page {
        right_to_left: is_right_to_left(&words),
        widths: gutter::SCANNED,
        is_scan: true,
    };
    let mut out = Vec::new();
    let are_apart = |a: &Word, b: &Word| a.order != b.order;
    order(segments(words, are_apart), &page, MAX_DEPTH, &mut out);
    out.into_iter().filter_map(line).collect()
}

/// Properties of a page.
struct Page {
    right_to_left: bool,
    widths: gutter::Widths,
    /// Places are not exact, and the lines of columns were found apart.
    is_scan: bool,
}

/// Returns true if most letters are of a script that is read from right to left.
fn is_right_to_left(words: &[Word]) -> bool {
    let all: usize = words.iter().map(|word| word.text.len()).sum();
    let own = words
        .iter()
        .filter(|word| super::direction::is_right_to_left(&word.text));
    2 * own.map(|word| word.text.len()).sum::<usize>() > all
}

fn segments(words: Vec<Word>, are_apart: impl Fn(&Word, &Word) -> bool) -> Vec<Segment> {
    let mut segments = Vec::new();
    for row in rows(words) {
        let mut open: Vec<Word> = Vec::new();
        let mut reach = f32::NEG_INFINITY;
        for word in row {
            let gap = word.left - reach;
            let is_wide = gap > SEGMENT_GAP_EM * word.size;
            if open.last().is_some_and(|last| is_wide || are_apart(last, &word)) {
                segments.extend(Segment::of(std::mem::take(&mut open)));
            }
            reach = reach.max(word.right);
            open.push(word);
        }
        segments.extend(Segment::of(open));
    }
    segments
}

fn order(segments: Vec<Segment>, page: &Page, depth: usize, out: &mut Vec<Vec<Word>>) {
    let mut rows = rows(segments);
    let gutter = match depth {
        0 => None,
        _ if rows.len() > MAX_ROWS => None,
        _ => tallest_gutter(&mut rows, page),
    };
    let Some(gutter) = gutter.filter(|gutter| !parts_labels(&rows, gutter)) else {
        out.extend(rows.into_iter().map(row_words));
        return;
    };
    let [above, left, right, below] = split(rows, &gutter);
    let (first, second) = if page.right_to_left {
        (right, left)
    } else {
        (left, right)
    };
    for part in [above, first, second, below] {
        if !part.is_empty() {
            order(part, page, depth - 1, out);
        }
    }
}

/// Finds the gutter that runs past most rows, and cuts the rows at it if it is a narrow one.
fn tallest_gutter(rows: &mut [Vec<Segment>], page: &Page) -> Option<Gutter> {
    let wide = gutter::tallest(rows, &page.widths);
    let narrow = (!page.is_scan).then(|| narrow_gutter::tallest(rows)).flatten();
    let Some((lines, narrow)) = narrow else {
        return wide;
    };
    // A few lines of narrow columns end early, which leaves a wide gap at their side.
    let within = wide.is_none_or(|wide| {
        let is_same = wide.left < narrow.right && narrow.left < wide.right;
        lines > NARROW_RATIO * (wide.last - wide.first + 1) || is_same && lines > wide.last - wide.first + 1
    });
    if !within {
        return wide;
    }
    narrow_gutter::cut(rows, &narrow);
    Some(narrow)
}

/// Returns true if a gutter parts labels from the values of their fields.
fn parts_labels(rows: &[Vec<Segment>], gutter: &Gutter) -> bool {
    let (mut pairs, mut labelled) = (0, 0);
    for row in rows.get(gutter.first..=gutter.last).unwrap_or_default() {
        let left = row.iter().rfind(|segment| segment.right <= gutter.middle());
        let right = row.iter().find(|segment| segment.right > gutter.middle());
        let (Some(left), Some(right)) = (left, right) else {
            continue;
        };
        let is_value = |word: Option<&Word>| word.is_some_and(|word| word.field.is_some());
        pairs += 1;
        labelled += usize::from(!is_value(left.words.last()) && is_value(right.words.first()));
    }
    2 * labelled > pairs
}

fn split(rows: Vec<Vec<Segment>>, gutter: &Gutter) -> [Vec<Segment>; 4] {
    let mut parts: [Vec<Segment>; 4] = Default::default();
    for (index, row) in rows.into_iter().enumerate() {
        for segment in row {
            let part = if index < gutter.first {
                0
            } else if index > gutter.last {
                3
            } else if segment.right <= gutter.middle() {
                1
            } else {
                2
            };
            parts[part].push(segment);
        }
    }
    parts
}

fn row_words(row: Vec<Segment>) -> Vec<Word> {
    let mut segments = row.into_iter();
    let mut words = segments.next().map_or_else(Vec::new, |first| first.words);
    segments.for_each(|segment| words.extend(segment.words));
    words.sort_by(|a, b| a.left.total_cmp(&b.left));
    words
}

fn line(mut words: Vec<Word>) -> Option<Line> {
    box_first(&mut words);
    Line::of_words(&super::direction::reading_order(words))
}

/// Moves a check box behind its label in front of it.
fn box_first(words: &mut [Word]) {
    let is_box = |word: &Word| matches!(word.text.as_str(), "☐" | "☑" | "☒");
    // Behind a colon it answers a question, which is no item.
    if words.iter().filter(|word| is_box(word)).count() == 1
        && !words.iter().any(|word| word.text.ends_with(':'))
        && let [.., last] = words
        && is_box(last)
        && words.len() > 1
    {
        words.rotate_right(1);
        if let [own, label, ..] = words {
            label.spaced = true;
            own.right = label.left;
            own.left = label.left - own.size;
        }
    }
}
