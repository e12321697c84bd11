//! Whole documents, written page by page, so that memory does not grow with their length.

mod html;
mod markdown;
mod text;

use self::markdown::MarkdownDocument;
use self::text::TextDocument;
use super::chunks::{Chunker, TokenizerFile};
use super::docling::{DocTags, DoclingDocument, References};
use super::elements::Elements;
use super::html::{HtmlDocument, XhtmlDocument};
use super::json::JsonDocument;
use super::ocr_pages::OcrPages;
use super::writer::DocumentWriter;
use crate::options::{ForeignFormat, OutputForm, OutputFormat, WriteOptions};

/// Creates the writer of a document of pages with blocks. Chunks are measured by `tokenizer` where the options name one
/// of the installation.
pub(crate) fn document_writer(
    form: OutputForm,
    options: &WriteOptions,
    tokenizer: Option<TokenizerFile>,
) -> Box<dyn DocumentWriter + '_> {
    match form {
        OutputForm::Own(OutputFormat::Markdown) => Box::new(MarkdownDocument::new(options)),
        OutputForm::Own(OutputFormat::Json) => Box::new(JsonDocument::new(options)),
        OutputForm::Own(OutputFormat::Text) => Box::new(TextDocument::new(options)),
        OutputForm::Own(OutputFormat::Html) => Box::new(HtmlDocument::untitled(options)),
        OutputForm::Own(OutputFormat::Chunks) => Box::new(Chunker::new(options, tokenizer)),
        OutputForm::Foreign(ForeignFormat::Docling) => Box::new(DoclingDocument::new(options)),
        OutputForm::Foreign(ForeignFormat::DoclingReferences) => Box::new(References::new(options)),
        OutputForm::Foreign(ForeignFormat::DocTags) => Box::new(DocTags::new(options)),
        OutputForm::Foreign(ForeignFormat::Xhtml) => Box::new(XhtmlDocument::new(options)),
        OutputForm::Foreign(ForeignFormat::Elements) => Box::new(Elements::new(options)),
        OutputForm::Foreign(ForeignFormat::OcrPages(wanted)) => Box::new(OcrPages::new(wanted, options)),
    }
}
