//! Bytes of a document in, Markdown out.
//!
//! The crate is pure and synchronous: it opens no file and no socket, reads neither clock nor
//! environment, and asks its surroundings for nothing but what [`Host`] offers. It may be slow, run out
//! of memory or abort on a hostile file; the caller runs it where that does no harm.

mod convert;
mod document;
mod error;
mod format;
mod host;
mod image;
mod limits;
mod links;
mod markdown;
mod markup;
mod ocr;
mod options;
mod page_ranges;
mod pdf;
mod readers;
pub mod render;
mod xml;

pub use convert::{convert, convert_as};
pub use document::{Conversion, Metadata, Outset, Page, PageKind, Partial, Warning};
pub use error::ConvertError;
pub use format::Format;
pub use host::{Host, NoOcr, OcrError, OcrRequest};
pub use limits::Limits;
pub use links::{defused, may_mislead};
pub use options::{Input, OcrLanguages, OcrMode, Options};
pub use page_ranges::{PageRanges, PageRangesError};
pub use pdf::{PageNeeds, PageVerdict, PartLimits, PdfParts, PlannedPart, WhyEyes, assess_pdf};
