//! Writers: the model as Markdown, HTML and text. No other module makes markup, and no writer reads what another has
//! written.

pub(crate) mod html;
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
