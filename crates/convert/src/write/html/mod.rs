//! HTML writer. Every text and every attribute is escaped and only known elements are written, so that nothing of a
//! document is markup; links and pictures are those that the model can hold, so that nothing runs or is fetched.

mod block;
mod document;
mod escape;
mod inline;
mod list;
mod table;
#[cfg(test)]
mod tests;
mod xhtml;

use std::collections::HashSet;

pub use document::HtmlDocument;
pub(crate) use xhtml::XhtmlDocument;

use crate::WriteOptions;
use crate::ir::{Block, Table};

/// Writes blocks as HTML, each with its id.
#[must_use]
pub fn html_blocks(blocks: &[Block], options: &WriteOptions) -> String {
    let mut writer = Writer::new(options, Scope::Document);
    writer.blocks(blocks);
    writer.out
}

/// Writes a table as HTML for Markdown: without ids, and without a blank line, which would end it there.
pub(crate) fn html_table(table: &Table, options: &WriteOptions) -> String {
    let mut writer = Writer::new(options, Scope::Markdown);
    writer.table("", table, None);
    writer.out.truncate(writer.out.trim_end().len());
    writer.out
}

/// Text that the HTML is a part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// HTML document: blocks have their ids, and footnotes are referred to by them.
    Document,
    /// HTML document of Markdown: footnotes are referred to by their label, which is unique there.
    Rendered,
    /// Markdown.
    Markdown,
}

struct Writer<'o> {
    out: String,
    options: &'o WriteOptions,
    scope: Scope,
    /// Anchors of the footnotes that were referred to.
    noted: HashSet<String>,
    /// True if elements without content are closed, as XML has them.
    is_xml: bool,
}

impl<'o> Writer<'o> {
    fn new(options: &'o WriteOptions, scope: Scope) -> Self {
        Self {
            out: String::new(),
            options,
            scope,
            noted: HashSet::new(),
            is_xml: false,
        }
    }

    /// Ends the line, if something is on it.
    fn line(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    fn push(&mut self, markup: &str) {
        self.out.push_str(markup);
    }

    /// Ends the tag of an element that has no content.
    fn end_empty(&mut self) {
        self.push(if self.is_xml { "/>" } else { ">" });
    }

    /// Writes text; its line ends are breaks.
    fn text(&mut self, text: &str) {
        if !text.contains('\n') {
            escape::push(&mut self.out, text, self.scope);
            return;
        }
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                self.push("<br");
                self.end_empty();
            }
            escape::push(&mut self.out, line, self.scope);
        }
    }

    /// Writes an attribute with a space in front.
    fn attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.push(name);
        self.push("=\"");
        escape::push_value(&mut self.out, value);
        self.out.push('"');
    }
}
