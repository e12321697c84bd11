//! PDF: the text layer where a page has a usable one, OCR of the painted page where it has not.

mod assess;
mod backend;
mod block;
mod compose;
mod cue;
mod emphasis;
mod flow;
mod fonts;
mod furniture;
mod header;
mod headings;
mod hyphen;
mod inline;
mod judge;
mod layer;
mod line;
mod list;
mod marker;
mod metadata;
mod pages;
mod parts;
mod place;
mod raster;
mod rules;
mod source;
mod tables;
mod write;

pub use assess::{PageNeeds, PageVerdict, WhyEyes, assess_pdf};
pub use parts::{PartLimits, PdfParts, PlannedPart};

use crate::{Conversion, ConvertError, Format, Host, Limits, Options, Outset};

pub(crate) fn convert(
    bytes: &[u8],
    options: &Options,
    limits: &Limits,
    host: &mut dyn Host,
) -> Result<Conversion, ConvertError> {
    let document = header::document(bytes).ok_or_else(|| ConvertError::InvalidDocument {
        reason: "it has no PDF header".into(),
    })?;
    let source = source::Source::open(&document)?;
    let count = source.page_count();
    limits.check_pages(usize::try_from(count).unwrap_or(usize::MAX))?;
    let chosen: Vec<u32> = match &options.pages {
        Some(ranges) => ranges.pages(count).collect(),
        None => (1..=count).collect(),
    };
    if chosen.is_empty() {
        let reason = format!("none of the pages asked for exists; the document has {count}");
        return Err(ConvertError::EmptyDocument { reason });
    }
    let metadata = metadata::read(&source);
    host.begun(&Outset {
        format: Format::Pdf,
        metadata: metadata.clone(),
        pages: u32::try_from(chosen.len()).unwrap_or(u32::MAX),
    });
    let mut reader = pages::Reader::new(&source, options, limits, host);
    reader.read(&chosen)?;
    let (pages, warnings) = reader.finish()?;
    Ok(Conversion {
        format: Format::Pdf,
        metadata,
        pages,
        warnings,
        partial: None,
    })
}
