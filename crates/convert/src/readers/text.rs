use super::Reading;
use super::decode::decode;
use crate::write::markdown;

pub(super) fn read(bytes: &[u8]) -> Reading {
    to_markdown(&decode(bytes, None)).into()
}

/// Converts plain text to Markdown that looks the same: paragraphs keep their lines, and text aligned by spaces becomes
/// a code block. Lists and quotes (`- `, `1. `, `> `) mean the same in both and stay.
pub(super) fn to_markdown(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .map(|line| line.trim_end_matches([' ', '\t', '\u{c}']))
        .collect();
    let mut blocks: Vec<(bool, String)> = Vec::new();
    for paragraph in lines
        .split(|line| line.trim().is_empty())
        .filter(|lines| !lines.is_empty())
    {
        let aligned = is_aligned(paragraph);
        match blocks.last_mut() {
            // Aligned paragraphs in a row are one picture; the blank line between them is part of it.
            Some((true, block)) if aligned => {
                block.push_str("\n\n");
                block.push_str(&paragraph.join("\n"));
            }
            _ if aligned => blocks.push((true, paragraph.join("\n"))),
            _ => blocks.push((false, prose(paragraph))),
        }
    }
    let blocks = blocks.iter().map(|(aligned, text)| {
        if *aligned {
            markdown::code("", text)
        } else {
            text.clone()
        }
    });
    blocks.collect::<Vec<_>>().join("\n\n")
}

/// Returns true if at least two lines, and half of them, have gaps inside or are indented.
fn is_aligned(lines: &[&str]) -> bool {
    let stepped = |line: &&&str| {
        let content = line.trim_start();
        let indent = line.len() - content.len();
        line.starts_with('\t') || indent >= 4 || content.contains("   ") || content.contains('\t')
    };
    let all = lines.iter().filter(stepped).count();
    all >= 2 && all * 2 >= lines.len()
}

fn prose(lines: &[&str]) -> String {
    let lines = lines.iter().map(|line| {
        let content = line.trim();
        match marker(content) {
            // Two spaces keep a nested item nested.
            Some(marker) => {
                let indent = " ".repeat((line.len() - line.trim_start().len()).min(6));
                format!("{indent}{marker}{}", markdown::escape(&content[marker.len()..]))
            }
            None => markdown::escape_line(content),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Marker of a list item or quote, with the space behind it.
fn marker(line: &str) -> Option<&str> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let length = if (1..=9).contains(&digits) && line[digits..].starts_with(['.', ')']) {
        digits + 1
    } else if line.starts_with(['-', '*', '+']) {
        1
    } else {
        return line
            .starts_with('>')
            .then(|| &line[..line.len() - line.trim_start_matches(['>', ' ']).len()]);
    };
    line[length..].starts_with(' ').then(|| &line[..=length])
}
