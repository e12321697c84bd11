//! Tesseract TSV to Markdown: lines, paragraphs, headings, reading order.

mod layout;
mod tsv;

use crate::{Host, OcrError, OcrLanguages, OcrRequest};

/// Recognizes one picture and sets it as Markdown; empty when there is no text on it.
pub(crate) fn recognize(
    host: &mut dyn Host,
    png: &[u8],
    dpi: u32,
    languages: &OcrLanguages,
) -> Result<String, OcrError> {
    let tsv = host.recognize(OcrRequest { png, dpi, languages })?;
    Ok(layout::page(&tsv::lines(&tsv)))
}
