use super::block::{Block, Kind};
use super::cue::begins_caption;
use super::line::Line;

/// Headings are short.
const WORDS: usize = 14;
/// Bold lines that follow each other in greater number are a form or a title page, not headings.
const RUN: usize = 2;
/// The library finds headings by size; those by weight alone stand below them.
const LEVEL: u8 = 3;
/// So many letters at most, all of them capitals, stand alone as a heading.
const CAPITALS: usize = 100;

/// Makes headings of single lines in bold capitals and of short paragraphs that are wholly bold and stand over
/// text that is not.
pub(super) fn promote_bold(blocks: &mut [Block]) {
    for block in blocks.iter_mut().filter(|block| is_bold_capitals(block)) {
        block.kind = Kind::Heading(2);
    }
    let candidates: Vec<bool> = blocks.iter().map(is_bold_line).collect();
    let mut index = 0;
    while let Some(rest) = candidates.get(index..).filter(|rest| !rest.is_empty()) {
        let length = rest.iter().take_while(|&&bold| bold).count();
        let has_text_below = rest.len() > length;
        if (1..=RUN).contains(&length) && has_text_below {
            for block in blocks.iter_mut().skip(index).take(length) {
                block.kind = Kind::Heading(LEVEL);
            }
        }
        index += length + 1;
    }
}

fn is_bold_capitals(block: &Block) -> bool {
    let ([line], Kind::Paragraph) = (block.lines.as_slice(), &block.kind) else {
        return false;
    };
    let visible = line
        .text
        .chars()
        .filter(|c| !c.is_whitespace() && !c.is_ascii_punctuation());
    line.is_bold() && line.source.is_uppercase() && (3..=CAPITALS).contains(&visible.count())
}

fn is_bold_line(block: &Block) -> bool {
    matches!(block.kind, Kind::Paragraph)
        && block.is_bold()
        && !block.lines.iter().any(Line::is_row)
        && reads_as_heading(block.text().trim())
}

/// Whether the words could be a heading: no code, no caption, no line torn out of a sentence or a table.
fn reads_as_heading(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let caption = begins_caption(text)
        || ["Table", "Figure", "Fig."].iter().any(|name| {
            text.strip_prefix(name)
                .is_some_and(|rest| rest.trim_start().starts_with(|c: char| c.is_ascii_digit()))
        });
    letters >= 3
        && letters * 2 > text.chars().filter(|c| !c.is_whitespace()).count()
        && text.split_whitespace().count() <= WORDS
        && !text.starts_with(char::is_lowercase)
        && !text.contains(['{', '}', '=', '_', '"'])
        && !text.ends_with(['.', ',', ';', '-', '('])
        && !caption
}
