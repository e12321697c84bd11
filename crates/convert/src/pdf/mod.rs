//! PDF: the text layer of a page where it is usable, OCR of the rendered page where it is not.
//!
//! ```text
//!   bytes ─► header ─► source (hayro-syntax) ── guards checked before and after it is opened, encryption
//!
//!   page_reader    per page, in order; reads furniture::WINDOW_PAGES ahead, since repetition shows only across pages
//!     │
//!     ├─ page             content of the page ─► glyphs ─► words, lines, areas, images
//!     ├─ page_text        what is kept of it until the page is laid out
//!     ├─ layout::furniture  running headers and footers set apart
//!     ├─ page_layout      words ─► layout blocks
//!     │    ├─ tagged        words ─► blocks, by the structure tree, on pages whose tags can be trusted
//!     │    ├─ layout        words ─► lines in reading order ─► blocks
//!     │    ├─ pictures      images that the page draws, if they are to be taken out
//!     │    └─ layout::model blocks ─► ir::Builder
//!     ├─ page_class       Text: done · Blank: empty page · Scan or Garbled: OCR
//!     └─ raster           page ─► PNG at 200 dpi ─► Host::recognize ─► ocr
//!
//!   beside the content of pages
//!     metadata · outline · attachments   of the document, by trailer, name_tree and destinations
//!     fields · annotations               of a page, at their places (frame)
//!     optional_content                   layers that are off
//!     structure                          tags of the document
//!     xfa                                values of forms whose pages are elsewhere
//!     decode                             streams, within limits
//!
//!   assessment     the same question asked before a conversion, by characters alone: which pages need OCR
//!   split          cuts pages out of a document, for services that take a limited number of them
//! ```
//!
//! The library runs on hostile bytes, so each call is wrapped by `source::catch_panics`. What needs only positioned text
//! is in `layout`.

mod annotations;
mod assessment;
mod attachments;
mod decode;
mod destinations;
mod encryption;
mod fields;
mod frame;
mod guards;
mod header;
mod metadata;
mod name_tree;
mod objects;
mod optional_content;
mod outline;
mod page;
mod page_class;
mod page_doubts;
mod page_layout;
mod page_places;
mod page_reader;
mod page_text;
mod picture_stream;
mod pictures;
mod raster;
mod second_look;
mod source;
mod split;
mod structure;
mod tagged;
#[cfg(test)]
mod test_documents;
#[cfg(test)]
mod tests;
mod text_string;
mod trailer;
mod xfa;

pub use assessment::{OcrReason, PageAssessment, PageVerdict, assess_pdf};
pub use split::{PartLimits, PdfSplitter, PlannedPart};

use crate::page_cut::{PagePicture, cut};
use crate::{Conversion, ConvertError, DocumentInfo, Format, Host, Limits, Options, Warning};

/// Draws a page of a PDF, or a box of it.
///
/// # Errors
/// Those of opening it; `InvalidDocument` if the page is missing, cannot be drawn or has nothing in the box.
pub(crate) fn page_picture(
    bytes: &[u8],
    wanted: &PagePicture,
    limits: &Limits,
) -> Result<image::RgbImage, ConvertError> {
    let document = header::require_document(bytes)?;
    let source = source::Source::open(&document)?;
    #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
    let dpi = wanted.dpi as f32;
    let drawn = raster::render_in_colour(source.pdf(), wanted.page, dpi, limits);
    let (image, scale) = drawn.map_err(|reason| ConvertError::InvalidDocument {
        reason: format!("page {} cannot be drawn: {reason}", wanted.page),
    })?;
    cut(&image, wanted.bbox, scale)
}

/// Converts a PDF.
pub(crate) fn convert(
    bytes: &[u8],
    options: &Options,
    limits: &Limits,
    host: &mut dyn Host,
) -> Result<Conversion, ConvertError> {
    let document = header::require_document(bytes)?;
    let source = source::Source::open(&document)?;
    let count = source.page_count_within(limits)?;
    let chosen: Vec<u32> = match &options.pages {
        Some(ranges) => ranges.pages(count).collect(),
        None => (1..=count).collect(),
    };
    if chosen.is_empty() {
        let reason = format!("none of the pages asked for exists; the document has {count}");
        return Err(ConvertError::EmptyDocument { reason });
    }
    let mut metadata = metadata::read(&source);
    let attachments = source.attachments();
    metadata.attachments.clone_from(&attachments.files);
    host.on_start(&DocumentInfo {
        format: Format::Pdf,
        metadata: metadata.clone(),
        pages: u32::try_from(chosen.len()).unwrap_or(u32::MAX),
    });
    let mut reader = page_reader::PageReader::new(&source, options, limits, host);
    reader.read(&chosen)?;
    let page_reader::ReadPages {
        pages,
        images,
        mut warnings,
    } = reader.finish()?;
    warnings.extend(attachments.warning().map(Warning::document));
    Ok(Conversion {
        format: Format::Pdf,
        metadata,
        pages,
        images,
        warnings,
        partial: None,
    })
}
