use std::collections::HashMap;

use anydoc::model::{Block, Document, Inline, List, ListItem, MarkerKind, Note};

use super::grid;
use super::inline::{self, InlineContext, Notes};
use crate::write::markdown;

/// Writes a document of the library as Markdown; its notes become footnotes.
pub(super) fn render(document: &Document) -> String {
    let (order, numbers) = numbered(document);
    let mut parts = vec![render_blocks(&document.blocks, &numbers)];
    for (index, note) in order.into_iter().enumerate() {
        let text = render_blocks(&note.blocks, &numbers);
        if !text.is_empty() {
            parts.push(format!("[^{}]: {}", index + 1, markdown::indented(&text, 4)));
        }
    }
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n")
}

/// Numbers the notes in document order; of several with one id the first counts.
fn numbered(document: &Document) -> (Vec<&Note>, Notes<'_>) {
    let mut order = Vec::new();
    let mut numbers = HashMap::new();
    for note in &document.notes {
        if !numbers.contains_key(note.id.as_str()) {
            order.push(note);
            numbers.insert(note.id.as_str(), order.len());
        }
    }
    (order, numbers)
}

pub(super) fn render_blocks(blocks: &[Block], notes: &Notes<'_>) -> String {
    let mut parts = Vec::new();
    let mut rest = blocks;
    while let Some(block) = rest.first() {
        let mut length = 1;
        let part = if let Block::List(list) = block {
            let mut lists = vec![list];
            lists.extend(rest.iter().skip(1).map_while(continuation));
            length = lists.len();
            render_lists(&lists, notes)
        } else {
            render_block(block, notes)
        };
        if !part.is_empty() {
            parts.push(part);
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    joined(&parts)
}

/// Returns the list if it continues the one before it: it begins below the level of its own items.
fn continuation(block: &Block) -> Option<&List> {
    match block {
        Block::List(list) if list.items.first().is_some_and(is_continued) => Some(list),
        _ => None,
    }
}

fn is_continued(item: &ListItem) -> bool {
    matches!(
        item.blocks.iter().find(|block| !is_blank(block)),
        Some(Block::List(_))
    )
}

/// Joins blocks with blank lines between them; consecutive check boxes are one list.
fn joined(parts: &[String]) -> String {
    let mut out = String::new();
    let mut previous = "";
    for part in parts {
        if !out.is_empty() {
            out.push_str(if is_task(previous) && is_task(part) {
                "\n"
            } else {
                "\n\n"
            });
        }
        out.push_str(part);
        previous = part;
    }
    out
}

fn is_task(markdown: &str) -> bool {
    (markdown.starts_with("- [ ] ") || markdown.starts_with("- [x] ")) && !markdown.contains('\n')
}

/// Writes one block.
pub(super) fn render_block(block: &Block, notes: &Notes<'_>) -> String {
    match block {
        Block::Heading { level, content, .. } => {
            let text = inline::render(content, InlineContext::Heading, notes);
            if text.trim().is_empty() {
                String::new()
            } else {
                markdown::heading(*level, &text)
            }
        }
        Block::Paragraph(inlines) => paragraph(inlines, notes),
        Block::List(list) => render_lists(&[list], notes),
        Block::Table(table) => match grid::only_cell(table) {
            Some(cell) => render_blocks(&cell.blocks, notes),
            None => grid::render(table, notes, render_block),
        },
        Block::BlockQuote(blocks) => quoted(&render_blocks(blocks, notes)),
        Block::CodeBlock { lang, text } => markdown::code(lang.as_deref().unwrap_or(""), text),
        Block::Rule => "---".to_owned(),
        Block::Math(tex) if tex.trim().is_empty() => String::new(),
        Block::Math(tex) => format!("$$\n{}\n$$", tex.trim()),
    }
}

fn quoted(markdown: &str) -> String {
    let lines = markdown
        .lines()
        .map(|line| format!("> {line}").trim_end().to_owned());
    lines.collect::<Vec<_>>().join("\n")
}

/// Writes a paragraph; one that begins with a check box is an item of a task list.
fn paragraph(inlines: &[Inline], notes: &Notes<'_>) -> String {
    let text = inline::render(inlines, InlineContext::Paragraph, notes);
    let text = without_last_breaks(text.trim());
    if let Some(task) = task(text) {
        return format!("- {task}");
    }
    let lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && *line != "\\");
    lines.map(markdown::guard_line).collect::<Vec<_>>().join("\n")
}

/// Removes line breaks at the end of a paragraph. A backslash of the text itself is escaped, so it comes in pairs.
fn without_last_breaks(mut text: &str) -> &str {
    while text.bytes().rev().take_while(|&byte| byte == b'\\').count() % 2 == 1 {
        text = text[..text.len() - 1].trim_end();
    }
    text
}

/// Converts a leading check box, in any of its forms, to the one of GFM.
fn task(text: &str) -> Option<String> {
    let (mark, rest) = if let Some(rest) = text.strip_prefix(['☐', '❏', '❑']).or(text.strip_prefix("[ ]"))
    {
        ("[ ]", rest)
    } else if let Some(rest) = text.strip_prefix(['☒', '☑']).or(text.strip_prefix("[x]")) {
        ("[x]", rest)
    } else {
        return None;
    };
    (rest.starts_with(char::is_whitespace) && !rest.trim().is_empty())
        .then(|| format!("{mark} {}", rest.trim_start()))
}

/// Writes a list and the lists that continue it. Items without text of their own go into the item above: some programs
/// write the second half of an item that way.
fn render_lists(lists: &[&List], notes: &Notes<'_>) -> String {
    let Some(first) = lists.first() else {
        return String::new();
    };
    let mut items: Vec<(String, Vec<&Block>)> = Vec::new();
    for item in lists.iter().flat_map(|list| &list.items) {
        let blocks = item.blocks.iter().filter(|block| !is_blank(block));
        let index = items.len();
        match items.last_mut() {
            Some((_, above)) if is_continued(item) => above.extend(blocks),
            _ => items.push((marker(first, item, index), blocks.collect())),
        }
    }
    let lines = items.iter().filter_map(|(marker, blocks)| {
        if let [Block::List(only)] = blocks.as_slice() {
            return Some(render_lists(&[only], notes));
        }
        let text = item_text(blocks, notes);
        let text = task(&text).unwrap_or(text);
        (!text.is_empty()).then(|| format!("{marker}{}", markdown::indented(&text, indent(marker))))
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn is_blank(block: &Block) -> bool {
    matches!(block, Block::Paragraph(inlines) if anydoc::model::inlines_are_empty(inlines))
}

/// Indent of an item's content: the width of the list marker, without a label behind it.
fn indent(marker: &str) -> usize {
    if marker.starts_with('-') { 2 } else { marker.len() }
}

fn item_text(blocks: &[&Block], notes: &Notes<'_>) -> String {
    let mut out = String::new();
    for block in blocks {
        let text = render_block(block, notes);
        if text.is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push_str(if matches!(block, Block::List(_)) {
                "\n"
            } else {
                "\n\n"
            });
        }
        out.push_str(&text);
    }
    out
}

/// Marker of an item. Markdown has decimal numbers only, so other labels become text behind a bullet.
fn marker(list: &List, item: &ListItem, index: usize) -> String {
    let label = match (&item.marker_label, list.marker) {
        (Some(label), _) => label.trim().to_owned(),
        (None, MarkerKind::Bullet) => return "- ".to_owned(),
        (None, kind) => format!("{}.", kind.ordinal(list.start.saturating_add(index as u64))),
    };
    let number = label.trim_end_matches(['.', ')']);
    if (1..=9).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit()) {
        format!("{number}. ")
    } else if label.chars().any(char::is_alphanumeric) {
        format!("- {} ", markdown::escape(&label))
    } else {
        "- ".to_owned()
    }
}
