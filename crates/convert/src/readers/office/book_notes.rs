//! Notes of books, which the library takes for text like any other: they are marked before it reads the book, and are
//! made notes of in what it returns.
//!
//! ```text
//!   <aside epub:type="footnote" id="n">…</aside>  ──>  <div><p id="n">«N»</p>…<p>«E»</p></div>  ──>  note
//!   <a epub:type="noteref" href="#n">1</a>        ──>  <a href="#n">«R»1</a>                    ──>  reference to it
//! ```
//!
//! A mark without a note stays as raised text. A note stands in the chapter that refers to it first, or in its own one.

use std::collections::HashMap;

use anydoc::model::{Block, CellSlot, Document, Inline, LinkTarget, Note, NoteKind, inlines_to_plain_text};

use super::signs::{self, ABOVE, END};
use super::slides;

/// Sign of a note's beginning, of its end, and of a reference: noncharacters, which no text has.
const NOTE: char = '\u{fdd7}';
const NOTE_END: char = '\u{fdd8}';
pub(super) const REFERENCE: char = '\u{fdd9}';
const SIGNS: [char; 3] = [NOTE, NOTE_END, REFERENCE];

/// Sign between the parts of an id, which no name of a part has.
const SEPARATOR: char = '\0';

/// Note that is open while a page is written anew: the name of its element, and those of the name within it.
#[derive(Debug, Default)]
pub(super) struct OpenNote(Option<(String, usize)>);

impl OpenNote {
    /// Text in the place of a tag that begins or ends a note.
    pub(super) fn tag(&mut self, name: &str, tag: &str) -> Option<String> {
        let Some((open, depth)) = &mut self.0 else {
            return self.begin(name, tag);
        };
        if name == open {
            *depth += 1;
        } else if name.strip_prefix('/') == Some(open.as_str()) {
            *depth -= 1;
            if *depth == 0 {
                let end = match open.as_str() {
                    "p" => format!("</p><p>{NOTE_END}</p>"),
                    "li" => "</li>".to_owned(),
                    _ => format!("<p>{NOTE_END}</p></div>"),
                };
                self.0 = None;
                return Some(end);
            }
        }
        None
    }

    fn begin(&mut self, name: &str, tag: &str) -> Option<String> {
        let kinds = value(tag, "epub:type").unwrap_or_default();
        let role = value(tag, "role").unwrap_or_default();
        let is_note = kinds
            .split_ascii_whitespace()
            .any(|kind| matches!(kind, "footnote" | "endnote" | "rearnote"))
            || matches!(role, "doc-footnote" | "doc-endnote");
        if !is_note || !matches!(name, "aside" | "div" | "section" | "li" | "p") {
            return None;
        }
        let id = value(tag, "id").filter(|id| !id.is_empty())?;
        self.0 = Some((name.to_owned(), 1));
        let mark = format!("<p id=\"{}\">{NOTE}</p>", id.replace('"', "&quot;"));
        Some(match name {
            "p" => format!("{mark}<p>"),
            "li" => format!("<li>{mark}"),
            _ => format!("<div>{mark}"),
        })
    }
}

/// Returns true for the tag of a link that is the mark of a note.
pub(super) fn is_reference(tag: &str) -> bool {
    let kinds = value(tag, "epub:type").unwrap_or_default();
    kinds.split_ascii_whitespace().any(|kind| kind == "noteref") || value(tag, "role") == Some("doc-noteref")
}

fn value<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    tag.match_indices(name).find_map(|(at, _)| {
        let before = tag.get(..at)?;
        let value = tag
            .get(at + name.len()..)?
            .trim_start()
            .strip_prefix('=')?
            .trim_start();
        let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let value = value.get(1..)?.split(quote).next()?;
        before.ends_with(char::is_whitespace).then_some(value)
    })
}

/// Takes the notes out of the blocks of a book, and makes references of their marks.
pub(super) fn take(document: &mut Document) {
    let mut notes = Vec::new();
    document.blocks = without_notes(std::mem::take(&mut document.blocks), &mut notes);
    let mut known: Known = notes.iter().map(|note| (note.id.clone(), None)).collect();
    let mut chapter = String::new();
    for block in &mut document.blocks {
        if let Some(name) = slides::chapter(block) {
            name.clone_into(&mut chapter);
        }
        refer(std::slice::from_mut(block), &chapter, &mut known);
    }
    for note in &mut notes {
        let own = note.id.split('#').next().unwrap_or_default().to_owned();
        refer(&mut note.blocks, &own, &mut known);
    }
    for note in &mut notes {
        let own = note.id.split('#').next().unwrap_or_default();
        let placed = known.remove(&note.id).flatten();
        note.id = placed.unwrap_or_else(|| id_within(own, &note.id));
    }
    document.notes.extend(notes);
}

/// Ids of the notes, and those with their chapters as soon as these are known.
type Known = HashMap<String, Option<String>>;

/// Id of a note that says the part of the book in which it is to stand.
fn id_within(chapter: &str, id: &str) -> String {
    format!("{chapter}{SEPARATOR}{id}")
}

/// Part of the book in which a note is to stand.
pub(super) fn chapter(note: &Note) -> &str {
    note.id.split(SEPARATOR).next().unwrap_or_default()
}

fn without_notes(blocks: Vec<Block>, notes: &mut Vec<Note>) -> Vec<Block> {
    let mut kept = Vec::new();
    let mut blocks = blocks.into_iter();
    while let Some(block) = blocks.next() {
        let Some(id) = note_at(&block) else {
            kept.extend(inside(block, notes));
            continue;
        };
        let content = blocks.by_ref().take_while(|block| !is_end(block)).collect();
        let content = without_notes(content, notes);
        notes.push(Note {
            id,
            kind: NoteKind::Footnote,
            blocks: content,
        });
    }
    kept
}

/// The block without the notes in it; `None` if it was nothing else.
fn inside(block: Block, notes: &mut Vec<Note>) -> Option<Block> {
    match block {
        Block::BlockQuote(blocks) => Some(Block::BlockQuote(without_notes(blocks, notes))),
        Block::List(mut list) => {
            let before = list.items.len();
            for item in &mut list.items {
                item.blocks = without_notes(std::mem::take(&mut item.blocks), notes);
            }
            list.items.retain(|item| !item.blocks.is_empty());
            let is_notes = list.items.is_empty() && before > 0;
            (!is_notes).then_some(Block::List(list))
        }
        Block::Table(mut table) => {
            for slot in table.grid.iter_mut().flatten() {
                if let CellSlot::Origin(cell) = slot {
                    cell.blocks = without_notes(std::mem::take(&mut cell.blocks), notes);
                }
            }
            Some(Block::Table(table))
        }
        other => Some(other),
    }
}

/// Id of the note that begins with this block.
fn note_at(block: &Block) -> Option<String> {
    let Block::Paragraph(content) = block else {
        return None;
    };
    let begins = inlines_to_plain_text(content).trim() == NOTE.to_string();
    content.iter().rev().find_map(|inline| match inline {
        Inline::Anchor(id) if begins => Some(id.clone()),
        _ => None,
    })
}

fn is_end(block: &Block) -> bool {
    matches!(block, Block::Paragraph(content) if inlines_to_plain_text(content).trim() == NOTE_END.to_string())
}

/// Makes references of the marks of notes.
fn refer(blocks: &mut [Block], chapter: &str, known: &mut Known) {
    for block in blocks {
        match block {
            Block::Heading { content, .. } | Block::Paragraph(content) => refer_in(content, chapter, known),
            Block::BlockQuote(blocks) => refer(blocks, chapter, known),
            Block::List(list) => list
                .items
                .iter_mut()
                .for_each(|item| refer(&mut item.blocks, chapter, known)),
            Block::Table(table) => {
                for slot in table.grid.iter_mut().flatten() {
                    if let CellSlot::Origin(cell) = slot {
                        refer(&mut cell.blocks, chapter, known);
                    }
                }
            }
            Block::CodeBlock { text, .. } => text.retain(|c| !SIGNS.contains(&c)),
            Block::Rule | Block::Math(_) => {}
        }
    }
}

fn refer_in(content: &mut Vec<Inline>, chapter: &str, known: &mut Known) {
    for inline in content {
        match inline {
            Inline::Link { content, target } => {
                let text = inlines_to_plain_text(content);
                match target {
                    LinkTarget::Anchor(id) if text.contains(REFERENCE) && known.contains_key(id) => {
                        let placed = known.entry(id.clone()).or_default();
                        let placed = placed.get_or_insert_with(|| id_within(chapter, id));
                        *inline = Inline::NoteRef(placed.clone());
                    }
                    _ if text.contains(REFERENCE) => {
                        let label = signs::plain(&text).replace(SIGNS, "");
                        *inline = Inline::plain(format!("{ABOVE}{label}{END}"));
                    }
                    _ => refer_in(content, chapter, known),
                }
            }
            Inline::Text { text, .. } if text.contains(SIGNS) => text.retain(|c| !SIGNS.contains(&c)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{OpenNote, is_reference};

    #[test]
    fn tags_of_notes_are_marked() {
        let mut note = OpenNote::default();
        assert_eq!(note.tag("aside", "aside class='a'"), None);
        let begin = note
            .tag("aside", "aside epub:type=\"footnote\" id=\"n1\"")
            .unwrap();
        assert_eq!(begin, "<div><p id=\"n1\">\u{fdd7}</p>");
        assert_eq!(
            (note.tag("aside", "aside"), note.tag("/aside", "/aside")),
            (None, None)
        );
        assert_eq!(note.tag("/aside", "/aside").unwrap(), "<p>\u{fdd8}</p></div>");
        assert_eq!(note.tag("/aside", "/aside"), None);
        assert!(is_reference("a href='#n' role='doc-noteref'") && !is_reference("a href='#noteref'"));
    }
}
