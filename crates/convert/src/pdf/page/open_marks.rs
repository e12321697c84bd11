//! Marks that are open around the content that is read.

use hayro::hayro_syntax::object::ObjectIdentifier;

/// Marks within marks, at most; deeper ones count as the one around them.
const MAX_MARKS: usize = 256;

/// Marks that are open.
#[derive(Default)]
pub(super) struct Marks {
    open: Vec<Mark>,
    /// Marks that were opened beyond the limit.
    beyond: usize,
}

/// Mark around content.
#[derive(Clone, Default)]
pub(super) struct Mark {
    pub(super) artifact: bool,
    pub(super) hidden: bool,
    /// Number of the marked content that the structure of the document names.
    pub(super) content: Option<MarkedContent>,
    /// Text in place of that of the glyphs; empty once it was told.
    pub(super) replacement: Option<Replacement>,
}

/// Marked content that the structure of a document may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::pdf) struct MarkedContent {
    pub(in crate::pdf) mcid: u32,
    /// Form that holds it; `None` for the content of the page itself.
    pub(in crate::pdf) form: Option<ObjectIdentifier>,
}

/// Text in place of that of glyphs: the first glyph tells it, the others tell nothing.
#[derive(Clone, Copy)]
pub(super) struct Replacement {
    pub(super) text: u32,
    pub(super) told: bool,
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

    /// Marked content that is open.
    pub(super) fn content(&self) -> Option<MarkedContent> {
        self.open.last().and_then(|mark| mark.content)
    }

    /// Text that a glyph has in place of its own.
    pub(super) fn replacement(&mut self) -> Option<u32> {
        let replacement = self.open.iter_mut().find_map(|mark| mark.replacement.as_mut())?;
        let first = !std::mem::replace(&mut replacement.told, true);
        Some(if first { replacement.text } else { 0 })
    }

    pub(super) fn push(&mut self, mark: Mark) {
        if self.open.len() >= MAX_MARKS {
            self.beyond += 1;
            return;
        }
        let (artifact, hidden, content) = self.open.last().map_or((false, false, None), |outer| {
            (outer.artifact, outer.hidden, outer.content)
        });
        self.open.push(Mark {
            artifact: mark.artifact || artifact,
            hidden: mark.hidden || hidden,
            content: mark.content.or(content),
            ..mark
        });
    }

    pub(super) fn pop(&mut self) {
        match self.beyond {
            0 => _ = self.open.pop(),
            _ => self.beyond -= 1,
        }
    }
}
