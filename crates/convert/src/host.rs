use serde::{Deserialize, Serialize};

use crate::ir::Image;
use crate::{DocumentInfo, OcrLanguages, Page, Warning};

/// Services that a conversion needs from its caller, and events that it reports to it.
///
/// The crate starts no program itself: the caller decides where OCR runs and under which limits.
pub trait Host {
    /// Recognizes the text of one image.
    ///
    /// Returns the TSV that the `tesseract` program writes (`tesseract … tsv`): one row a page, block,
    /// paragraph, line and word, with pixel boxes.
    ///
    /// # Errors
    /// [`OcrError`]: OCR is not available, or it failed on this image.
    fn recognize(&mut self, request: OcrRequest<'_>) -> Result<String, OcrError>;

    /// Called before the first page is read. Formats without pages do not call it.
    fn on_start(&mut self, document: &DocumentInfo) {
        let _ = document;
    }

    /// Returns false if the result needs no blocks and no bytes of pictures, nor the Markdown of a PDF's pages, since the
    /// host takes them with each page: then a long document does not hold them until its end.
    fn keeps_blocks(&self) -> bool {
        true
    }

    /// Called before work on a page begins. `lookahead`: its text is read early, because the layout of the pages before
    /// it depends on what repeats from page to page. If a document kills the process, the last call names the page.
    fn on_page_start(&mut self, number: u32, lookahead: bool) {
        let _ = (number, lookahead);
    }

    /// Called before the networks of this crate read a picture, which takes seconds of processor time and some 200 MB of
    /// memory. `pictures`: as many are to be read, this one and those of the pages that come. Returns the number of them
    /// that may be read at the same time, each by a thread of its own; the conversion goes on when it returns.
    fn on_recognition(&mut self, pictures: usize) -> usize {
        let _ = pictures;
        1
    }

    /// Gives larger networks for pictures that those of this crate are unsure of; asked for at most once a document.
    /// `None`: there are none, or not the memory for them.
    fn larger_networks(&mut self) -> Option<NetworkFiles> {
        None
    }

    /// Called for each picture that is taken out of the document, before the page that shows it first.
    fn on_picture(&mut self, picture: &Image) {
        let _ = picture;
    }

    /// Called after each page, in document order, with the warnings since the page before.
    fn on_page_done(&mut self, page: &Page, warnings: &[Warning]) {
        let _ = (page, warnings);
    }
}

/// Image to recognize.
#[derive(Debug, Clone, Copy)]
pub struct OcrRequest<'a> {
    /// Image as PNG.
    pub png: &'a [u8],
    /// Resolution in pixels per inch: 200 for rendered pages, less for very large ones.
    pub dpi: u32,
    /// Languages that the text may be in.
    pub languages: &'a OcrLanguages,
    /// Set if the text is in none of them but in a script that the networks of this crate do not know: the host may take
    /// every language of such a script that it has.
    pub any_script: bool,
}

/// Files of networks that find and read text, in the ONNX format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkFiles {
    /// Finds stretches of text.
    pub detector: Vec<u8>,
    /// Reads a stretch of text, and lists its characters in its metadata.
    pub recognizer: Vec<u8>,
}

/// Reason why an image was not recognized.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum OcrError {
    /// OCR is not available, or not for these languages; the text says what to install.
    #[error("{0}")]
    Unavailable(String),
    /// OCR was tried and failed on this image.
    #[error("{0}")]
    Failed(String),
}

/// Host without OCR.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoOcr;

impl Host for NoOcr {
    fn recognize(&mut self, _request: OcrRequest<'_>) -> Result<String, OcrError> {
        Err(OcrError::Unavailable("no OCR program is connected".into()))
    }
}
