//! Document conversion: bytes of a document in, Markdown out.
//!
//! The crate is pure and synchronous: it opens no file and no socket, reads neither clock nor environment, and uses
//! nothing from outside except [`Host`]. On a hostile file it may be slow, run out of memory or abort; the caller runs
//! it in a process where that does no harm.

mod charset;
mod convert;
mod document;
mod error;
mod format;
mod host;
mod image;
pub mod ir;
mod layout;
mod limits;
mod links;
mod markup;
mod ocr;
mod options;
mod page_cut;
mod page_picture;
mod page_ranges;
mod pdf;
mod pictures;
mod places;
mod readers;
pub mod render;
mod write;
mod xml;

pub use convert::{convert, convert_as};
pub use document::{AttachedFile, Conversion, DocumentInfo, Metadata, Partial, Warning};
pub use error::ConvertError;
pub use format::Format;
pub use host::{Host, NetworkFiles, NoOcr, OcrError, OcrRequest};
pub use ilios_ocr::LICENSE as OCR_LICENSE;
pub use ir::{Page, PageKind};
pub use limits::Limits;
pub use links::{defused, may_mislead};
pub use ocr::is_foreign;
pub use options::{
    Attachments, Boilerplate, ChunkContext, ChunkOptions, Comments, ForeignFormat, Furniture, Hidden, Images,
    Input, OcrEngine, OcrLanguages, OcrMode, OcrPageOptions, OptionValues, Options, OutputForm, OutputFormat,
    OutputOption, PageBreaks, Places, Revisions, ScoreGranularity, SeparateTables, TableChunks, Tables,
    Tokenizer, TokenizerName, WriteOptions,
};
/// Returns true if this build has networks that recognize text.
#[must_use]
pub fn has_ocr() -> bool {
    ilios_ocr::is_available()
}

pub use page_cut::PagePicture;
pub use page_picture::page_picture;
pub use page_ranges::{PageRanges, PageRangesError};
pub use pdf::{OcrReason, PageAssessment, PageVerdict, PartLimits, PdfSplitter, PlannedPart, assess_pdf};
pub use render::{document_writer, document_writer_with};
pub use write::markdown::normalize::normalize;
pub use write::markdown::printable;
pub use write::{
    Chunker, DocumentHead, DocumentTail, DocumentWriter, HtmlDocument, LocateQuery, Locator, MAX_PLACES,
    MAX_QUOTE_CHARS, MODEL_VERSION, PlaceLines, TokenizerFile, html_blocks, json_page, json_schema,
    text_blocks,
};
