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
mod doubt;
mod grid;
mod inline;
mod open;
mod page;
mod place;
mod references;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod visit;

pub use block::{
    Annotation, Block, BlockKind, Caption, ContentsEntry, Definition, Direction, Field, FieldKind, Figure,
    FigureKind, Footnote, Group, GroupKind, Item, List, ListStyle,
};
pub use builder::{Builder, CellStart, ItemStart, Origin};
pub use doubt::{Doubt, DoubtCode, Severity};
pub use grid::Grid;
pub use inline::{Formula, Inline, Link, Marks, Revision, Run, Style};
pub use page::{Confidence, Image, Page, PageKind, Unit};
pub use place::{BlockId, Place, Region};
pub use table::{Alignment, Cell, CellDetails, HeaderKind, Table, ValueType};
pub use text::{block_hash, inlines_text, plain_text};
