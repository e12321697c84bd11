use std::collections::HashMap;

use anydoc::model::{Block, Document, Inline, List, ListItem, MarkerKind, Note};

use super::grid;
use super::inline::{self, Notes, Place};
use crate::markdown;

/// A document of the library as Markdown; its notes become footnotes.
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

/// Notes in the order of the document and their numbers; the first of several with one id counts.
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
    let parts: Vec<String> = blocks
        .iter()
        .map(|block| render_block(block, notes))
        .filter(|part| !part.is_empty())
        .collect();
    let mut out = String::new();
    let mut previous = "";
    for part in &parts {
        if !out.is_empty() {
            // Check boxes in a row are one list.
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

fn render_block(block: &Block, notes: &Notes<'_>) -> String {
    match block {
        Block::Heading { level, content, .. } => {
            let text = inline::render(content, Place::Heading, notes);
            if text.trim().is_empty() {
                String::new()
            } else {
                markdown::heading(*level, &text)
            }
        }
        Block::Paragraph(inlines) => paragraph(inlines, notes),
        Block::List(list) => render_list(list, notes),
        Block::Table(table) => match grid::only_cell(table) {
            Some(cell) => render_blocks(&cell.blocks, notes),
            None => grid::render(table, notes),
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

/// A paragraph; one that begins with a check box is an item of a task list.
fn paragraph(inlines: &[Inline], notes: &Notes<'_>) -> String {
    let text = inline::render(inlines, Place::Paragraph, notes);
    let text = text.trim().trim_end_matches("\\\n").trim_end();
    let text = text
        .strip_suffix('\\')
        .filter(|text| !text.ends_with('\\'))
        .unwrap_or(text)
        .trim_end();
    if let Some(task) = task(text) {
        return format!("- {task}");
    }
    let lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && *line != "\\");
    lines.map(markdown::guard_line).collect::<Vec<_>>().join("\n")
}

/// A check box with the text behind it as GFM has it, whichever sign it was.
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

/// A list whose items without text of their own have gone into the item above them: so some programs write
/// the second half of an item.
fn render_list(list: &List, notes: &Notes<'_>) -> String {
    let mut items: Vec<(String, Vec<&Block>)> = Vec::new();
    for (index, item) in list.items.iter().enumerate() {
        let blocks: Vec<&Block> = item.blocks.iter().filter(|block| !is_blank(block)).collect();
        let continues = matches!(blocks.first(), Some(Block::List(_)));
        match items.last_mut() {
            Some((_, above)) if continues => above.extend(blocks),
            _ => items.push((marker(list, item, index), blocks)),
        }
    }
    let lines = items.iter().filter_map(|(marker, blocks)| {
        if let [Block::List(only)] = blocks.as_slice() {
            return Some(render_list(only, notes));
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

/// An item's content stands below its text: behind the mark of the list, not behind a label within it.
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

/// The mark of an item. Markdown counts in decimals only: other labels stand as text behind a bullet.
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
