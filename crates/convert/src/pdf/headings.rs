use unpdf::{Block, InlineContent, Page, Paragraph};

/// Headings are short.
const WORDS: usize = 14;
/// Bold lines that follow each other in greater number are a form or a title page, not headings.
const RUN: usize = 2;
/// The library finds headings by size; those by weight alone stand below them.
const LEVEL: u8 = 3;

/// Makes headings of short paragraphs that are wholly bold and stand over text that is not.
pub(super) fn promote_bold(page: &mut Page) {
    let candidates: Vec<bool> = page.elements.iter().map(is_bold_line).collect();
    let mut index = 0;
    while let Some(rest) = candidates.get(index..).filter(|rest| !rest.is_empty()) {
        let length = rest.iter().take_while(|&&bold| bold).count();
        let has_text_below = rest.len() > length;
        if (1..=RUN).contains(&length) && has_text_below {
            page.elements
                .iter_mut()
                .skip(index)
                .take(length)
                .for_each(promote);
        }
        index += length + 1;
    }
}

fn is_bold_line(block: &Block) -> bool {
    let Block::Paragraph(paragraph) = block else {
        return false;
    };
    if paragraph.is_heading() || paragraph.is_list_item() || !wholly_bold(paragraph) {
        return false;
    }
    reads_as_heading(paragraph.plain_text().trim())
}

/// Whether the words could be a heading: no code, no caption, no line torn out of a sentence or a table.
fn reads_as_heading(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let caption = ["Table", "Figure", "Fig."].iter().any(|name| {
        text.strip_prefix(name)
            .is_some_and(|rest| rest.trim_start().starts_with(|c: char| c.is_ascii_digit()))
    });
    letters >= 3
        && letters * 2 > text.chars().filter(|c| !c.is_whitespace()).count()
        && text.split_whitespace().count() <= WORDS
        && !text.starts_with(char::is_lowercase)
        && !text.contains(['{', '}', '=', '_', '"'])
        && !text.ends_with(['.', ',', ';', '-'])
        && !caption
}

fn wholly_bold(paragraph: &Paragraph) -> bool {
    paragraph.content.iter().all(|part| match part {
        InlineContent::Text(run) => run.style.bold || run.text.trim().is_empty(),
        InlineContent::Link { style, .. } => style.bold,
        InlineContent::LineBreak => true,
        InlineContent::Image { .. } => false,
    })
}

fn promote(block: &mut Block) {
    let Block::Paragraph(paragraph) = block else {
        return;
    };
    paragraph.style.heading_level = Some(LEVEL);
    for part in &mut paragraph.content {
        if let InlineContent::Text(run) = part {
            run.style.bold = false;
        }
    }
}
