//! Protocol between the local engine and its child: the kinds of frames and their JSON.

use ilios_convert::{Limits, OcrError, OcrLanguages, Options, Page, PartLimits, Warning};
use ilios_sandbox::{Frame, FrameError};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Rendering;
use crate::spool::SpoolError;

/// Parent to child, first: [`Job`].
pub(super) const JOB: u8 = 1;
/// Child to parent: [`OcrHeader`]; an [`IMAGE`] follows.
pub(super) const OCR: u8 = 2;
/// Child to parent: a PNG.
pub(super) const IMAGE: u8 = 3;
/// Parent to child: tesseract's TSV.
pub(super) const OCR_TEXT: u8 = 4;
/// Parent to child: [`OcrFailure`].
pub(super) const OCR_FAILURE: u8 = 5;
/// Child to parent, last: a `Conversion`.
pub(super) const CONVERSION: u8 = 6;
/// Child to parent, last: a `ConvertError`.
pub(super) const FAILURE: u8 = 7;
/// Child to parent, last: the `PageAssessment`s of a PDF.
pub(super) const VERDICTS: u8 = 8;
/// Child to parent, last: the `PlannedPart`s of a PDF.
pub(super) const PLAN: u8 = 9;
/// Child to parent: the next bytes of a part.
pub(super) const PART: u8 = 10;
/// Child to parent, empty: the part is whole. After the last one the child has nothing more to say.
pub(super) const PART_END: u8 = 11;
/// Child to parent, before the pages of a conversion: a `DocumentInfo`.
pub(super) const STARTED: u8 = 12;
/// Child to parent: a [`PageDone`] of a conversion. The `Conversion` at the end is without the pages that came so.
pub(super) const PAGE: u8 = 13;
/// Child to parent: [`PageStart`] which page it works.
pub(super) const PAGE_START: u8 = 14;
/// Parent to child: the document.
pub(super) const INPUT: u8 = 15;
/// Child to parent, empty: it has its job and its document, and begins.
pub(super) const ACCEPTED: u8 = 16;

/// The most bytes of a [`PART`].
pub(super) const MAX_PART_FRAME_BYTES: usize = 1 << 20;

/// Job of a child.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Job {
    pub(super) name: String,
    pub(super) task: Task,
    pub(super) limits: Limits,
    /// True if the document follows in an [`INPUT`] frame; otherwise it is the open file.
    pub(super) inline: bool,
}

/// The work itself.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Task {
    /// Convert the document.
    Convert(Options),
    /// Tell what each page of a PDF needs.
    Assess,
    /// Divide these pages of a PDF into parts.
    Plan(Vec<u32>, PartLimits),
    /// Cut parts of these pages out of a PDF, of at most so many bytes each.
    Cut(Vec<Vec<u32>>, u64),
    /// Make something else of Markdown: one part.
    Render(Rendering),
}

/// A converted page, and what has gone wrong since the page before.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct PageDone {
    pub(super) page: Page,
    pub(super) warnings: Vec<Warning>,
}

/// The page that a converter works at, in its turn or ahead of it.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct PageStart {
    pub(super) page: u32,
    pub(super) lookahead: bool,
}

/// Settings for the recognition of a picture.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct OcrHeader {
    pub(super) dpi: u32,
    pub(super) languages: OcrLanguages,
}

/// An [`OcrError`] on its way to the child.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum OcrFailure {
    Unavailable(String),
    Failed(String),
}

impl From<OcrError> for OcrFailure {
    fn from(error: OcrError) -> Self {
        match error {
            OcrError::Unavailable(text) => Self::Unavailable(text),
            OcrError::Failed(text) => Self::Failed(text),
        }
    }
}

impl From<OcrFailure> for OcrError {
    fn from(failure: OcrFailure) -> Self {
        match failure {
            OcrFailure::Unavailable(text) => Self::Unavailable(text),
            OcrFailure::Failed(text) => Self::Failed(text),
        }
    }
}

/// The other side did not keep to the protocol, or is gone.
#[derive(Debug, thiserror::Error)]
pub(super) enum ProtocolError {
    #[error(transparent)]
    Frame(#[from] FrameError),
    #[error("unreadable message: {0}")]
    Json(#[from] serde_json::Error),
    #[error("unexpected message of kind {0}")]
    Unexpected(u8),
    #[error(transparent)]
    Spool(#[from] SpoolError),
}

pub(super) fn encode<T: Serialize>(kind: u8, message: &T) -> Result<Frame, ProtocolError> {
    Ok(Frame {
        kind,
        bytes: serde_json::to_vec(message)?,
    })
}

pub(super) fn decode<T: DeserializeOwned>(kind: u8, frame: &Frame) -> Result<T, ProtocolError> {
    if frame.kind != kind {
        return Err(ProtocolError::Unexpected(frame.kind));
    }
    Ok(serde_json::from_slice(&frame.bytes)?)
}
