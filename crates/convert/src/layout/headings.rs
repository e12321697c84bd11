use std::ops::RangeInclusive;

use super::block::{Block, BlockKind};
use super::extent::Extent;
use super::line::{Line, Run};
use super::text_cues::reads_as_heading;
use super::text_styles::TextStyles;
use super::{figures, numbering, sub_headings};

/// Bold lines in a row, at most: more of them are a form or a title page, not headings.
const MAX_BOLD_HEADINGS_IN_ROW: usize = 2;
/// Lines of a heading, at most.
const MAX_HEADING_LINES: usize = 3;
/// Distance of two lines of one heading, in multiples of the text size, at most.
const MAX_LINE_PITCH_EM: f32 = 1.5;
/// Words of a heading that ends with a full stop, at most.
const MAX_SENTENCE_WORDS: usize = 15;
/// Level of headings by weight alone; the reader has found those by size, which stand above them.
const BOLD_HEADING_LEVEL: u8 = 3;
/// Level of single lines in bold capitals.
const CAPITALS_HEADING_LEVEL: u8 = 2;
/// Visible characters of a heading in bold capitals.
const CAPITALS_HEADING_CHARS: RangeInclusive<usize> = 3..=100;

/// Turns paragraphs that are headings by their look into headings, and joins those of two lines. `styles` are those of the
/// document, `figures` the drawings of the page.
pub(crate) fn promote(blocks: &mut Vec<Block>, styles: &TextStyles, figures: &[Extent]) {
    let drawn = |block: &Block| block.lines.iter().any(|line| figures::hold(figures, line));
    let drawn: Vec<bool> = blocks.iter().map(drawn).collect();
    bold(blocks, &drawn);
    sub_headings::promote(blocks, styles, &drawn);
    join(blocks);
    for block in blocks.iter_mut().filter(|block| is_sentence(block)) {
        block.kind = BlockKind::Paragraph;
    }
}

/// Returns true for a heading that is a long sentence: a note or a quotation in large letters.
fn is_sentence(block: &Block) -> bool {
    let text = block.text();
    matches!(block.kind, BlockKind::Heading(_))
        && text.trim_end().ends_with('.')
        && text.split_whitespace().count() > MAX_SENTENCE_WORDS
}

/// Turns single lines in bold capitals, and short bold paragraphs over text that is not bold, into headings.
pub(crate) fn promote_bold(blocks: &mut [Block]) {
    bold(blocks, &[]);
}

fn bold(blocks: &mut [Block], drawn: &[bool]) {
    let drawn = |index: usize| drawn.get(index).copied().unwrap_or(false);
    let numbered = blocks.iter_mut().enumerate();
    for (_, block) in numbered.filter(|(index, block)| is_bold_capitals(block) && !drawn(*index)) {
        block.kind = BlockKind::Heading(CAPITALS_HEADING_LEVEL);
    }
    let titles: Vec<usize> = (0..blocks.len())
        .filter(|index| is_bold_item(blocks, *index) && !drawn(*index))
        .collect();
    for index in titles {
        if let Some(block) = blocks.get_mut(index) {
            block.kind = BlockKind::Heading(CAPITALS_HEADING_LEVEL);
        }
    }
    // Only now, as the headings just made end a run of bold lines.
    let numbered = blocks.iter().enumerate();
    let candidates: Vec<bool> = numbered
        .map(|(index, block)| is_bold_line(block) && !drawn(index))
        .collect();
    let mut index = 0;
    while let Some(rest) = candidates.get(index..).filter(|rest| !rest.is_empty()) {
        let length = rest.iter().take_while(|&&bold| bold).count();
        // A heading without text below it is the end of a letter, or a stamp.
        let has_text_below = rest.len() > length;
        if (1..=MAX_BOLD_HEADINGS_IN_ROW).contains(&length) && has_text_below {
            for block in blocks.iter_mut().skip(index).take(length) {
                block.kind = BlockKind::Heading(BOLD_HEADING_LEVEL);
            }
        }
        index += length + 1;
    }
}

/// Returns true for a numbered item in bold that stands alone over text: a numbered title.
fn is_bold_item(blocks: &[Block], index: usize) -> bool {
    let (Some(block), Some(below)) = (blocks.get(index), blocks.get(index + 1)) else {
        return false;
    };
    let (BlockKind::ListItem(item), [line], BlockKind::Paragraph) =
        (&block.kind, block.lines.as_slice(), &below.kind)
    else {
        return false;
    };
    let above = index.checked_sub(1).and_then(|index| blocks.get(index));
    let in_list = above.is_some_and(|above| matches!(above.kind, BlockKind::ListItem(_)));
    let bold = |run: &&Run| run.bold || !run.text.contains(char::is_alphabetic);
    let is_bold = line.runs.iter().all(|run| bold(&run)) && line.runs.iter().any(|run| run.bold);
    let is_number = item.mark.starts_with(|c: char| c.is_ascii_digit());
    let text = line.text.get(item.skip..).unwrap_or_default().trim();
    let is_text = below.lines.len() > 1 && !below.is_bold();
    !in_list && is_number && is_bold && is_text && reads_as_heading(text)
}

/// Joins headings that are the lines of one: close to each other, of one look, the first as wide as the second.
fn join(blocks: &mut Vec<Block>) {
    let mut joined: Vec<Block> = Vec::with_capacity(blocks.len());
    for mut block in blocks.drain(..) {
        match joined.last_mut() {
            Some(last) if is_next_line(last, &block) => last.lines.append(&mut block.lines),
            _ => joined.push(block),
        }
    }
    *blocks = joined;
}

fn is_next_line(above: &Block, block: &Block) -> bool {
    let (BlockKind::Heading(_), BlockKind::Heading(_)) = (&above.kind, &block.kind) else {
        return false;
    };
    let (Some(last), [line]) = (above.lines.last(), block.lines.as_slice()) else {
        return false;
    };
    let down = last.baseline - line.baseline;
    let alike = (last.size - line.size).abs() < 0.5
        && last.is_bold() == line.is_bold()
        && last.is_uppercase() == line.is_uppercase();
    let close = down > 0.5 * line.size && down < MAX_LINE_PITCH_EM * line.size;
    let wide = last.right - last.left >= 0.75 * (line.right - line.left);
    let overlaps = line.left < last.right && last.left < line.right;
    let begins = numbering::of_title(line.text.trim()).is_some();
    above.lines.len() < MAX_HEADING_LINES
        && alike
        && close
        && wide
        && overlaps
        && !begins
        && !last.ends_sentence()
}

fn is_bold_capitals(block: &Block) -> bool {
    let ([line], BlockKind::Paragraph) = (block.lines.as_slice(), &block.kind) else {
        return false;
    };
    let visible = line
        .text
        .chars()
        .filter(|c| !c.is_whitespace() && !c.is_ascii_punctuation());
    line.is_bold() && line.is_uppercase() && CAPITALS_HEADING_CHARS.contains(&visible.count())
}

fn is_bold_line(block: &Block) -> bool {
    matches!(block.kind, BlockKind::Paragraph)
        && block.is_bold()
        && !block.lines.iter().any(Line::is_row)
        && reads_as_heading(block.text().trim())
}
