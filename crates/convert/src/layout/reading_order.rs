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
use super::rows::rows;
use super::segment::Segment;
use super::word::Word;

/// Gap in multiples of the text size from which on a row is cut into segments.
const SEGMENT_GAP_EM: f32 = 0.42;
/// Regions within regions, at most.
const MAX_DEPTH: usize = 12;
/// Rows of a region that is searched for gutters, at most.
const MAX_ROWS: usize = 4_000;

/// Puts the words of a page into lines in reading order.
pub(crate) fn lines(mut words: Vec<Word>) -> Vec<Line> {
    drop_capitals::attach(&mut words);
    let page = Page {
        right_to_left: is_right_to_left(&words),
        widths: gutter::PRINTED,
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
    };
    let mut out = Vec::new();
    let are_apart = |a: &Word, b: &Word| a.order != b.order;
    order(segments(words, are_apart), &page, MAX_DEPTH, &mut out);
    out
}

/// Properties of a page.
struct Page {
    right_to_left: bool,
    widths: gutter::Widths,
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

fn order(segments: Vec<Segment>, page: &Page, depth: usize, out: &mut Vec<Line>) {
    let rows = rows(segments);
    let gutter = match depth {
        0 => None,
        _ if rows.len() > MAX_ROWS => None,
        _ => gutter::tallest(&rows, &page.widths),
    };
    let Some(gutter) = gutter else {
        out.extend(rows.into_iter().filter_map(line));
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

fn line(row: Vec<Segment>) -> Option<Line> {
    let mut segments = row.into_iter();
    let mut words = segments.next()?.words;
    segments.for_each(|segment| words.extend(segment.words));
    words.sort_by(|a, b| a.left.total_cmp(&b.left));
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
