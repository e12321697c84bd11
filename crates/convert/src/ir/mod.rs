//! Document model: what a reader makes of a document, and what every output is written from.
//!
//! ```text
//!   readers, pdf, ocr ──> Builder ──> Page ──> write/  (Markdown, HTML, text, JSON, chunks)
//!                           │           └ Block ── Region, Place     where it stands
//!                           │               └ BlockKind ── Inline    what it says
//!                           └ Limits: blocks, depth, cells, inlines and bytes are spent while they are made
//! ```
//!
//! The model holds text and structure, never markup. Blocks have an id of their page and place (`p3b7`), given by the
//! builder in reading order. The types have a plain serde form: no internal tags and no skipped fields, so that any
//! format of serde can carry them.

mod block;
mod builder;
mod clean;
mod clean_kind;
mod doubt;
mod graft;
mod grid;
mod inline;
mod leaf;
mod open;
mod page;
mod place;
mod references;
mod start;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod visit;

pub use block::{
    Block, BlockKind, Cell, Definition, Direction, Figure, FigureKind, Footnote, Group, GroupKind, Item,
    List, ListStyle, Table,
};
pub use builder::Builder;
pub use doubt::{Doubt, DoubtCode, Severity};
pub use grid::Grid;
pub use inline::{Formula, Inline, Link, Marks, Revision, Run, Style};
pub use leaf::{Annotation, Caption, ContentsEntry, Field, FieldKind};
pub use page::{Confidence, Image, Page, PageKind, Unit};
pub use place::{BlockId, Place, PlacedLine, PlacedWord, Region};
pub use start::{CellStart, ItemStart, Origin};
pub use table::{Alignment, CellDetails, HeaderKind, ValueType};
pub(crate) use text::text_hash;
pub use text::{block_hash, inlines_text, plain_text};
