//! Stand-in for `pdf-inspector`: what `anydoc` names of it, and nothing behind it. Every PDF is refused.
//!
//! Its Cargo.toml says why it is there and when it goes.

use std::convert::Infallible;
use std::io;

/// Reason why a PDF is not read. The stand-in gives [`PdfError::Parse`] alone.
#[derive(Debug)]
pub enum PdfError {
    /// Reading failed.
    Io(io::Error),
    /// The PDF cannot be parsed.
    Parse(String),
    /// The PDF is encrypted.
    Encrypted,
    /// The PDF has no sound structure.
    InvalidStructure,
    /// The bytes are no PDF.
    NotAPdf(String),
}

/// Result of reading a PDF: there is none.
#[derive(Debug)]
pub struct PdfProcessResult {
    /// Kind of PDF.
    pub pdf_type: Infallible,
    /// Markdown of the document.
    pub markdown: Option<String>,
    /// Number of pages.
    pub page_count: u32,
    /// Numbers of the pages that need OCR, from 1.
    pub pages_needing_ocr: Vec<u32>,
    /// Returns true if characters were lost.
    pub has_encoding_issues: bool,
}

/// Result of reading pages of a PDF: there is none.
#[derive(Debug)]
pub struct PagesExtractionResult {
    /// Numbers of the pages that need OCR, from 1.
    pub pages_needing_ocr: Vec<u32>,
}

/// Refuses a PDF.
///
/// # Errors
/// Always [`PdfError::Parse`].
pub fn process_pdf_mem(_pdf: &[u8]) -> Result<PdfProcessResult, PdfError> {
    Err(refused())
}

/// Refuses pages of a PDF.
///
/// # Errors
/// Always [`PdfError::Parse`].
pub fn extract_pages_markdown_mem(
    _pdf: &[u8],
    _pages: Option<&[u32]>,
) -> Result<PagesExtractionResult, PdfError> {
    Err(refused())
}

fn refused() -> PdfError {
    PdfError::Parse("PDFs are not read by this library".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pdf_is_refused() {
        let pdf = b"%PDF-1.7\n";
        assert!(matches!(process_pdf_mem(pdf), Err(PdfError::Parse(_))));
        let pages = extract_pages_markdown_mem(pdf, Some(&[0]));
        assert!(matches!(pages, Err(PdfError::Parse(_))));
    }
}
