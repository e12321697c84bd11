use std::ops::Range;

use super::{DocumentHead, DocumentTail, DocumentWriter};
use crate::ConvertError;
use crate::ir::Page;
use crate::options::{PageBreaks, WriteOptions};
use crate::write::write_page;

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
        self.join.page(page.number, &page.markdown, out);
        Ok(())
    }

    fn finish(&mut self, _tail: &DocumentTail, out: &mut String) -> Result<(), ConvertError> {
        out.push('\n');
        Ok(())
    }
}

/// Puts the Markdown of pages together.
pub(crate) struct MarkdownJoin {
    breaks: PageBreaks,
    /// Something was written.
    started: bool,
}

impl MarkdownJoin {
    pub(crate) fn new(breaks: PageBreaks) -> Self {
        Self {
            breaks,
            started: false,
        }
    }

    /// Appends a page, and what stands between it and the one before. Returns the range of the page in `out`, which is
    /// empty for a page without text.
    pub(crate) fn page(&mut self, number: u32, markdown: &str, out: &mut String) -> Range<usize> {
        let markdown = markdown.trim_end();
        if self.breaks == PageBreaks::Anchor {
            self.part(&format!("<!-- page {number} -->"), "\n\n", out);
        }
        let between = match self.breaks {
            PageBreaks::Rule => "\n\n---\n\n",
            PageBreaks::None | PageBreaks::Anchor => "\n\n",
        };
        self.part(markdown, between, out)
    }

    fn part(&mut self, text: &str, between: &str, out: &mut String) -> Range<usize> {
        if self.started && !text.is_empty() {
            out.push_str(between);
        }
        self.started |= !text.is_empty();
        let start = out.len();
        out.push_str(text);
        start..out.len()
    }
}
