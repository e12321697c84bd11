//! Whole documents, written page by page, so that memory does not grow with their length.

mod html;
mod markdown;
mod text;

use self::markdown::MarkdownDocument;
use self::text::TextDocument;
use super::chunks::Chunker;
use super::html::HtmlDocument;
use super::json::JsonDocument;
use super::writer::DocumentWriter;
use crate::options::{OutputFormat, WriteOptions};

/// Creates the writer of a document of pages with blocks.
pub(crate) fn document_writer(format: OutputFormat, options: &WriteOptions) -> Box<dyn DocumentWriter + '_> {
    match format {
        OutputFormat::Markdown => Box::new(MarkdownDocument::new(options)),
        OutputFormat::Json => Box::new(JsonDocument::new(options)),
        OutputFormat::Text => Box::new(TextDocument::new(options)),
        OutputFormat::Html => Box::new(HtmlDocument::untitled(options)),
        OutputFormat::Chunks => Box::new(Chunker::new(options)),
    }
}
