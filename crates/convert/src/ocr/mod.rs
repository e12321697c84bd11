//! OCR results: tesseract's TSV to blocks, with paragraphs and headings.

mod blocks;
#[cfg(test)]
mod tests;
mod tsv;

use crate::ir::{Builder, Confidence};
use crate::{ConvertError, Host, OcrError, OcrLanguages, OcrRequest};

/// Name of the engine of recognized pages.
pub(crate) const ENGINE: &str = "tesseract";

/// Text of one image.
pub(crate) struct Recognized {
    lines: Vec<tsv::Line>,
}

impl Recognized {
    /// Confidence in its words; `None` without any.
    pub(crate) fn confidence(&self) -> Option<Confidence> {
        tsv::confidence(self.lines.iter().flat_map(|line| &line.words))
    }

    /// Adds its blocks to the page of this number. `unit` is the length of a pixel in the unit of the page.
    ///
    /// # Errors
    /// `LimitExceeded`.
    pub(crate) fn add_to(&self, builder: &mut Builder<'_>, page: u32, unit: f32) -> Result<(), ConvertError> {
        blocks::add_to(&self.lines, builder, page, unit)
    }
}

/// Recognizes one image.
///
/// # Errors
/// As [`Host::recognize`].
pub(crate) fn recognize(
    host: &mut dyn Host,
    png: &[u8],
    dpi: u32,
    languages: &OcrLanguages,
) -> Result<Recognized, OcrError> {
    let tsv = host.recognize(OcrRequest { png, dpi, languages })?;
    Ok(Recognized {
        lines: tsv::lines(&tsv),
    })
}
