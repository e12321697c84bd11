use super::escape::{push_markup_text, push_text};
use super::open::Opened;

/// Page that is being written, with the elements that are open at its end.
pub(super) struct Page {
    pub(super) out: String,
    pub(super) open: Opened,
    /// Pictures around what is written: it is the text in their place.
    pub(super) pictures: usize,
}

impl Page {
    /// Page that goes on with `out`.
    pub(super) fn new(out: String) -> Self {
        Self {
            out,
            open: Opened::default(),
            pictures: 0,
        }
    }

    /// Text of the page with everything closed.
    pub(super) fn finish(mut self) -> String {
        self.open.close_all(&mut self.out);
        self.out
    }

    pub(super) fn text(&mut self, text: &str) {
        if !self.open.is_hidden() {
            push_text(&mut self.out, text);
        }
    }

    /// Text of raw HTML, whose character references stay.
    pub(super) fn markup_text(&mut self, text: &str) {
        if !self.open.is_hidden() {
            push_markup_text(&mut self.out, text);
        }
    }

    /// Markup, which a picture's description has none of.
    pub(super) fn mark(&mut self, markup: &str) {
        if self.pictures == 0 && !self.open.is_hidden() {
            self.out.push_str(markup);
        }
    }

    pub(super) fn mark_or_blank(&mut self, markup: &str) {
        if self.pictures == 0 {
            self.mark(markup);
        } else {
            self.text(" ");
        }
    }

    /// Markup at the beginning of a line.
    pub(super) fn line(&mut self, markup: &str) {
        if !self.out.ends_with('\n') {
            self.mark("\n");
        }
        self.mark(markup);
    }

    /// Ends the innermost element of the Markdown with all raw HTML within.
    pub(super) fn end_markdown(&mut self) {
        self.open.end_markdown(&mut self.out);
    }

    pub(super) fn inline(&mut self, start: &str, end: &'static str) {
        self.mark(start);
        let end = if self.pictures == 0 { end } else { "" };
        self.open.begin_markdown(end);
    }

    pub(super) fn block(&mut self, start: &str, end: &'static str) {
        self.line(start);
        self.open.begin_markdown(end);
    }
}
