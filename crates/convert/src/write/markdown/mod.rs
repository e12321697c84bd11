//! Markdown writer: CommonMark with the tables, strikethrough, task lists and footnotes of GFM.
//!
//! ```text
//!   Page ──> blocks ──┬─> list, table, notes ──> out    lines with the prefixes of their containers, places of blocks
//!                     └─> pieces ──> inlines ──> escape  runs of one look, their delimiters, their text
//! ```
//!
//! `pieces` and `normalize` are what Markdown cannot say; `syntax` has the pieces of syntax that readers still write
//! themselves.

mod blocks;
mod escape;
mod inlines;
mod list;
pub(crate) mod normalize;
mod notes;
mod out;
mod pieces;
mod syntax;
mod table;
#[cfg(test)]
mod tests;
mod texts;

pub(crate) use notes::{Labels, labels};
pub use syntax::printable;
pub(crate) use syntax::{
    EXTENSIONS, code, code_span, escape, escape_line, guard_line, heading, indented, min_table_bytes, table,
};

use self::list::ListKind;
use self::out::Out;
use self::pieces::Context;
use crate::ir::{Block, Page};
use crate::options::WriteOptions;

/// Writes the Markdown of the page from its blocks, and the range of each block in it.
pub(crate) fn write_page(page: &mut Page, options: &WriteOptions) {
    let labels = labels(&page.blocks);
    page.markdown = write_part(&mut page.blocks, &labels, options);
}

/// Writes blocks that are a part of a page, whose footnotes have these labels, and their ranges in what is written.
pub(crate) fn write_part(blocks: &mut [Block], labels: &Labels, options: &WriteOptions) -> String {
    let mut writer = Writer {
        context: Context { options, labels },
        out: Out::default(),
        previous: None,
        lead: None,
    };
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
