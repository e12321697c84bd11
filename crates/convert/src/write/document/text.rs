use super::{DocumentHead, DocumentTail, DocumentWriter};
use crate::ConvertError;
use crate::ir::Page;
use crate::options::{PageBreaks, WriteOptions};
use crate::write::text::text_blocks;

/// Plain text of a document: its pages with text, with a line of hyphens or a blank line between.
pub(super) struct TextDocument<'o> {
    options: &'o WriteOptions,
    started: bool,
}

impl<'o> TextDocument<'o> {
    pub(super) fn new(options: &'o WriteOptions) -> Self {
        Self {
            options,
            started: false,
        }
    }
}

impl DocumentWriter for TextDocument<'_> {
    fn start(&mut self, _head: &DocumentHead, _out: &mut String) {}

    fn page(&mut self, page: Page, out: &mut String) -> Result<(), ConvertError> {
        let text = text_blocks(&page.blocks, self.options);
        if text.is_empty() {
            return Ok(());
        }
        if std::mem::replace(&mut self.started, true) {
            out.push_str(match self.options.page_breaks {
                PageBreaks::Rule => "\n---\n\n",
                PageBreaks::None | PageBreaks::Anchor => "\n",
            });
        }
        out.push_str(&text);
        Ok(())
    }

    fn finish(&mut self, _tail: &DocumentTail, _out: &mut String) -> Result<(), ConvertError> {
        Ok(())
    }
}
