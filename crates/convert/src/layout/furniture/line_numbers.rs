//! Numbers of lines at the left edge of pages, as pleadings and transcripts have them: they count from 1 on each page,
//! at even distances and at the same heights.

use super::{PageRuns, PlacedText};

/// Numbers that a page has, at least.
const MIN_NUMBERS: usize = 6;
/// Numbers that a page has, at most.
const MAX_NUMBERS: i64 = 200;
/// Difference of two distances between numbers, at most, as a share of them.
const EVEN_SHARE: f32 = 0.12;
/// Difference of the left edges of two numbers, at most, in multiples of their size.
const ALIGNED_EM: f32 = 1.3;
/// Difference in height, at most, of two texts of one line, in multiples of the size.
const SAME_LINE_EM: f32 = 0.5;
/// Difference of the heights of one number on two pages, at most, in points.
const SAME_HEIGHT_POINTS: f32 = 3.0;

/// Number of a line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LineNumber {
    baseline: f32,
    /// Index of its run.
    pub(super) run: usize,
}

/// Numbers of the lines of a page from 1 on; none if they are uneven or few.
pub(super) fn line_numbers(page: &PageRuns<'_>) -> Vec<LineNumber> {
    let runs = page.runs.iter().enumerate();
    let mut numbers: Vec<(i64, usize, &PlacedText<'_>)> = runs
        .filter(|(_, run)| !run.rotated)
        .filter_map(|(index, run)| Some((number(run.text)?, index, run)))
        .collect();
    numbers.sort_by(|a, b| a.2.left.total_cmp(&b.2.left));
    let Some(first) = numbers
        .iter()
        .find(|(number, ..)| *number == 1)
        .map(|(_, _, run)| *run)
    else {
        return Vec::new();
    };
    numbers.retain(|(_, _, run)| (run.left - first.left).abs() < ALIGNED_EM * first.size);
    numbers.sort_by(|a, b| b.2.baseline.total_cmp(&a.2.baseline));
    let mut column: Vec<LineNumber> = Vec::new();
    for (expected, (number, run, placed)) in (1..).zip(numbers) {
        if number != expected {
            break;
        }
        let baseline = placed.baseline;
        column.push(LineNumber { baseline, run });
    }
    if column.len() < MIN_NUMBERS || !is_even(&column) || is_within_lines(&column, first, page) {
        column.clear();
    }
    column
}

/// Returns true if text stands to the left of a number in its line: it is a word of the line, and counts nothing.
fn is_within_lines(column: &[LineNumber], first: &PlacedText<'_>, page: &PageRuns<'_>) -> bool {
    let reach = SAME_LINE_EM * first.size;
    let mut left = page.runs.iter().filter(|run| run.left < first.left - reach);
    left.any(|run| {
        // From the top of the page downwards.
        let at = column.partition_point(|number| number.baseline > run.baseline + reach);
        column
            .get(at)
            .is_some_and(|number| number.baseline > run.baseline - reach)
    })
}

/// Returns true if two pages have the same numbers at the same heights, as far as the shorter one counts.
pub(super) fn are_alike(page: &[LineNumber], other: &[LineNumber]) -> bool {
    let near = |(a, b): (&LineNumber, &LineNumber)| (a.baseline - b.baseline).abs() < SAME_HEIGHT_POINTS;
    !page.is_empty() && !other.is_empty() && page.iter().zip(other).all(near)
}

fn number(text: &str) -> Option<i64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|_| digits && !text.starts_with('0'))?;
    (1..=MAX_NUMBERS).contains(&number).then_some(number)
}

fn is_even(column: &[LineNumber]) -> bool {
    let distances = || {
        column.windows(2).filter_map(|pair| match pair {
            [above, below] => Some(above.baseline - below.baseline),
            _ => None,
        })
    };
    let (least, most) = distances().fold((f32::INFINITY, 0.0_f32), |(least, most), distance| {
        (least.min(distance), most.max(distance))
    });
    least > 0.0 && most - least <= EVEN_SHARE * most
}
