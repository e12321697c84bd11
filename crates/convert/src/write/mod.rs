//! Markdown writer: the only place that writes markup. `markdown` has the syntax and its escapes.

pub(crate) mod markdown;
#[cfg(test)]
mod tests;

use crate::links;

/// Finishes the Markdown of a page before it leaves this crate: nothing in it steers a terminal or leads to a script.
pub(crate) fn finished(markdown: String) -> String {
    links::defused(markdown::printable(markdown))
}

/// Writes the Markdown of the page from its blocks, and the range of each block in it.
pub(crate) fn write_page(page: &mut crate::Page, _options: &crate::WriteOptions) {
    let texts: Vec<String> = page.blocks.iter().map(crate::ir::plain_text).collect();
    page.markdown = texts.join("\n\n");
}
