use super::{BlockKind, Builder, Formula};
use crate::ConvertError;

impl Builder<'_> {
    /// Cleans the text of a block.
    pub(super) fn clean_kind(&mut self, kind: &mut BlockKind) -> Result<(), ConvertError> {
        if let BlockKind::Heading { number, .. } = kind {
            self.clean_some(number, false)?;
        }
        if let Some(inlines) = kind.inlines_mut() {
            *inlines = self.clean_inlines(std::mem::take(inlines))?;
            return Ok(());
        }
        match kind {
            BlockKind::Code { language, text } => {
                self.clean_some(language, false)?;
                *text = self.clean_text(text, true)?;
            }
            BlockKind::Formula(formula) => self.clean_formula(formula)?,
            BlockKind::Toc(entries) => {
                for entry in entries {
                    entry.inlines = self.clean_inlines(std::mem::take(&mut entry.inlines))?;
                }
            }
            BlockKind::Field(field) => {
                field.value = self.clean_text(&field.value, true)?;
                self.clean_some(&mut field.name, false)?;
                self.clean_some(&mut field.label, false)?;
                for option in &mut field.options {
                    *option = self.clean_text(option, false)?;
                }
            }
            BlockKind::Comment(note) | BlockKind::Stamp(note) => {
                note.text = self.clean_text(&note.text, true)?;
                self.clean_some(&mut note.author, false)?;
                self.clean_some(&mut note.date, false)?;
            }
            BlockKind::Attachment { name, mime_type, .. } => {
                *name = self.clean_text(name, false)?;
                self.clean_some(mime_type, false)?;
            }
            BlockKind::Figure(figure) => self.clean_some(&mut figure.alt, false)?,
            BlockKind::Footnote(note) => note.label = self.clean_text(&note.label, false)?,
            BlockKind::Group(group) => self.clean_some(&mut group.title, false)?,
            _ => {}
        }
        Ok(())
    }

    /// Cleans what is written of a formula.
    pub(super) fn clean_formula(&mut self, formula: &mut Formula) -> Result<(), ConvertError> {
        formula.text = self.clean_text(&formula.text, true)?;
        self.clean_some(&mut formula.tex, true)?;
        self.clean_some(&mut formula.mathml, true)
    }

    fn clean_some(&mut self, text: &mut Option<String>, keep_lines: bool) -> Result<(), ConvertError> {
        if let Some(text) = text {
            *text = self.clean_text(text, keep_lines)?;
        }
        Ok(())
    }
}
