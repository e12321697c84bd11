//! OCR results: tesseract's TSV to Markdown, with paragraphs and headings.

mod blocks;
#[cfg(test)]
mod tests;
mod tsv;

use crate::{Host, OcrError, OcrLanguages, OcrRequest};

/// Recognizes one image and returns its text as Markdown, empty if there is none.
pub(crate) fn recognize(
    host: &mut dyn Host,
    png: &[u8],
    dpi: u32,
    languages: &OcrLanguages,
) -> Result<String, OcrError> {
    let tsv = host.recognize(OcrRequest { png, dpi, languages })?;
    Ok(blocks::to_markdown(&tsv::lines(&tsv)))
}
