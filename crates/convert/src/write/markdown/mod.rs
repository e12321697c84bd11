//! Markdown writer: CommonMark with the tables, strikethrough, task lists and footnotes of GFM.
//!
//! ```text
//!   Page ──> blocks ──┬─> list, table, notes ──> out    lines with the prefixes of their containers, places of blocks
//!                     └─> pieces ──> inlines ──> escape  runs of one look, their delimiters, their text
//! ```
//!
//! `pieces` and `normalize` are what Markdown cannot say; `syntax` has escapes and fences.

mod blocks;
mod escape;
mod inlines;
mod list;
pub(crate) mod normalize;
mod notes;
mod out;
mod pieces;
mod sides;
mod syntax;
mod table;
#[cfg(test)]
mod tests;
mod texts;

pub(crate) use notes::{Labels, labels};
#[cfg(test)]
pub(crate) use syntax::code;
pub use syntax::printable;
pub(crate) use syntax::{EXTENSIONS, code_span, escape, escape_line, guard_line};

use self::list::ListKind;
use self::out::Out;
use self::pieces::Context;
use crate::ir::{Block, Page};
use crate::options::WriteOptions;
use crate::write::page_break::{HIDDEN, is_left_out, is_marked};

/// Writes the Markdown of the page from its blocks, and the range of each block in it.
pub(crate) fn write_page(page: &mut Page, options: &WriteOptions) {
    if is_left_out(page, options) {
        page.markdown.clear();
        return;
    }
    let labels = labels(&page.blocks);
    let mut writer = Writer::new(&labels, options);
    if is_marked(page, options) && !page.blocks.is_empty() {
        writer.out.push(HIDDEN);
    }
    writer.blocks(&mut page.blocks);
    page.markdown = writer.out.finish();
}

/// Writes blocks that are a part of a page, whose footnotes have these labels, and their ranges in what is written.
pub(crate) fn write_part(blocks: &mut [Block], labels: &Labels, options: &WriteOptions) -> String {
    let mut writer = Writer::new(labels, options);
    writer.blocks(blocks);
    writer.out.finish()
}

/// Writer of a page.
struct Writer<'a> {
    context: Context<'a>,
    out: Out,
    /// The list that ends right above, in the same container.
    previous: Option<ListKind>,
    /// Text before that of the next paragraph.
    lead: Option<String>,
}

impl<'a> Writer<'a> {
    fn new(labels: &'a Labels, options: &'a WriteOptions) -> Self {
        Self {
            context: Context { options, labels },
            out: Out::default(),
            previous: None,
            lead: None,
        }
    }
}
