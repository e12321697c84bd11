use anydoc::model::{Block, CellSlot, Inline, LinkTarget};

use crate::readers::office::signs;

/// Counts the units of text in these blocks.
pub(in super::super) fn units(blocks: &[Block]) -> u64 {
    blocks.iter().map(block).sum()
}

fn block(block: &Block) -> u64 {
    match block {
        Block::Heading { content, .. } | Block::Paragraph(content) => inlines(content),
        Block::List(list) => list.items.iter().map(|item| units(&item.blocks)).sum(),
        Block::Table(table) => table
            .grid
            .iter()
            .flatten()
            .map(|slot| match slot {
                CellSlot::Origin(cell) => units(&cell.blocks),
                CellSlot::Covered { .. } => 0,
            })
            .sum(),
        Block::BlockQuote(blocks) => units(blocks),
        Block::CodeBlock { text, .. } | Block::Math(text) => text_unit(text),
        Block::Rule => 0,
    }
}

pub(super) fn inlines(content: &[Inline]) -> u64 {
    content.iter().map(inline).sum()
}

fn inline(inline: &Inline) -> u64 {
    match inline {
        Inline::Text { text, .. } | Inline::Math(text) | Inline::Image { alt: text, .. } => text_unit(text),
        Inline::Link { content, target } => match inlines(content) {
            0 => u64::from(is_address(target)),
            units => units,
        },
        Inline::Checkbox(_) => 1,
        Inline::Anchor(_) | Inline::NoteRef(_) | Inline::LineBreak => 0,
    }
}

fn text_unit(text: &str) -> u64 {
    u64::from(!signs::is_blank(text))
}

/// Returns true for a target that can stand in the place of the text that its link lacks.
pub(super) fn is_address(target: &LinkTarget) -> bool {
    match target {
        LinkTarget::External(address) | LinkTarget::Relative(address) => !address.trim().is_empty(),
        LinkTarget::Anchor(_) => false,
    }
}
