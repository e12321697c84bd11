//! HTML of blocks.

mod blocks;
mod hostile;
mod tables;

use super::*;
use crate::Limits;
use crate::ir::{BlockId, BlockKind, Builder, Inline};

/// Blocks of Markdown on page 1.
fn read(markdown: &str) -> Vec<Block> {
    let limits = Limits::default();
    let mut builder = Builder::new(&limits);
    crate::readers::markdown_text::read_blocks(markdown, &mut builder).expect("within the limits");
    builder.finish_page().expect("within the limits").0
}

/// HTML of Markdown, each block with its id.
fn html(markdown: &str) -> String {
    html_blocks(&read(markdown), &WriteOptions::default())
}

fn of_kind(kind: BlockKind) -> String {
    of_kind_with(kind, &WriteOptions::default())
}

fn of_kind_with(kind: BlockKind, options: &WriteOptions) -> String {
    html_blocks(&[Block::new(BlockId { page: 3, place: 7 }, kind)], options)
}

fn text(text: &str) -> Vec<Inline> {
    vec![Inline::plain(text)]
}
