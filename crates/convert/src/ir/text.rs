use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::{Block, BlockKind, Inline};

/// Text of a block without any markup; the texts of its parts are lines of their own.
#[must_use]
pub fn plain_text(block: &Block) -> String {
    let mut out = String::new();
    append(block, &mut out);
    out
}

/// Text of blocks, each on lines of its own.
pub(super) fn blocks_text(blocks: &[Block]) -> String {
    let mut out = String::new();
    for block in blocks {
        append(block, &mut out);
    }
    out
}

/// Hash of a block: 12 hexadecimal digits of its type and its text, whatever its white space and however its accents
/// are written. The same text of another conversion has the same one.
#[must_use]
pub fn block_hash(block: &Block) -> String {
    text_hash(block.kind.name(), &plain_text(block))
}

/// Hash of a text of a kind: 12 hexadecimal digits, as [`block_hash`] has them.
pub(crate) fn text_hash(kind: &str, text: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(kind);
    for word in text.split_whitespace() {
        hash.update(" ");
        if is_nfc(word) {
            hash.update(word);
        } else {
            hash.update(word.nfc().collect::<String>());
        }
    }
    let mut hex = String::with_capacity(12);
    for byte in hash.finalize().iter().take(6) {
        // A string takes everything.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// Text of inlines; a line break is a newline.
#[must_use]
pub fn inlines_text(inlines: &[Inline]) -> String {
    inlines.iter().map(Inline::text).collect()
}

fn append(block: &Block, out: &mut String) {
    match &block.kind {
        BlockKind::Code { text, .. } => line(out, text),
        BlockKind::Formula(formula) => line(out, &formula.text),
        BlockKind::Field(field) => {
            line(out, field.label.as_deref().unwrap_or_default());
            line(out, &field.value);
        }
        BlockKind::Comment(note) | BlockKind::Stamp(note) => line(out, &note.text),
        BlockKind::Attachment { name, .. } => line(out, name),
        BlockKind::Toc(entries) => entries
            .iter()
            .for_each(|entry| line(out, &inlines_text(&entry.inlines))),
        BlockKind::DefinitionList(items) => {
            for item in items {
                line(out, &inlines_text(&item.term));
                item.blocks.iter().for_each(|block| append(block, out));
            }
        }
        BlockKind::Table(table) => table.cells.iter().for_each(|cell| line(out, &cell.text)),
        BlockKind::Group(group) => {
            line(out, group.title.as_deref().unwrap_or_default());
            group.blocks.iter().for_each(|block| append(block, out));
        }
        kind => {
            if let Some(inlines) = kind.inlines() {
                line(out, &inlines_text(inlines));
            }
            for blocks in block.parts() {
                blocks.iter().for_each(|block| append(block, out));
            }
        }
    }
}

fn line(out: &mut String, text: &str) {
    let text = text.trim();
    if text.is_empty() {
        return;
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out.push_str(text);
}
