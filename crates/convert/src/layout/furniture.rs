//! Page furniture: running headers, running footers and page numbers, found by comparing each page with its
//! neighbours and removed before the text is put in order.
//!
//! A line is furniture if it stands near the top or bottom edge, most pages around have the same line at the same
//! height, and more than a line pitch separates it from the text. Numbers compare as `#`, so that `Page 7 of 20`
//! repeats; a line of digits alone has to count along with the pages.

mod line_numbers;

use self::line_numbers::{LineNumber, line_numbers};
use super::list_marker::roman;

/// Pages before and after a page that are compared with it.
pub(crate) const WINDOW_PAGES: usize = 8;
/// Share of the page height, at the top and at the bottom, in which furniture stands.
const EDGE_ZONE_SHARE: f32 = 0.12;
/// Pages that must have a line, at least, before it counts as repeated.
const MIN_REPETITIONS: usize = 3;
/// Height in points by which the same line may differ from page to page.
const POSITION_TOLERANCE_POINTS: f32 = 3.0;
/// Height in points by which the runs of one row may differ.
const ROW_TOLERANCE_POINTS: f32 = 2.0;
/// Distance to the text, in multiples of the text size, from which on a line is set apart from it.
const MIN_DISTANCE_EM: f32 = 1.7;

/// Size in multiples of that of the text, from which on a line at the edge is a title.
const TITLE_RATIO: f32 = 1.25;

/// Text of one page with positions, before any order is found in it.
pub(crate) struct PageRuns<'a> {
    /// 1-based number of the page.
    pub(crate) number: u32,
    /// Bottom edge, top edge and height of the visible part of the page in points.
    pub(crate) bottom: f32,
    pub(crate) top: f32,
    pub(crate) height: f32,
    /// Turned for display: its edges are not those that a reader sees.
    pub(crate) rotated: bool,
    pub(crate) runs: Vec<PlacedText<'a>>,
}

/// Text of a run with its position in points.
pub(crate) struct PlacedText<'a> {
    pub(crate) text: &'a str,
    pub(crate) left: f32,
    pub(crate) baseline: f32,
    pub(crate) size: f32,
    pub(crate) rotated: bool,
}

/// Line near the top or bottom edge of a page.
struct EdgeLine {
    /// Its text with every number as `#`, for comparison.
    key: String,
    /// Its text without white space.
    text: String,
    /// Its first and its last number less that of the page, if it has one or two: one of them is equal on every page for
    /// page numbers, the last one for `2-14`.
    number_offsets: Option<[i64; 2]>,
    at_top: bool,
    /// Distance of its baseline from the edge in points.
    distance: f32,
    size: f32,
    /// Indices of its runs.
    runs: Vec<usize>,
}

/// Edge lines of the pages that have been read.
#[derive(Default)]
pub(crate) struct Furniture {
    pages: Vec<Vec<EdgeLine>>,
    /// Numbers of the lines of each page.
    numbers: Vec<Vec<LineNumber>>,
}

impl Furniture {
    /// Adds the next page; `None` for a page that could not be read, which still counts as a neighbour.
    pub(crate) fn add_page(&mut self, page: Option<&PageRuns<'_>>) {
        // Those that no page is compared with any more: two windows behind, since pages are read one window ahead.
        let behind = self.pages.len().checked_sub(2 * WINDOW_PAGES + 2);
        if let Some(lines) = behind.and_then(|behind| self.pages.get_mut(behind)) {
            *lines = Vec::new();
        }
        self.pages.push(page.map_or_else(Vec::new, edge_lines));
        self.numbers.push(page.map_or_else(Vec::new, line_numbers));
    }

    /// Tells for each run of the page at `index` whether it stays; `None` when the page has no furniture. A page that
    /// has nothing else keeps it, for it may be a title or an empty form.
    pub(crate) fn kept_runs(&self, index: usize, page: &PageRuns<'_>) -> Option<Vec<bool>> {
        let own = self.pages.get(index)?;
        let window = self
            .pages
            .get(index.saturating_sub(WINDOW_PAGES)..self.pages.len().min(index + WINDOW_PAGES + 1))
            .unwrap_or_default();
        let usual = usual_size(page);
        let repeated: Vec<&EdgeLine> = own
            .iter()
            .filter(|line| line.repeats_on(window) || line.takes_turns_on(window))
            // Larger than the text and other on each page: titles of slides.
            .filter(|line| line.size <= TITLE_RATIO * usual || line.is_copied_on(window))
            .collect();
        let furniture: Vec<&EdgeLine> = [true, false]
            .into_iter()
            .flat_map(|at_top| set_apart(&repeated, page, at_top))
            .collect();
        let mut kept = vec![true; page.runs.len()];
        let numbers = self.numbers_of_lines(index);
        let furniture_runs = furniture.iter().flat_map(|line| &line.runs);
        for &run in furniture_runs.chain(numbers.iter().map(|number| &number.run)) {
            if let Some(kept) = kept.get_mut(run) {
                *kept = false;
            }
        }
        let mut runs = page.runs.iter().zip(&kept);
        let has_text = runs.any(|(run, kept)| *kept && !run.text.trim().is_empty());
        let is_any = !furniture.is_empty() || !numbers.is_empty();
        (is_any && has_text).then_some(kept)
    }

    /// Numbers of the lines of a page, if a page around it has the same ones at the same heights.
    fn numbers_of_lines(&self, index: usize) -> &[LineNumber] {
        let Some(own) = self.numbers.get(index) else {
            return &[];
        };
        let window = index.saturating_sub(WINDOW_PAGES)..index.saturating_add(WINDOW_PAGES + 1);
        let around = self.numbers.iter().enumerate();
        let mut others = around.filter(|(other, _)| *other != index && window.contains(other));
        match others.any(|(_, other)| line_numbers::are_alike(own, other)) {
            true => own,
            false => &[],
        }
    }
}

impl EdgeLine {
    /// Returns true if most of the pages have the line.
    fn repeats_on(&self, pages: &[Vec<Self>]) -> bool {
        let count = pages
            .iter()
            .filter(|lines| lines.iter().any(|line| self.is_same(line)))
            .count();
        // Left and right pages may have a line each, so half of the pages is enough.
        count >= MIN_REPETITIONS && 2 * count + 1 >= pages.len()
    }

    /// Returns true if its number goes on where those of a repeated line leave off: left pages may have the name of a
    /// chapter where right pages have that of the book.
    fn takes_turns_on(&self, pages: &[Vec<Self>]) -> bool {
        let mut others = pages.iter().flatten().filter(|other| {
            self.is_near(other) && self.counts_with(other) && (self.size - other.size).abs() < 0.1 * self.size
        });
        others.any(|other| other.key != self.key && other.repeats_on(pages))
    }

    fn is_near(&self, other: &Self) -> bool {
        self.at_top == other.at_top && (self.distance - other.distance).abs() < POSITION_TOLERANCE_POINTS
    }

    /// Returns true if the line has no numbers, or has the same ones on another page.
    fn is_copied_on(&self, pages: &[Vec<Self>]) -> bool {
        let copies = pages.iter().flatten().filter(|line| self.text == line.text);
        copies.count() > 1
    }

    /// Returns true if one of the numbers of both counts along with the pages.
    fn counts_with(&self, other: &Self) -> bool {
        let pairs = self.number_offsets.iter().flatten();
        pairs
            .zip(other.number_offsets.iter().flatten())
            .any(|(own, other)| own == other)
    }

    fn is_same(&self, other: &Self) -> bool {
        let same = self.key == other.key && self.is_near(other);
        // Without words, any two rows of figures are alike: only numbers that count the pages are furniture.
        let has_words = self.key.chars().filter(|c| c.is_alphabetic()).count() > 2;
        same && (has_words || self.counts_with(other))
    }
}

/// Size of most of the text in points.
fn usual_size(page: &PageRuns<'_>) -> f32 {
    let mut sizes: Vec<f32> = page.runs.iter().map(|run| run.size).collect();
    sizes.sort_by(f32::total_cmp);
    sizes.get(sizes.len() / 2).copied().unwrap_or(0.0)
}

/// Repeated lines of one edge that stand apart from the text. The head of a table, which is repeated on each page as
/// well, is close to the table and so not among them.
fn set_apart<'a>(repeated: &[&'a EdgeLine], page: &PageRuns<'_>, at_top: bool) -> Vec<&'a EdgeLine> {
    let mut lines: Vec<&EdgeLine> = repeated
        .iter()
        .copied()
        .filter(|line| line.at_top == at_top)
        .collect();
    // From the innermost line outwards: what is close to the text belongs to it, and is text for the next one.
    lines.sort_by(|a, b| b.distance.total_cmp(&a.distance));
    while let Some(line) = lines.first() {
        if next_inwards(&lines, page, line) - line.distance > MIN_DISTANCE_EM * line.size {
            break;
        }
        lines.remove(0);
    }
    lines
}

/// Distance from the edge, in points, of the nearest text further inwards than `line` that is not one of `lines`.
fn next_inwards(lines: &[&EdgeLine], page: &PageRuns<'_>, line: &EdgeLine) -> f32 {
    let mut is_text = vec![true; page.runs.len()];
    for &run in lines.iter().flat_map(|line| &line.runs) {
        is_text
            .get_mut(run)
            .into_iter()
            .for_each(|is_text| *is_text = false);
    }
    let text = page.runs.iter().zip(is_text);
    let text = text.filter(|(run, is_text)| *is_text && !run.text.trim().is_empty());
    text.map(|(run, _)| edge_distance(page, run.baseline, line.at_top))
        .filter(|&distance| distance > line.distance)
        .fold(f32::INFINITY, f32::min)
}

fn edge_distance(page: &PageRuns<'_>, baseline: f32, at_top: bool) -> f32 {
    if at_top {
        page.top - baseline
    } else {
        baseline - page.bottom
    }
}

fn edge_lines(page: &PageRuns<'_>) -> Vec<EdgeLine> {
    if page.rotated {
        return Vec::new();
    }
    let zone = EDGE_ZONE_SHARE * page.height;
    let mut lines: Vec<EdgeLine> = Vec::new();
    for at_top in [true, false] {
        let mut runs: Vec<(f32, usize)> = page
            .runs
            .iter()
            .enumerate()
            .filter(|(_, run)| !run.rotated && !run.text.trim().is_empty())
            .map(|(index, run)| (edge_distance(page, run.baseline, at_top), index))
            .filter(|&(distance, _)| distance < zone)
            .collect();
        runs.sort_by(|a, b| a.0.total_cmp(&b.0));
        for row in runs.chunk_by(|a, b| b.0 - a.0 < ROW_TOLERANCE_POINTS) {
            lines.extend(edge_line(page, row, at_top));
        }
    }
    lines
}

/// Joins the runs of one row, given as distance and index, to a line.
fn edge_line(page: &PageRuns<'_>, row: &[(f32, usize)], at_top: bool) -> Option<EdgeLine> {
    let mut row: Vec<(f32, usize)> = row.to_vec();
    row.sort_by(|a, b| page.runs[a.1].left.total_cmp(&page.runs[b.1].left));
    let distance = row.first()?.0;
    let words: Vec<&str> = row
        .iter()
        .map(|&(_, index)| page.runs[index].text.trim())
        .collect();
    let joined = words.join(" ");
    let (key, numbers) = normalized(&joined);
    let offset = |number: &i64| number - i64::from(page.number);
    let number_offsets = match numbers.as_slice() {
        // `7` or `7 of 20`; more numbers are a date or a table.
        [first] => Some([offset(first); 2]),
        [first, last] => Some([offset(first), offset(last)]),
        _ => None,
    };
    Some(EdgeLine {
        key,
        text: joined.split_whitespace().collect(),
        number_offsets,
        at_top,
        distance,
        size: row
            .iter()
            .map(|&(_, index)| page.runs[index].size)
            .fold(0.0, f32::max),
        runs: row.into_iter().map(|(_, index)| index).collect(),
    })
}

/// Returns the text without white space and with every number as `#`, and the numbers.
fn normalized(text: &str) -> (String, Vec<i64>) {
    let (mut key, mut numbers, mut digits) = (String::new(), Vec::new(), String::new());
    if let Some((before, number, after)) = roman_number(text) {
        let key: String = [before, "#", after].concat();
        let key = key.chars().filter(|c| !c.is_whitespace()).collect();
        return (key, vec![i64::from(number)]);
    }
    for c in text.chars().chain([' ']) {
        if let Some(digit) = decimal(c) {
            digits.push(digit);
            continue;
        }
        if !digits.is_empty() {
            // One sign for every number, whatever its length: page 9 and page 10 have to compare equal.
            key.push('#');
            numbers.extend(digits.parse::<i64>());
            digits.clear();
        }
        if !c.is_whitespace() {
            key.push(c);
        }
    }
    (key, numbers)
}

/// ASCII digit for a decimal digit of one of the scripts whose documents are numbered by them.
fn decimal(c: char) -> Option<char> {
    // Arabic, Persian, Devanagari, Bengali, Thai, full width.
    let zeros = ['\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{e50}', '\u{ff10}'];
    let value = zeros.into_iter().find_map(|zero| {
        u32::from(c)
            .checked_sub(u32::from(zero))
            .filter(|value| *value < 10)
    });
    match value {
        Some(value) => char::from_digit(value, 10),
        None => c.is_ascii_digit().then_some(c),
    }
}

/// Words of a line, at most, that ends with a Roman page number.
const MAX_ROMAN_WORDS: usize = 4;

/// Roman number that a short line is or ends with, and what is before and after it.
fn roman_number(text: &str) -> Option<(&str, u32, &str)> {
    let text = text.trim();
    let end = text.trim_end_matches(|c: char| !c.is_alphanumeric());
    let numeral = end.rsplit(|c: char| !c.is_alphanumeric()).next()?;
    let number = roman(numeral)?;
    let before = end.strip_suffix(numeral)?;
    let short =
        before.split_whitespace().count() < MAX_ROMAN_WORDS && !before.contains(|c: char| c.is_ascii_digit());
    short.then_some((before, number, text.get(end.len()..).unwrap_or_default()))
}
