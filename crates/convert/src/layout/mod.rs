//! Page layout: positioned lines of text become blocks (paragraphs, headings, list items, code, tables). Knows no file
//! format and writes no markup; PDF pages come in from `pdf/`, and `write/` turns the blocks into Markdown.
//!
//! ```text
//!   all pages      furniture       lines at the page edges that repeat on most pages within a window are
//!                                  running headers, footers and page numbers: removed before anything else
//!       │
//!   one page       line            runs of text with position, size and style, joined to lines in reading order
//!       │
//!                  column_metrics  per line: usual line pitch, right margin of its column, gap above, centring
//!       │
//!                  paragraphs      one pass over the lines; each continues the open block or begins a new one:
//!                    ├ headings       size (level set by the reader), later bold lines over text that is not bold
//!                    ├ lists          a label (list_marker), checked against its siblings and the lines below
//!                    ├ text_cues      captions, references and table-of-contents entries begin or end a block
//!                    └ otherwise      paragraph, by gaps, indents and lines that end early
//!       │
//!                  table_placement tables found by the reader go between the blocks, by position
//!       │
//!                  hyphenation     for each line break within a block: space, nothing, or one word without its hyphen
//!       ▼
//!   Vec<Block>
//! ```
//!
//! All thresholds are multiples of the text size, because documents are set in any size. Where two signals disagree,
//! the sentence decides: a line that starts with a small letter after an unfinished sentence continues it.

pub(crate) mod block;
mod column_metrics;
pub(crate) mod furniture;
pub(crate) mod headings;
pub(crate) mod hyphenation;
pub(crate) mod line;
mod list_marker;
mod lists;
pub(crate) mod paragraphs;
pub(crate) mod table_placement;
#[cfg(test)]
mod tests;
mod text_cues;

pub(crate) use block::{Block, BlockKind};
pub(crate) use line::{Line, Run};
pub(crate) use list_marker::is_bare_bullet;
