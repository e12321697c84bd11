//! Marks that are open around the content that is read.

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
    /// Text in place of that of the glyphs; empty once it was told.
    pub(super) replacement: Option<Replacement>,
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

    pub(super) fn pop(&mut self) {
        match self.beyond {
            0 => _ = self.open.pop(),
            _ => self.beyond -= 1,
        }
    }
}
