//! Writers: the model as Markdown, HTML, text, JSON and chunks. No other module makes markup, and no writer reads what another has
//! written.

mod chunks;
mod document;
pub(crate) mod html;
mod json;
pub(crate) mod markdown;
#[cfg(test)]
mod tests;
pub(crate) mod text;
mod visible;

pub use chunks::Chunker;
pub use document::{DocumentHead, DocumentTail, DocumentWriter};
pub(crate) use document::{MarkdownJoin, document_writer};
pub use html::{HtmlDocument, html_blocks};
pub use json::{MODEL_VERSION, json_page, json_schema};
pub use text::text_blocks;

pub(crate) use self::markdown::write_page;
use crate::links;

/// Finishes the Markdown of a page before it leaves this crate: nothing in it steers a terminal or leads to a script.
pub(crate) fn finished(markdown: String) -> String {
    links::defused(markdown::printable(markdown))
}
