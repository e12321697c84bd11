use super::tsv::{Line, Word, confidence};
use crate::ConvertError;
use crate::ir::{BlockKind, Builder, Inline, Origin, Region};
use crate::layout::characters::Characters;
use crate::places::WordBox;

/// Height of a heading, at least, in multiples of the page's usual line.
const MIN_HEADING_RATIO: f64 = 1.25;
/// Words of a heading, at most.
const MAX_HEADING_WORDS: usize = 16;
/// Letters of a heading, at least.
const MIN_HEADING_LETTERS: usize = 3;

/// Adds the blocks of lines, in reading order, to the page of this number. `unit` is the length of a pixel in the unit of
/// the page.
pub(in crate::ocr) fn add_to(
    lines: &[Line],
    builder: &mut Builder<'_>,
    page: u32,
    unit: f32,
) -> Result<(), ConvertError> {
    let usual = usual_height(lines);
    let mut characters = Characters::default();
    let mut rest = lines;
    while let Some(first) = rest.first() {
        let heading = is_heading(first, usual);
        let length = rest
            .iter()
            .take_while(|line| line.paragraph == first.paragraph && is_heading(line, usual) == heading)
            .count()
            .max(1);
        let (paragraph, after) = rest.split_at(length);
        let inlines = vec![Inline::plain(characters.normalized(&joined(paragraph)))];
        let kind = if heading {
            BlockKind::Heading {
                level: 1,
                number: None,
                inlines,
            }
        } else {
            BlockKind::Paragraph(inlines)
        };
        let words = || paragraph.iter().flat_map(|line| &line.words);
        let origin = Origin {
            regions: region(words(), page, unit).into_iter().collect(),
            confidence: confidence(words()).map(|confidence| confidence.mean),
            ..Origin::default()
        };
        builder.add_from(kind, origin)?;
        rest = after;
    }
    Ok(())
}

/// Words of lines with their places.
pub(in crate::ocr) fn words(lines: &[Line], page: u32, unit: f32) -> Vec<WordBox> {
    let words = lines.iter().flat_map(|line| &line.words);
    let placed = words.filter_map(|word| {
        Some(WordBox {
            text: word.text.clone(),
            region: region(std::iter::once(word), page, unit)?,
            confidence: confidence(std::iter::once(word)).map(|confidence| confidence.mean),
        })
    });
    placed.collect()
}

/// Box of words in the unit of the page.
fn region<'a>(words: impl Iterator<Item = &'a Word>, page: u32, unit: f32) -> Option<Region> {
    let edges = |word: &Word| [word.left, word.top, word.right, word.bottom];
    let [left, top, right, bottom] = words
        .map(edges)
        .reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])])?;
    #[expect(clippy::cast_precision_loss, reason = "pixels of an image")]
    let bbox = [left, top, right, bottom].map(|edge| edge as f32 * unit);
    Some(Region::new(page, bbox))
}

/// Median height of the lines in pixels.
fn usual_height(lines: &[Line]) -> i64 {
    let mut heights: Vec<i64> = lines.iter().map(height).collect();
    heights.sort_unstable();
    heights.get(heights.len() / 2).copied().unwrap_or_default()
}

/// Height of a line in pixels: the upper quartile of its words. The box of the line would not do, since on a page that
/// was scanned askew, long lines have high boxes.
fn height(line: &Line) -> i64 {
    let mut heights: Vec<i64> = line.words.iter().map(|word| word.bottom - word.top).collect();
    heights.sort_unstable();
    heights.get(heights.len() * 3 / 4).copied().unwrap_or_default()
}

#[expect(clippy::cast_precision_loss, reason = "pixels")]
fn is_heading(line: &Line, usual: i64) -> bool {
    let letters = line
        .words
        .iter()
        .flat_map(|word| word.text.chars())
        .filter(|c| c.is_alphabetic())
        .count();
    letters >= MIN_HEADING_LETTERS
        && line.words.len() <= MAX_HEADING_WORDS
        && height(line) as f64 >= usual as f64 * MIN_HEADING_RATIO
}

/// Joins lines to running text and words that were divided at the end of a line.
fn joined(lines: &[Line]) -> String {
    let mut text = String::new();
    for line in lines {
        let next = line.text();
        if ends_divided(&text) && next.starts_with(char::is_lowercase) {
            text.pop();
        } else if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&next);
    }
    text
}

/// Returns true if the text ends with a letter and a hyphen.
fn ends_divided(text: &str) -> bool {
    let mut last = text.chars().rev();
    matches!(last.next(), Some('-' | '\u{2010}' | '\u{ad}')) && last.next().is_some_and(char::is_alphabetic)
}
