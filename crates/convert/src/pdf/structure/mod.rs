//! Structure tree: the tags of a document, as its author or program has set them (ISO 32000-1, 14.7).

mod roles;
#[cfg(test)]
mod tests;
mod walk;

use std::collections::HashMap;
use std::rc::Rc;

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Dict, ObjectIdentifier};

use super::objects::catalog;

/// Elements that are read, at most.
const MAX_ELEMENTS: usize = 500_000;
/// Pieces of content that are read, at most.
const MAX_PIECES: usize = 4_000_000;

/// Tags of a document.
///
/// `pages` has the marked content of each page in the order of the tree, which is the reading order that the document
/// gives. Content of the page that is not listed is an artifact or was forgotten. An absent tree says nothing.
#[derive(Debug, Default)]
pub(super) struct Structure {
    /// Elements in the order of the tree: each comes after its parent. Their places in this list are their ids.
    pub(super) elements: Vec<Element>,
    /// Marked content by the object of its page.
    pub(super) pages: HashMap<ObjectIdentifier, Vec<Piece>>,
    /// Number of its headings.
    pub(super) headings: usize,
    pub(super) has_tables: bool,
    /// Set if the tree was too large to be read whole: pages may lack content at their ends.
    pub(super) is_cut_off: bool,
}

/// Element of the structure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Element {
    /// Standard role, such as `H1` or `TD`: the document's own roles are mapped. A role that is mapped to none is kept.
    pub(super) role: Rc<str>,
    /// Element around it.
    pub(super) parent: Option<u32>,
    /// Columns and rows that a cell of a table covers.
    pub(super) spans: [u32; 2],
}

/// Piece of marked content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    /// Number of the marked content within its stream.
    pub(super) mcid: u32,
    /// Element that it belongs to.
    pub(super) element: u32,
    /// Form that holds it; `None` for the content of the page itself.
    pub(super) form: Option<ObjectIdentifier>,
}

impl Structure {
    /// Reads the tree of a document; empty if it has none. Elements that come again are passed over, so that circles end.
    pub(super) fn read(pdf: &Pdf) -> Self {
        let root = catalog(pdf).and_then(|catalog| catalog.get::<Dict<'_>>("StructTreeRoot"));
        root.map_or_else(Self::default, |root| walk::read(&root, pdf.xref()))
    }

    /// Element with this id.
    pub(super) fn element(&self, id: u32) -> Option<&Element> {
        self.elements.get(usize::try_from(id).ok()?)
    }

    /// Ids of an element and those around it, from the inside out.
    pub(super) fn path(&self, id: u32) -> impl Iterator<Item = u32> {
        std::iter::successors(Some(id), |id| self.element(*id)?.parent)
    }
}
