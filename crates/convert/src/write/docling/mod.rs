//! The document as a `DoclingDocument`, which docling's clients read, and as DocTags.
//!
//! ```text
//!   Page ──> PageWriter ──> Items   texts, tables, pictures, groups: each item has a reference, #/texts/7,
//!              │                    and names its parent and its children by theirs
//!              ├ Captions           a caption is a child of its table or picture, wherever it stands
//!              └ place              boxes from the lower left corner, as docling has them
//! ```
//!
//! Texts are most of a document: they are final at the end of their page and leave then. What is left is written behind
//! the last page.

mod block;
mod captions;
mod document;
mod items;
mod list;
mod place;
mod references;
mod table;
mod tags;
#[cfg(test)]
mod tests;

pub(super) use document::DoclingDocument;
pub(super) use references::References;
pub(super) use tags::DocTags;
