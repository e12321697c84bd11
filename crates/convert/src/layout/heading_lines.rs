//! Headings by the size and weight of lines.

use std::collections::BTreeMap;

use super::line::Line;
use super::text_cues::starts_caption;

/// Points by which a heading is larger than the text: in bold or capitals, and in any face.
const STRONG_STEP_POINTS: f32 = 1.2;
const PLAIN_STEP_POINTS: f32 = 2.4;
/// Sizes that differ by less, in points, are one level.
const SAME_LEVEL_POINTS: f32 = 1.0;
/// Level of the smallest headings by size.
const MAX_SIZE_LEVEL: u8 = 4;
/// Letters and digits of a heading, at least.
const MIN_CHARACTERS: usize = 2;
/// Words of a heading, at most.
const MAX_WORDS: usize = 30;
/// Points above the text from which on headings may follow each other line by line.
const TITLE_STEP_POINTS: f32 = 6.0;
/// Share of the letters in a size, at least, for it to count as one of text.
const MIN_LEVEL_LETTERS: usize = 3;

/// Sizes that the text of a document is set in, in tenths of a point, with the letters in each.
#[derive(Debug, Clone, Default)]
pub(crate) struct TextSizes {
    letters: BTreeMap<i32, usize>,
}

impl TextSizes {
    /// Adds letters of a size in points.
    pub(crate) fn add(&mut self, size: f32, letters: usize) {
        *self.letters.entry(tenths(size)).or_default() += letters;
    }

    /// Size of the body text in points.
    pub(crate) fn body(&self) -> f32 {
        // Sizes that differ by rounding alone are one.
        let weight = |size: i32| -> usize {
            self.letters
                .range(size - 2..=size + 2)
                .map(|(_, count)| count)
                .sum()
        };
        let body = self
            .letters
            .keys()
            .copied()
            .max_by_key(|size| (weight(*size), self.letters.get(size)));
        #[expect(clippy::cast_precision_loss, reason = "tenths of points")]
        body.map_or(10.0, |size| size as f32 / 10.0)
    }

    /// Levels of headings: sizes in points from the largest down.
    fn levels(&self, body: f32) -> Vec<f32> {
        let mut levels: Vec<f32> = Vec::new();
        for (size, letters) in self.letters.iter().rev() {
            #[expect(clippy::cast_precision_loss, reason = "tenths of points")]
            let size = *size as f32 / 10.0;
            let new = levels.last().is_none_or(|last| last - size >= SAME_LEVEL_POINTS);
            if size >= body + STRONG_STEP_POINTS && *letters >= MIN_LEVEL_LETTERS && new {
                levels.push(size);
            }
        }
        levels
    }
}

#[expect(clippy::cast_possible_truncation, reason = "sizes are small")]
fn tenths(size: f32) -> i32 {
    (size.clamp(0.0, 10_000.0) * 10.0).round() as i32
}

/// Marks the lines of a page that are headings. `sizes` are those of the document.
pub(crate) fn mark(lines: &mut [Line], sizes: &TextSizes, tables: &[f32]) {
    let body = sizes.body();
    let levels = sizes.levels(body);
    let found: Vec<u8> = (0..lines.len())
        .map(|index| level(lines, index, body, &levels, tables))
        .collect();
    for (line, level) in lines.iter_mut().zip(found) {
        line.level = level;
    }
}

fn level(lines: &[Line], index: usize, body: f32, levels: &[f32], tables: &[f32]) -> u8 {
    let line = &lines[index];
    if !can_be_heading(line) {
        return 0;
    }
    let step = line.size - body;
    let strong = line.is_bold() || line.is_uppercase();
    if step >= PLAIN_STEP_POINTS || strong && step >= STRONG_STEP_POINTS {
        let tier = levels
            .iter()
            .position(|level| line.size > level - SAME_LEVEL_POINTS);
        let level = u8::try_from(tier.unwrap_or(levels.len()) + 1).unwrap_or(u8::MAX);
        let alone = step >= TITLE_STEP_POINTS || stands_alone(lines, index, tables);
        return if alone { level.min(MAX_SIZE_LEVEL) } else { 0 };
    }
    if line.is_bold()
        && step > -0.6
        && let Some(depth) = section_depth(line.text.trim())
    {
        return (depth + 1).min(MAX_SIZE_LEVEL);
    }
    0
}

fn can_be_heading(line: &Line) -> bool {
    let text = line.text.trim();
    let characters = text.chars().filter(|c| c.is_alphanumeric()).count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    characters >= MIN_CHARACTERS
        && letters > 0
        && !line.is_rotated()
        && !line.is_code()
        && !line.is_row()
        && text.split_whitespace().count() <= MAX_WORDS
        && !text.starts_with(['•', '◦', '▪', '●', '○', '■', '□', '–', '-', '*', '☐', '☑', '☒'])
        && !starts_caption(text)
}

/// Returns true if the lines around a line are set in other sizes, but for the other lines of one title.
fn stands_alone(lines: &[Line], index: usize, tables: &[f32]) -> bool {
    let line = &lines[index];
    let parted = |a: &Line, b: &Line| {
        let (top, bottom) = (a.baseline.max(b.baseline), a.baseline.min(b.baseline));
        tables.iter().any(|table| (bottom..top).contains(table))
    };
    let sibling = |above: &Line, below: &Line| {
        let same = (above.size - below.size).abs() < 0.5 && above.is_bold() == below.is_bold();
        let wraps = above.baseline - below.baseline < 1.8 * line.size
            && above.baseline > below.baseline
            && !above.ends_sentence()
            && (below.starts_lowercase() || above.right - above.left > 0.6 * (below.right - below.left));
        same && !wraps && !parted(above, below)
    };
    let above = index.checked_sub(1).and_then(|index| lines.get(index));
    let below = lines.get(index + 1);
    !above.is_some_and(|above| sibling(above, line)) && !below.is_some_and(|below| sibling(line, below))
}

/// Depth of the section number that a title begins with: `2.1 Methods` is 2 deep.
fn section_depth(text: &str) -> Option<u8> {
    let (number, title) = text.split_once(char::is_whitespace)?;
    let title = title.trim_start();
    let first = title.chars().next()?;
    let is_title = first.is_alphabetic()
        && !first.is_lowercase()
        && !title.ends_with(['.', ',', ';'])
        && title.split_whitespace().count() <= 16;
    if !is_title {
        return None;
    }
    let digits = number.strip_suffix(['.', ')']).unwrap_or(number);
    let roman = !digits.is_empty()
        && digits.len() <= 6
        && digits.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | 'L' | 'C'))
        && number.ends_with('.');
    if roman {
        return Some(1);
    }
    let parts: Vec<&str> = digits.split('.').collect();
    let numeric =
        |part: &&str| !part.is_empty() && part.len() <= 3 && part.bytes().all(|byte| byte.is_ascii_digit());
    let lettered = parts.len() > 1
        && parts
            .first()
            .is_some_and(|first| first.len() == 1 && first.chars().all(|c| c.is_ascii_uppercase()))
        && parts.iter().skip(1).all(numeric);
    (parts.len() <= 4 && (parts.iter().all(numeric) || lettered))
        .then(|| u8::try_from(parts.len()).unwrap_or(u8::MAX))
}
