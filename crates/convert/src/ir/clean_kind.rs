use super::{BlockKind, Builder};
use crate::ConvertError;

impl Builder<'_> {
    /// Cleans the text of a block.
    pub(super) fn clean_kind(&mut self, kind: &mut BlockKind) -> Result<(), ConvertError> {
        if let Some(inlines) = kind.inlines_mut() {
            *inlines = self.clean_inlines(std::mem::take(inlines))?;
            return Ok(());
        }
        match kind {
            BlockKind::Code { text, .. } => *text = self.clean_text(text, true)?,
            BlockKind::Formula(formula) => formula.text = self.clean_text(&formula.text, true)?,
            BlockKind::Toc(entries) => {
                for entry in entries {
                    entry.inlines = self.clean_inlines(std::mem::take(&mut entry.inlines))?;
                }
            }
            BlockKind::Field(field) => {
                field.value = self.clean_text(&field.value, true)?;
                for text in [&mut field.name, &mut field.label].into_iter().flatten() {
                    *text = self.clean_text(text, false)?;
                }
                for option in &mut field.options {
                    *option = self.clean_text(option, false)?;
                }
            }
            BlockKind::Comment(note) | BlockKind::Stamp(note) => {
                note.text = self.clean_text(&note.text, true)?;
                for text in [&mut note.author, &mut note.date].into_iter().flatten() {
                    *text = self.clean_text(text, false)?;
                }
            }
            BlockKind::Attachment { name, .. } => *name = self.clean_text(name, false)?,
            BlockKind::Figure(figure) => {
                if let Some(alt) = &mut figure.alt {
                    *alt = self.clean_text(alt, false)?;
                }
            }
            BlockKind::Footnote(note) => note.label = self.clean_text(&note.label, false)?,
            BlockKind::Group(group) => {
                if let Some(title) = &mut group.title {
                    *title = self.clean_text(title, false)?;
                }
            }
            _ => {}
        }
        Ok(())
    }
}
