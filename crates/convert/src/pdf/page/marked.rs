//! Marked content: what its marks say about the glyphs between them.

use hayro::hayro_syntax::object::{
    Dict, Name, Object, ObjectIdentifier, String as PdfString, dict_or_stream,
};
use hayro::hayro_syntax::page::Resources;

use super::walker::Walker;
use crate::pdf::text_string::text_string;

/// Marks within marks, at most; deeper ones count as the one around them.
const MAX_MARKS: usize = 256;

/// Marks that are open.
#[derive(Default)]
pub(super) struct Marks {
    open: Vec<Mark>,
    /// Marks that were opened beyond the limit.
    beyond: usize,
}

#[derive(Clone, Default)]
struct Mark {
    artifact: bool,
    hidden: bool,
    /// Text in place of that of the glyphs; empty once it was told.
    replacement: Option<Replacement>,
}

/// Text in place of that of glyphs: the first glyph tells it, the others tell nothing.
#[derive(Clone, Copy)]
struct Replacement {
    text: u32,
    told: bool,
}

impl Marks {
    pub(super) fn depth(&self) -> usize {
        self.open.len() + self.beyond
    }

    /// Returns true if content is shown here: no layer around it is off.
    pub(super) fn visible(&self) -> bool {
        self.open.last().is_none_or(|mark| !mark.hidden)
    }

    pub(super) fn in_artifact(&self) -> bool {
        self.open.last().is_some_and(|mark| mark.artifact)
    }

    /// Text that a glyph has in place of its own.
    pub(super) fn replacement(&mut self) -> Option<u32> {
        let replacement = self.open.iter_mut().find_map(|mark| mark.replacement.as_mut())?;
        let first = !std::mem::replace(&mut replacement.told, true);
        Some(if first { replacement.text } else { 0 })
    }

    fn push(&mut self, mark: Mark) {
        if self.open.len() >= MAX_MARKS {
            self.beyond += 1;
            return;
        }
        let (artifact, hidden) = self
            .open
            .last()
            .map_or((false, false), |outer| (outer.artifact, outer.hidden));
        self.open.push(Mark {
            artifact: mark.artifact || artifact,
            hidden: mark.hidden || hidden,
            ..mark
        });
    }

    fn pop(&mut self) {
        match self.beyond {
            0 => _ = self.open.pop(),
            _ => self.beyond -= 1,
        }
    }
}

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
