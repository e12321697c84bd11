use super::Builder;
use crate::ConvertError;
use crate::ir::clean::{cleaned, trimmed};
use crate::ir::{BlockId, Inline, Marks};

/// Budgets that are spent.
#[derive(Default)]
pub(super) struct Spent {
    blocks: u64,
    inlines: u64,
    cells: u64,
    bytes: u64,
}

impl Builder<'_> {
    pub(in crate::ir) fn next_id(&mut self) -> Result<BlockId, ConvertError> {
        self.spent.blocks += 1;
        if self.spent.blocks > self.limits.blocks {
            return Err(exceeded(format!("more than {} blocks", self.limits.blocks)));
        }
        self.place += 1;
        Ok(BlockId {
            page: self.page,
            place: self.place,
        })
    }

    pub(in crate::ir) fn spend_cells(&mut self, cells: u64) -> Result<(), ConvertError> {
        self.spent.cells += cells;
        if self.spent.cells > self.limits.document_cells {
            return Err(exceeded(format!(
                "more than {} cells",
                self.limits.document_cells
            )));
        }
        Ok(())
    }

    /// Spends the budget of runs of text.
    ///
    /// # Errors
    /// `LimitExceeded`.
    pub(crate) fn spend_inlines(&mut self, count: u64) -> Result<(), ConvertError> {
        self.spent.inlines += count;
        if self.spent.inlines > self.limits.inlines {
            return Err(exceeded(format!(
                "more than {} runs of text",
                self.limits.inlines
            )));
        }
        Ok(())
    }

    pub(in crate::ir) fn clean_inlines(&mut self, inlines: Vec<Inline>) -> Result<Vec<Inline>, ConvertError> {
        self.spend_inlines(inlines.len() as u64)?;
        let mut joined: Vec<Inline> = Vec::with_capacity(inlines.len());
        for inline in inlines {
            let Inline::Run(mut run) = inline else {
                joined.push(Inline::Break);
                continue;
            };
            run.text = self.clean_text(&run.text, false)?;
            if let Some(marks) = &mut run.marks {
                self.clean_marks(marks)?;
            }
            if run.text.is_empty() && run.image().is_none() {
                continue;
            }
            match joined.last_mut() {
                Some(Inline::Run(last)) if last.looks_like(&run) && run.image().is_none() => {
                    last.text.push_str(&run.text);
                }
                _ => joined.push(Inline::Run(run)),
            }
        }
        Ok(trimmed(joined))
    }

    fn clean_marks(&mut self, marks: &mut Marks) -> Result<(), ConvertError> {
        if let Some(ruby) = &mut marks.ruby {
            *ruby = self.clean_text(ruby, false)?;
        }
        match &mut marks.formula {
            Some(formula) => self.clean_formula(formula),
            None => Ok(()),
        }
    }

    /// Text without control characters; its line ends become spaces unless they are kept.
    pub(in crate::ir) fn clean_text(&mut self, text: &str, keep_lines: bool) -> Result<String, ConvertError> {
        self.spent.bytes += text.len() as u64;
        if self.spent.bytes > self.limits.output_bytes {
            return Err(exceeded(format!(
                "more than {} bytes of text",
                self.limits.output_bytes
            )));
        }
        let (text, removed) = cleaned(text, keep_lines);
        self.removed_controls |= removed;
        Ok(text)
    }
}

pub(super) fn exceeded(what: String) -> ConvertError {
    ConvertError::LimitExceeded { what }
}
