//! Headings by the size and weight of lines.

use super::extent::Extent;
use super::figures;
use super::line::Line;
use super::numbering;
use super::outline_titles::{self, OutlineTitle};
use super::text_cues::starts_caption;
use super::text_styles::{SAME_LEVEL_POINTS, STRONG_STEP_POINTS, TextStyles};

/// Points by which a heading in any face is larger than the text.
const PLAIN_STEP_POINTS: f32 = 2.4;
/// Level of the smallest headings by size.
const MAX_SIZE_LEVEL: u8 = 4;
/// Letters and digits of a heading, at least.
const MIN_CHARACTERS: usize = 2;
/// Letters of a word, at least, that a heading has.
const MIN_WORD_LETTERS: usize = 3;
/// Words of a heading, at most.
const MAX_WORDS: usize = 30;
/// Words of a heading that ends with a full stop, at most: more are a sentence.
const MAX_SENTENCE_WORDS: usize = 10;
/// Points above the text from which on headings may follow each other line by line.
const TITLE_STEP_POINTS: f32 = 6.0;

/// Parts of a page beside its lines.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Surroundings<'a> {
    /// Upper edges of tables.
    pub(crate) tables: &'a [f32],
    /// Drawings, whose text is no heading.
    pub(crate) figures: &'a [Extent],
    /// Titles that the outline of the document gives to the page.
    pub(crate) outline: &'a [OutlineTitle],
}

/// Marks the lines of a page that are headings. `styles` are those of the document.
pub(crate) fn mark(lines: &mut [Line], styles: &TextStyles, surroundings: &Surroundings<'_>) {
    let body = styles.body();
    let levels = styles.levels(body);
    let marker = Marker {
        lines,
        body,
        levels: &levels,
        surroundings,
    };
    let found: Vec<u8> = (0..lines.len()).map(|index| marker.level(index)).collect();
    for (line, level) in lines.iter_mut().zip(found) {
        line.level = level;
    }
}

struct Marker<'a> {
    lines: &'a [Line],
    body: f32,
    levels: &'a [f32],
    surroundings: &'a Surroundings<'a>,
}

impl Marker<'_> {
    fn level(&self, index: usize) -> u8 {
        let line = &self.lines[index];
        if !can_be_heading(line) || figures::hold(self.surroundings.figures, line) {
            return 0;
        }
        let (by_size, by_outline) = (self.level_by_size(index), self.level_by_outline(index));
        if by_size > 0 {
            return by_size;
        }
        // The title of the document stands above what the outline lists.
        let by_look = by_outline.map(|level| level.saturating_add(1));
        let step = line.size - self.body;
        let number = numbering::of_title(line.text.trim()).filter(|_| line.is_bold() && step > -0.6);
        let level = by_look.or_else(|| number.map(|number| number.depth + 1));
        level.unwrap_or(0).min(MAX_SIZE_LEVEL)
    }

    fn level_by_size(&self, index: usize) -> u8 {
        let line = &self.lines[index];
        let step = line.size - self.body;
        let strong = line.is_bold() || line.is_uppercase();
        let larger = step >= PLAIN_STEP_POINTS || strong && step >= STRONG_STEP_POINTS;
        let alone = || step >= TITLE_STEP_POINTS || stands_alone(self.lines, index, self.surroundings.tables);
        if !larger || !alone() {
            return 0;
        }
        let mut levels = self.levels.iter();
        let tier = levels.position(|level| line.size > level - SAME_LEVEL_POINTS);
        let level = u8::try_from(tier.unwrap_or(self.levels.len()) + 1).unwrap_or(u8::MAX);
        level.min(MAX_SIZE_LEVEL)
    }

    /// Level of the title of the outline that the line is, alone or with the line above or below it.
    fn level_by_outline(&self, index: usize) -> Option<u8> {
        let titles = self.surroundings.outline;
        if titles.is_empty() {
            return None;
        }
        let text = |index: usize| self.lines.get(index).map(|line| line.text.as_str());
        let own = text(index)?;
        let with = |first: Option<&str>, second: Option<&str>| {
            outline_titles::level(titles, &format!("{} {}", first?, second?))
        };
        outline_titles::level(titles, own)
            .or_else(|| with(Some(own), text(index + 1)))
            .or_else(|| with(text(index.checked_sub(1)?), Some(own)))
    }
}

fn can_be_heading(line: &Line) -> bool {
    let text = line.text.trim();
    let characters = text.chars().filter(|c| c.is_alphanumeric()).count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let words = text.split_whitespace().count();
    let is_remainder = text.ends_with('.') && text.starts_with(char::is_lowercase);
    characters >= MIN_CHARACTERS
        && has_word(text)
        && !is_remainder
        && letters > 0
        && !line.is_rotated()
        && !line.is_code()
        && !line.is_row()
        && !line.is_divided()
        && !(words > MAX_SENTENCE_WORDS && text.ends_with('.'))
        && words <= MAX_WORDS
        && !text.starts_with(['•', '◦', '▪', '●', '○', '■', '□', '–', '-', '*', '☐', '☑', '☒'])
        && !starts_caption(text)
}

/// Returns true if some of the text is a word rather than a label: three letters, or one of a script that writes words with
/// fewer.
fn has_word(text: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_alphabetic());
    words.any(|word| word.chars().count() >= MIN_WORD_LETTERS || word.chars().any(|c| c > '\u{2e7f}'))
        || text.contains(|c: char| c.is_ascii_digit())
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
