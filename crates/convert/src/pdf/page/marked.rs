//! Marked content: what its marks say about the glyphs between them.

use hayro::hayro_syntax::object::{
    Dict, Name, Object, ObjectIdentifier, String as PdfString, dict_or_stream,
};
use hayro::hayro_syntax::page::Resources;

use super::content::ContentPart;
use super::open_marks::{Mark, MarkedContent, Replacement};
use super::walker::Walker;
use crate::pdf::text_string::text_string;

/// Changes of the mark around the content of a page that are kept, at most.
const MAX_PARTS: usize = 500_000;

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
                    mark.content = self.marked_content(&dict);
                }
            }
            Some(direct) => {
                if let Some((dict, _)) = dict_or_stream(direct) {
                    mark.replacement = self.replacement(dict);
                    mark.content = self.marked_content(dict);
                }
            }
            None => {}
        }
        self.marks.push(mark);
        self.note_content();
    }

    fn marked_content(&self, properties: &Dict<'_>) -> Option<MarkedContent> {
        let mcid = properties.get::<i64>(b"MCID")?;
        Some(MarkedContent {
            mcid: u32::try_from(mcid).ok()?,
            form: self.current_form,
        })
    }

    /// Notes which content is marked from here on.
    fn note_content(&mut self) {
        let part = ContentPart {
            order: self.order,
            artifact: self.marks.in_artifact(),
            content: self.marks.content(),
        };
        let parts = &mut self.page.parts;
        let has_room = parts.len() < MAX_PARTS;
        match parts.last_mut() {
            Some(last) if last.artifact == part.artifact && last.content == part.content => {}
            // Nothing was painted since.
            Some(last) if last.order == part.order => *last = part,
            _ if has_room => parts.push(part),
            _ => self.page.facts.cut_off = true,
        }
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
        self.note_content();
    }

    /// Closes the marks that a content stream has left open.
    pub(super) fn close_marks(&mut self, depth: usize) {
        while self.marks.depth() > depth {
            self.end_mark();
        }
    }
}
