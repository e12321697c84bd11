//! Writers: the model as Markdown, HTML, text, JSON and chunks. No other module makes markup, and no writer reads what
//! another has written.

mod chunks;
mod docling;
mod document;
mod elements;
pub(crate) mod html;
mod json;
mod locate;
pub(crate) mod markdown;
mod markdown_join;
mod ocr_pages;
mod page_break;
mod places;
#[cfg(test)]
mod tests;
pub(crate) mod text;
mod visible;
mod writer;

pub use chunks::{Chunker, TokenizerFile};
pub(crate) use document::document_writer;
pub use html::{HtmlDocument, html_blocks};
pub use json::{MODEL_VERSION, json_page, json_schema};
pub use locate::{LocateQuery, Locator, MAX_PLACES, MAX_QUOTE_CHARS};
pub use places::PlaceLines;
pub use text::text_blocks;
pub use writer::{DocumentHead, DocumentTail, DocumentWriter};

pub(crate) use self::markdown::write_page;
pub(crate) use self::markdown_join::MarkdownJoin;
