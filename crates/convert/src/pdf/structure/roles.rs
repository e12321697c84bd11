use std::collections::HashMap;
use std::rc::Rc;

use hayro::hayro_syntax::object::{Dict, Name};

use crate::pdf::objects::name_text;

/// Roles that stand for other roles one after the other, at most.
const MAX_INDIRECTIONS: usize = 8;
/// Characters of a role, at most.
const MAX_CHARS: usize = 64;
/// Roles of the standard (ISO 32000-1, 14.8.4, and those that ISO 32000-2 adds), sorted.
const STANDARD: &[&str] = &[
    "Annot",
    "Art",
    "Artifact",
    "Aside",
    "BibEntry",
    "BlockQuote",
    "Caption",
    "Code",
    "Div",
    "Document",
    "DocumentFragment",
    "Em",
    "FENote",
    "Figure",
    "Form",
    "Formula",
    "H",
    "H1",
    "H2",
    "H3",
    "H4",
    "H5",
    "H6",
    "Index",
    "L",
    "LBody",
    "LI",
    "Lbl",
    "Link",
    "NonStruct",
    "Note",
    "P",
    "Part",
    "Private",
    "Quote",
    "RB",
    "RP",
    "RT",
    "Reference",
    "Ruby",
    "Sect",
    "Span",
    "Strong",
    "Sub",
    "TBody",
    "TD",
    "TFoot",
    "TH",
    "THead",
    "TOC",
    "TOCI",
    "TR",
    "Table",
    "Title",
    "WP",
    "WT",
    "Warichu",
];

/// Roles of a document, each mapped once.
pub(super) struct Roles<'a> {
    map: Dict<'a>,
    known: HashMap<Vec<u8>, Rc<str>>,
}

impl<'a> Roles<'a> {
    pub(super) fn new(map: Dict<'a>) -> Self {
        Self {
            map,
            known: HashMap::new(),
        }
    }

    /// Standard role of a role. One of the standard is never mapped, whatever the document says.
    pub(super) fn standard(&mut self, role: &Name<'_>) -> Rc<str> {
        if let Some(known) = self.known.get(role.as_ref()) {
            return Rc::clone(known);
        }
        let mut mapped = role.to_vec();
        for _ in 0..MAX_INDIRECTIONS {
            match self.map.get::<Name<'_>>(&mapped) {
                Some(next) if !is_standard(&mapped) => mapped = next.to_vec(),
                _ => break,
            }
        }
        // A map that ends in no standard role tells nothing; the role's own name may.
        let text = match std::str::from_utf8(&mapped).ok().filter(|_| is_standard(&mapped)) {
            Some(text) => text.to_owned(),
            None => name_text(role).chars().take(MAX_CHARS).collect(),
        };
        let text: Rc<str> = text.into();
        self.known.insert(role.to_vec(), Rc::clone(&text));
        text
    }
}

fn is_standard(role: &[u8]) -> bool {
    STANDARD
        .binary_search_by(|standard| standard.as_bytes().cmp(role))
        .is_ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_standard_roles_are_sorted() {
        assert!(super::STANDARD.is_sorted());
    }
}
