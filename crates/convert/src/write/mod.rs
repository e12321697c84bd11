//! Markdown writer: the only place that writes markup. `markdown` has the syntax and its escapes, `blocks` and
//! `inline` write the blocks of `layout/`, `emphasis` decides where bold and italics can be marked.

pub(crate) mod blocks;
mod emphasis;
pub(crate) mod html;
mod inline;
pub(crate) mod markdown;
#[cfg(test)]
mod tests;
pub(crate) mod text;
mod visible;

pub use html::{HtmlDocument, html_blocks};
pub use text::text_blocks;

pub(crate) use self::markdown::write_page;
use crate::links;

/// Finishes the Markdown of a page before it leaves this crate: nothing in it steers a terminal or leads to a script.
pub(crate) fn finished(markdown: String) -> String {
    links::defused(markdown::printable(markdown))
}
