use std::ops::RangeInclusive;

use super::block::{Block, BlockKind};
use super::line::Line;
use super::text_cues::starts_caption;

/// Words of a bold heading, at most.
const MAX_HEADING_WORDS: usize = 14;
/// Bold lines in a row, at most: more of them are a form or a title page, not headings.
const MAX_BOLD_HEADINGS_IN_ROW: usize = 2;
/// Level of headings by weight alone; the reader has found those by size, which stand above them.
const BOLD_HEADING_LEVEL: u8 = 3;
/// Level of single lines in bold capitals.
const CAPITALS_HEADING_LEVEL: u8 = 2;
/// Visible characters of a heading in bold capitals.
const CAPITALS_HEADING_CHARS: RangeInclusive<usize> = 3..=100;

/// Turns single lines in bold capitals, and short bold paragraphs over text that is not bold, into headings.
pub(crate) fn promote_bold(blocks: &mut [Block]) {
    for block in blocks.iter_mut().filter(|block| is_bold_capitals(block)) {
        block.kind = BlockKind::Heading(CAPITALS_HEADING_LEVEL);
    }
    // Only now, as the headings just made end a run of bold lines.
    let candidates: Vec<bool> = blocks.iter().map(is_bold_line).collect();
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

/// Returns true if the words can be a heading: no code, no caption, no line torn out of a sentence or a table.
fn reads_as_heading(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let caption = starts_caption(text)
        || ["Table", "Figure", "Fig."].iter().any(|name| {
            text.strip_prefix(name)
                .is_some_and(|rest| rest.trim_start().starts_with(|c: char| c.is_ascii_digit()))
        });
    letters >= 3
        && letters * 2 > text.chars().filter(|c| !c.is_whitespace()).count()
        && text.split_whitespace().count() <= MAX_HEADING_WORDS
        && !text.starts_with(char::is_lowercase)
        && !text.contains(['{', '}', '=', '_', '"'])
        && !text.ends_with(['.', ',', ';', '-', '('])
        && !caption
}
