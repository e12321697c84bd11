use std::ops::Range;

use super::page_break::needs_rule;
use crate::ir::PageKind;
use crate::options::PageBreaks;

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
    pub(crate) fn page(
        &mut self,
        number: u32,
        kind: PageKind,
        markdown: &str,
        out: &mut String,
    ) -> Range<usize> {
        let markdown = markdown.trim_end();
        if self.breaks == PageBreaks::Anchor {
            self.part(&format!("<!-- page {number} -->"), "\n\n", out);
        }
        let between = match self.breaks {
            PageBreaks::Rule if needs_rule(kind, markdown) => "\n\n---\n\n",
            PageBreaks::Rule | PageBreaks::None | PageBreaks::Anchor => "\n\n",
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
