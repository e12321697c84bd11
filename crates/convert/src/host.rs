use crate::{OcrLanguages, Outset, Page, Warning};

/// What a conversion may ask of its surroundings.
///
/// The crate starts no program itself: whoever calls it decides where OCR runs and under which limits.
pub trait Host {
    /// Recognizes the text of one picture.
    ///
    /// Returns the TSV that the `tesseract` program writes (`tesseract … tsv`): one row a page, block,
    /// paragraph, line and word, with pixel boxes.
    ///
    /// # Errors
    /// [`OcrError`]: there is no OCR here, or it failed on this picture.
    fn recognize(&mut self, request: OcrRequest<'_>) -> Result<String, OcrError>;

    /// Tells that the pages of a document are about to be read. Formats without pages do not tell.
    fn begun(&mut self, outset: &Outset) {
        let _ = outset;
    }

    /// Tells which page is worked at from now on. A reader may look `ahead` of the page whose turn it is, to know what
    /// repeats on the pages after it.
    fn at(&mut self, number: u32, ahead: bool) {
        let _ = (number, ahead);
    }

    /// Tells that one page is done, and what has gone wrong since the page before; pages come in document order.
    fn page_done(&mut self, page: &Page, warnings: &[Warning]) {
        let _ = (page, warnings);
    }
}

/// One picture to recognize.
#[derive(Debug, Clone, Copy)]
pub struct OcrRequest<'a> {
    /// The picture as PNG.
    pub png: &'a [u8],
    /// Pixels an inch, 200 for rendered pages.
    pub dpi: u32,
    /// What the text may be written in.
    pub languages: &'a OcrLanguages,
}

/// Why a picture was not recognized.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OcrError {
    /// There is no OCR here, or not for these languages; the text says what to install.
    #[error("{0}")]
    Unavailable(String),
    /// OCR was tried and failed on this picture.
    #[error("{0}")]
    Failed(String),
}

/// A host without OCR.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoOcr;

impl Host for NoOcr {
    fn recognize(&mut self, _request: OcrRequest<'_>) -> Result<String, OcrError> {
        Err(OcrError::Unavailable("no OCR program is connected".into()))
    }
}
