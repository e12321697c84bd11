use super::super::ParsedPage;
use super::super::tree::{Element, NodeId};
use super::Walk;
use crate::{ConvertError, Limits};

/// Nesting of a page within another one, at most, in its own elements.
const MAX_DEPTH: u32 = 128;

impl<'t> Walk<'t, '_, '_> {
    /// Returns true for a frame that holds its page itself. Those of a page within a page are left out.
    pub(super) fn embeds(&self, frame: &Element) -> bool {
        let page = frame.get("srcdoc").unwrap_or_default();
        !self.is_embedded && !page.trim().is_empty()
    }

    /// Adds the blocks of the page that a frame holds; within a line or a cell, its text.
    pub(super) fn embedded(&mut self, id: NodeId, frame: &'t Element) -> Result<(), ConvertError> {
        self.left_out("text in place of media left out", id);
        let limits = Limits {
            depth: MAX_DEPTH,
            ..Limits::default()
        };
        let page = ParsedPage::parse(frame.get("srcdoc").unwrap_or_default(), &limits)?;
        if self.lead.is_some() || self.in_cell() {
            let words = page.tree.words(0);
            self.line.text(&format!(" {words} "), &self.look);
            return Ok(());
        }
        self.flush()?;
        if page.is_empty() {
            return Ok(());
        }
        self.prepare()?;
        let mut walk = Walk::new(&page.tree, &page.facts, self.builder, self.attached);
        walk.is_embedded = true;
        let warnings = walk.run()?;
        self.warnings.extend(warnings);
        Ok(())
    }
}
