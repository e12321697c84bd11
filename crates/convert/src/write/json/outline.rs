use super::object::object;
use crate::ir::{Block, BlockId, BlockKind, Page, inlines_text};

/// Parts of a document that are listed behind its pages, since they are known only then.
#[derive(Default)]
pub(super) struct Lists {
    pub(super) outline: Vec<Entry>,
    pub(super) notes: Vec<Note>,
}

/// Heading in the outline.
pub(super) struct Entry {
    level: u8,
    number: Option<String>,
    text: String,
    block: BlockId,
    page: u32,
    /// Printed number of the page.
    label: Option<String>,
}

/// Footnote.
pub(super) struct Note {
    block: BlockId,
    page: u32,
    label: String,
}

impl Lists {
    /// Notes the headings and footnotes of a page.
    pub(super) fn page(&mut self, page: &Page) {
        self.blocks(&page.blocks, page);
    }

    fn blocks(&mut self, blocks: &[Block], page: &Page) {
        for block in blocks {
            match &block.kind {
                BlockKind::Heading {
                    level,
                    number,
                    inlines,
                } => self.outline.push(Entry {
                    level: (*level).clamp(1, 6),
                    number: number.clone(),
                    text: inlines_text(inlines),
                    block: block.id,
                    page: page.number,
                    label: page.label.clone(),
                }),
                BlockKind::Footnote(note) => self.notes.push(Note {
                    block: block.id,
                    page: page.number,
                    label: note.label.clone(),
                }),
                // The text inside a picture is no text of the document, and what looks like a heading in a cell
                // begins no section.
                BlockKind::Figure(_) | BlockKind::Table(_) => {}
                _ => block
                    .parts()
                    .into_iter()
                    .for_each(|blocks| self.blocks(blocks, page)),
            }
        }
    }
}

pub(super) fn entry(entry: &Entry, out: &mut String) {
    object(out, |json| {
        json.integer("level", entry.level);
        json.text_if("number", entry.number.as_deref());
        json.text("text", &entry.text);
        json.id("block", entry.block);
        json.integer("page", entry.page);
        json.text_if("label", entry.label.as_deref());
    });
}

pub(super) fn note(note: &Note, out: &mut String) {
    object(out, |json| {
        json.text("label", &note.label);
        json.id("block", note.block);
        json.integer("page", note.page);
    });
}
