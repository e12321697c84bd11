//! Whole documents, written page by page, so that memory does not grow with their length.

mod html;
mod markdown;
mod text;

pub(crate) use markdown::MarkdownJoin;

use self::markdown::MarkdownDocument;
use self::text::TextDocument;
use super::chunks::Chunker;
use super::html::HtmlDocument;
use super::json::JsonDocument;
use crate::ir::{Image, Page};
use crate::options::{OutputFormat, WriteOptions};
use crate::{ConvertError, Metadata, Partial, Warning};

/// Facts about a document that are known before its first page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocumentHead {
    /// Title of the output where its form has one, as an HTML document does.
    pub title: String,
    /// Metadata of the document; `None` where the caller writes it itself.
    pub metadata: Option<Metadata>,
}

/// Facts about a document that are known behind its last page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DocumentTail {
    /// Pictures that were taken out of it; their bytes are not needed.
    pub images: Vec<Image>,
    /// Parts that could not be read.
    pub warnings: Vec<Warning>,
    /// Set if the conversion was stopped.
    pub partial: Option<Partial>,
}

/// Writer of a document: begins it, takes its pages in order, and ends it. Each call appends to `out` what is final, so
/// that the caller can pass it on and empty it.
pub trait DocumentWriter {
    /// Begins the document.
    fn start(&mut self, head: &DocumentHead, out: &mut String);

    /// Takes the next page.
    ///
    /// # Errors
    /// `LimitExceeded`: the page holds more than can be written.
    fn page(&mut self, page: Page, out: &mut String) -> Result<(), ConvertError>;

    /// Ends the document.
    ///
    /// # Errors
    /// As [`Self::page`].
    fn finish(&mut self, tail: &DocumentTail, out: &mut String) -> Result<(), ConvertError>;
}

/// Creates the writer of a document of pages with blocks.
pub(crate) fn document_writer(format: OutputFormat, options: &WriteOptions) -> Box<dyn DocumentWriter + '_> {
    match format {
        OutputFormat::Markdown => Box::new(MarkdownDocument::new(options)),
        OutputFormat::Json => Box::new(JsonDocument::default()),
        OutputFormat::Text => Box::new(TextDocument::new(options)),
        OutputFormat::Html => Box::new(HtmlDocument::untitled(options)),
        OutputFormat::Chunks => Box::new(Chunker::new(options)),
    }
}
