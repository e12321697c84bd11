//! Marked content: what its marks say about the glyphs between them.

use hayro::hayro_syntax::object::{
    Dict, Name, Object, ObjectIdentifier, String as PdfString, dict_or_stream,
};
use hayro::hayro_syntax::page::Resources;

use super::open_marks::{Mark, Replacement};
use super::walker::Walker;
use crate::pdf::text_string::text_string;

impl<'a> Walker<'a, '_> {
    /// Opens a mark.
    pub(super) fn begin_mark(
        &mut self,
        tag: &Name<'_>,
        properties: Option<&Object<'_>>,
        resources: &Resources<'a>,
    ) {
        let mut mark = Mark {
            artifact: tag.as_str() == "Artifact",
            ..Mark::default()
        };
        match properties {
            Some(Object::Name(name)) => {
                let id = resources
                    .properties
                    .get_ref(name.clone())
                    .map(ObjectIdentifier::from);
                if let Some(dict) = resources.properties.get::<Dict<'_>>(name.clone()) {
                    mark.hidden = tag.as_str() == "OC" && !self.layers.is_on(&dict, id);
                    mark.replacement = self.replacement(&dict);
                }
            }
            Some(direct) => {
                if let Some((dict, _)) = dict_or_stream(direct) {
                    mark.replacement = self.replacement(dict);
                }
            }
            None => {}
        }
        self.marks.push(mark);
    }

    fn replacement(&mut self, properties: &Dict<'_>) -> Option<Replacement> {
        let text = properties.get::<PdfString<'_>>(b"ActualText")?;
        let text = text_string(&text);
        Some(Replacement {
            text: self.fonts.number_of(&text),
            told: false,
        })
    }

    pub(super) fn end_mark(&mut self) {
        self.marks.pop();
    }

    /// Closes the marks that a content stream has left open.
    pub(super) fn close_marks(&mut self, depth: usize) {
        while self.marks.depth() > depth {
            self.marks.pop();
        }
    }
}
