use crate::ConvertError;
use crate::ir::Page;
use crate::options::WriteOptions;
use crate::write::markdown_join::MarkdownJoin;
use crate::write::page_break::is_left_out;
use crate::write::write_page;
use crate::write::writer::{DocumentHead, DocumentTail, DocumentWriter};

/// Markdown of a document: its pages with text, with the sign of a page break between, and one newline at the end.
pub(super) struct MarkdownDocument<'o> {
    options: &'o WriteOptions,
    join: MarkdownJoin,
}

impl<'o> MarkdownDocument<'o> {
    pub(super) fn new(options: &'o WriteOptions) -> Self {
        Self {
            options,
            join: MarkdownJoin::new(options.page_breaks),
        }
    }
}

impl DocumentWriter for MarkdownDocument<'_> {
    fn start(&mut self, _head: &DocumentHead, _out: &mut String) {}

    fn page(&mut self, mut page: Page, out: &mut String) -> Result<(), ConvertError> {
        if !page.blocks.is_empty() {
            write_page(&mut page, self.options);
        }
        if !is_left_out(&page, self.options) {
            self.join.page(page.number, page.kind, &page.markdown, out);
        }
        Ok(())
    }

    fn finish(&mut self, _tail: &DocumentTail, out: &mut String) -> Result<(), ConvertError> {
        out.push('\n');
        Ok(())
    }
}
