//! Headings in about the size of the text: told by their number, slope, capitals, font or a small step in size, where they
//! stand alone over text that is set otherwise.

use super::block::{Block, BlockKind};
use super::line::{Line, Raise};
use super::numbering;
use super::text_cues::reads_as_heading;
use super::text_styles::TextStyles;

/// Level of headings by their look alone.
const LOOK_LEVEL: u8 = 4;
/// Deepest level of headings by their number.
const MAX_NUMBER_LEVEL: u8 = 4;
/// Words and characters of a heading by its look, at most.
const MAX_WORDS: usize = 12;
const MAX_CHARACTERS: usize = 90;
/// Words of a block from which on it is text.
const TEXT_WORDS: usize = 8;
/// Letters of a heading in capitals, at least.
const MIN_CAPITALS: usize = 4;
/// Fonts of a block that are told apart, at most.
const MAX_FONTS: usize = 16;
/// Lines of a heading, at most.
const MAX_LINES: usize = 2;
/// Headings that follow each other without text between them, at most: more of them are a list of contents.
const MAX_IN_ROW: usize = 3;
/// Distance of the text below, in multiples of the text size, at most.
const MAX_DISTANCE_EM: f32 = 3.5;
/// Distance of the text above, in multiples of the text size, from which on it is a gap.
const GAP_EM: f32 = 1.55;
/// Size above that of the text, in points, from which on a line stands out.
const STEP_POINTS: f32 = 0.7;
/// Size below that of the text, in points, down to which a line may be a heading.
const MAX_BELOW_POINTS: f32 = 0.7;
/// Width of a heading as a share of the text below, at most, where it has only its look.
const MAX_WIDTH_SHARE: f32 = 0.85;

/// Turns paragraphs that stand as headings over the text below into headings. `drawn` tells the blocks of drawings.
pub(super) fn promote(blocks: &mut [Block], styles: &TextStyles, drawn: &[bool]) {
    let page = Page {
        body: styles.body(),
        font: styles.body_font(),
    };
    let mut found: Vec<usize> = Vec::new();
    for index in (0..blocks.len()).rev() {
        if drawn.get(index).copied().unwrap_or(false) {
            continue;
        }
        if let Some(level) = page.level(blocks, index)
            && let Some(block) = blocks.get_mut(index)
        {
            block.kind = BlockKind::Heading(level);
            found.push(index);
        }
    }
    found.reverse();
    // Contents: each entry stands over the next one.
    for run in found
        .chunk_by(|a, b| a + 1 == *b)
        .filter(|run| run.len() > MAX_IN_ROW)
    {
        for index in run {
            if let Some(block) = blocks.get_mut(*index) {
                block.kind = BlockKind::Paragraph;
            }
        }
    }
}

struct Page<'a> {
    /// Size of the text in points.
    body: f32,
    /// Its font, if it is known.
    font: Option<&'a str>,
}

/// Look of the text of a block.
struct Look<'a> {
    font: Option<&'a str>,
    bold: bool,
    italic: bool,
    capitals: bool,
    /// Size of its largest letters, so that small capitals have the size of the text.
    size: f32,
}

impl Page<'_> {
    /// Level of the heading that the block is.
    fn level(&self, blocks: &[Block], index: usize) -> Option<u8> {
        let (block, below) = (blocks.get(index)?, blocks.get(index + 1)?);
        let above = index.checked_sub(1).and_then(|index| blocks.get(index));
        let text = block.text();
        let text = text.trim();
        let fits = matches!(block.kind, BlockKind::Paragraph)
            && (1..=MAX_LINES).contains(&block.lines.len())
            && block.joined_text.is_none()
            && text.chars().count() <= MAX_CHARACTERS
            && text.split_whitespace().count() <= MAX_WORDS;
        let plain =
            |line: &Line| !line.is_row() && !line.is_divided() && !line.is_code() && !line.is_rotated();
        if !fits || !block.lines.iter().all(plain) || !reads_as_heading(text) {
            return None;
        }
        let own = Look::of(block);
        if own.size < self.body - MAX_BELOW_POINTS || !stands_over(block, below) {
            return None;
        }
        let apart = is_apart(above, block);
        if !is_headed(below) {
            return None;
        }
        if let Some(number) = numbering::of_title(text).filter(|number| number.certain)
            && apart
            && !text.ends_with(|c: char| c.is_ascii_digit())
        {
            return Some((number.depth + 1).min(MAX_NUMBER_LEVEL));
        }
        // The first line of a page is a running header more often.
        let stands_out = above.is_some() && self.stands_out(&own, text, below);
        (apart && stands_out && is_short(block, below)).then_some(LOOK_LEVEL)
    }

    /// Returns true if the block is set otherwise than the text below.
    fn stands_out(&self, own: &Look<'_>, text: &str, below: &Block) -> bool {
        let is_heading = matches!(below.kind, BlockKind::Heading(_));
        let goes_on = below.lines.first().is_some_and(Line::starts_lowercase);
        if text.ends_with(':') || goes_on {
            return false;
        }
        let other = Look::of(below);
        // Text in a font of its own is another part of the page: a form, an advertisement.
        let is_body = is_heading || self.font.is_none() || other.font == self.font;
        let capitals = text.chars().filter(|c| c.is_uppercase()).count();
        let by_capitals = own.capitals && !other.capitals && capitals >= MIN_CAPITALS;
        let by_slope = own.italic && (!other.italic || is_heading);
        let by_font = own.font.is_some() && own.font != self.font && (own.font != other.font || is_heading);
        let by_size =
            own.size >= self.body + STEP_POINTS && (own.size >= other.size + STEP_POINTS || is_heading);
        let by_weight = own.bold && !other.bold;
        is_body && (by_capitals || by_slope || by_font || by_weight || by_size)
    }
}

impl<'a> Look<'a> {
    fn of(block: &'a Block) -> Self {
        let runs = || {
            let all = block.lines.iter().flat_map(|line| &line.runs);
            all.filter(|run| run.raise == Raise::None && run.text.chars().any(char::is_alphanumeric))
        };
        let letters = |count: usize, run: &super::line::Run| count + run.text.chars().count();
        let all = runs().fold(0, letters);
        let most = |own: usize| 10 * own >= 9 * all && all > 0;
        let mut fonts: Vec<(&str, usize)> = Vec::new();
        for run in runs() {
            let own = run.text.chars().count();
            let has_room = fonts.len() < MAX_FONTS;
            match fonts.iter_mut().find(|(font, _)| *font == run.font_name) {
                Some((_, count)) => *count += own,
                None if has_room => fonts.push((&run.font_name, own)),
                None => {}
            }
        }
        let most_used = fonts.into_iter().max_by_key(|(_, count)| *count);
        let font = most_used
            .filter(|(_, count)| 10 * count >= 7 * all)
            .map(|(font, _)| font);
        Self {
            font: font.filter(|font| !font.is_empty()),
            bold: most(runs().filter(|run| run.bold).fold(0, letters)),
            italic: most(runs().filter(|run| run.italic).fold(0, letters)),
            capitals: !block.lines.is_empty() && block.lines.iter().all(Line::is_uppercase),
            size: runs().map(|run| run.size).fold(0.0, f32::max),
        }
    }
}

/// Returns true for what a heading stands over: text, a list, or another heading.
fn is_headed(below: &Block) -> bool {
    let is_text = below.lines.len() > 1 || below.text().split_whitespace().count() >= TEXT_WORDS;
    match below.kind {
        BlockKind::Heading(_) => true,
        BlockKind::Paragraph | BlockKind::ListItem(_) => is_text,
        _ => false,
    }
}

/// Returns true if the other block begins below the block, close to it and in its column.
fn stands_over(block: &Block, below: &Block) -> bool {
    let (Some(last), Some(next)) = (block.lines.last(), below.lines.first()) else {
        return matches!(below.kind, BlockKind::Table(_));
    };
    let down = last.baseline - next.baseline;
    let (_, left, right) = block.extent();
    let (_, below_left, below_right) = below.extent();
    down > 0.5 * last.size
        && down <= MAX_DISTANCE_EM * last.size.max(next.size)
        && left < below_right
        && below_left < right
}

/// Returns true if text ends above the block, or stands apart from it.
fn is_apart(above: Option<&Block>, block: &Block) -> bool {
    let (Some(above), Some(first)) = (above, block.lines.first()) else {
        return true;
    };
    let Some(last) = above.lines.last() else {
        return true;
    };
    let down = last.baseline - first.baseline;
    let gap = down < 0.0 || down >= GAP_EM * first.size.max(last.size);
    gap || last.ends_sentence() || matches!(above.kind, BlockKind::Heading(_))
}

/// Returns true if the last line of the block leaves room that the text below takes.
fn is_short(block: &Block, below: &Block) -> bool {
    let Some(last) = block.lines.last() else {
        return false;
    };
    let (_, left, right) = below.extent();
    below.lines.len() < 2 || last.right - last.left <= MAX_WIDTH_SHARE * (right - left)
}
