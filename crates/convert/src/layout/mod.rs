//! Page layout: positioned lines of text become blocks (paragraphs, headings, list items, code, tables). Knows no file
//! format and writes no markup; PDF pages come in from `pdf/`, and the blocks go to the document model.
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
//!                    ├ heading_lines  size, outline of the document, number in bold; no labels of drawings (figures)
//!                    ├ lists          a label (list_marker), checked against its siblings and the lines below
//!                    ├ text_cues      captions, references and table-of-contents entries begin or end a block
//!                    └ otherwise      paragraph, by gaps, indents and lines that end early
//!       │
//!                  headings        bold lines over text that is not, and (sub_headings) those of another look or number
//!                  table_placement tables found by the reader go between the blocks, by position
//!       │
//!                  inlines         the lines of a block become running text; hyphenation decides for each line break:
//!       │                          space, nothing, or one word without its hyphen
//!       ▼
//!   model           Vec<Block> ─► ir::Builder, with lists (model_lists), tables, and boxes (extent)
//! ```
//!
//! All thresholds are multiples of the text size, because documents are set in any size. Where two signals disagree,
//! the sentence decides: a line that starts with a small letter after an unfinished sentence continues it.

pub(crate) mod block;
pub(crate) mod characters;
mod code;
mod column_metrics;
pub(crate) mod direction;
pub(crate) mod drawing;
mod drop_capitals;
pub(crate) mod extent;
pub(crate) mod fields;
pub(crate) mod figures;
pub(crate) mod furniture;
mod gutter;
pub(crate) mod heading_lines;
pub(crate) mod headings;
pub(crate) mod hyphenation;
mod inlines;
pub(crate) mod line;
mod list_marker;
pub(crate) mod lists;
pub(crate) mod model;
mod model_lists;
mod narrow_gutter;
mod notes;
mod numbering;
pub(crate) mod outline_titles;
pub(crate) mod paragraphs;
pub(crate) mod reading_order;
mod rows;
mod segment;
mod sub_headings;
pub(crate) mod table;
pub(crate) mod table_placement;
pub(crate) mod tables;
#[cfg(test)]
mod tests;
mod text_cues;
pub(crate) mod text_styles;
pub(crate) mod word;

pub(crate) use block::{Block, BlockKind, PlacedFigure};
#[expect(unused_imports, reason = "input of the layout, not yet read")]
pub(crate) use drawing::{Area, Drawing, Rule};
pub(crate) use extent::Extent;
pub(crate) use line::{Line, Run};
pub(crate) use word::{Word, WordStyle};
