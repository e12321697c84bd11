use std::collections::HashMap;

use super::references::{resolve_continued, resolve_with};
use super::{Block, BlockId, BlockKind, Builder, Inline};
use crate::ConvertError;
use crate::pictures::Taken;

/// Levels that headings have, at most.
const DEEPEST: u8 = 6;

impl Builder<'_> {
    /// Adds blocks of another document to the innermost open container: with ids of this one, headings `below` levels
    /// deeper, and the names that its pictures have here. Their regions, which are of pages of the other one, go. The
    /// budgets are spent as for any block.
    ///
    /// # Errors
    /// `LimitExceeded`.
    pub(crate) fn graft(
        &mut self,
        mut blocks: Vec<Block>,
        below: u8,
        pictures: &HashMap<String, Taken>,
    ) -> Result<(), ConvertError> {
        let mut ids = HashMap::new();
        let mut outcome = Ok(());
        for block in &mut blocks {
            block.visit_mut(&mut |block| {
                if outcome.is_ok() {
                    outcome = self.take_over(block, below, &mut ids);
                }
            });
        }
        outcome?;
        resolve_with(&mut blocks, &|id| ids.get(&id).copied());
        resolve_continued(&mut blocks, &|id| ids.get(&id).copied());
        for block in &mut blocks {
            rename_pictures(block, pictures);
        }
        for block in blocks {
            self.attach(block);
        }
        Ok(())
    }

    fn take_over(
        &mut self,
        block: &mut Block,
        below: u8,
        ids: &mut HashMap<BlockId, BlockId>,
    ) -> Result<(), ConvertError> {
        ids.insert(block.id, self.next_id()?);
        block.id = ids.get(&block.id).copied().unwrap_or(block.id);
        block.regions.clear();
        block.lines.clear();
        block.at = self.place_of_others();
        self.clean_kind(&mut block.kind)?;
        match &mut block.kind {
            BlockKind::Heading { level, .. } => *level = level.saturating_add(below).min(DEEPEST),
            BlockKind::Title(inlines) => {
                block.kind = BlockKind::Heading {
                    level: below.saturating_add(1).min(DEEPEST),
                    number: None,
                    inlines: std::mem::take(inlines),
                };
            }
            BlockKind::List(list) => {
                for item in &mut list.items {
                    ids.insert(item.id, self.next_id()?);
                    item.id = ids.get(&item.id).copied().unwrap_or(item.id);
                }
            }
            BlockKind::Table(table) => {
                self.spend_cells(table.cells.len() as u64)?;
                for cell in &mut table.cells {
                    cell.text = self.clean_text(&cell.text, true)?;
                    if let Some(details) = &mut cell.details {
                        details.region = None;
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// Gives pictures the names that they have here; one that is not kept has none.
fn rename_pictures(block: &mut Block, pictures: &HashMap<String, Taken>) {
    let renamed = |name: &str| pictures.get(name).cloned().and_then(Taken::name);
    block.visit_mut(&mut |block| {
        if let BlockKind::Figure(figure) = &mut block.kind {
            figure.image = figure.image.take().and_then(|name| renamed(&name));
        }
    });
    block.visit_inlines_mut(&mut |inlines| {
        for inline in inlines {
            if let Inline::Run(run) = inline
                && let Some(marks) = &mut run.marks
            {
                marks.image = marks.image.take().and_then(|name| renamed(&name));
            }
        }
    });
}
