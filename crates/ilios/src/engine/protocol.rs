//! Messages between the local engine and its child. Each is one frame, encoded by `postcard`: parent and child are the
//! same program, so that no other version reads them.
//!
//! A child that has read a document may be compromised. The parent decodes what it sends within bounds: a
//! `FrameCollector` limits the frame before it is read, a text or body has to be in the frame before memory is taken
//! for it, a list is limited in items, for these take more memory than bytes of a frame, and no type contains itself.
//! Bytes that are no message, or follow one, are a [`ProtocolError`] that ends the child.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use ilios_convert::ir::Confidence;
use ilios_convert::{
    AttachedFile, ConvertError, Format, Limits, Metadata, OcrError, OcrLanguages, Options, Page,
    PageAssessment, PageKind, PartLimits, PlannedPart,
};
use ilios_sandbox::FrameError;
use serde::{Deserialize, Serialize, Serializer};

use super::frame_lists::{WarningFields, attachment_list, bounded};
use super::{ArtifactError, Rendering};
use crate::spool::SpoolError;

/// The most bytes of a [`FromChild::Part`].
pub(super) const MAX_PART_BYTES: usize = 1 << 20;

/// Message from the parent.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum ToChild<'a> {
    /// The first one, and the first one after the end of a job.
    #[serde(borrow)]
    Job(Box<Job<'a>>),
    /// Reply to [`FromChild::Ocr`]: tesseract's TSV.
    OcrText(Body<'a>),
    /// Reply to [`FromChild::Ocr`].
    OcrFailed(OcrError),
    /// Reply to [`FromChild::Recognizing`]: there is memory for it. With the number of pictures that it may read at the same
    /// time.
    Proceed(u32),
    /// Reply to [`FromChild::LargerNetworks`].
    Networks(#[serde(borrow)] Option<NetworkBodies<'a>>),
}

/// Files of networks.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct NetworkBodies<'a> {
    #[serde(borrow)]
    pub(super) detector: Body<'a>,
    #[serde(borrow)]
    pub(super) recognizer: Body<'a>,
}

/// Message from the child. [`Self::Accepted`] is the first one of a job; `Failed`, `Converted`, `Verdicts`, `Plan` and the
/// last `PartEnd` are the end of it: it is sent when nothing of the document is left in the child.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum FromChild<'a> {
    /// It has its job and its document, and begins. With the memory that it had before its first job, where its limits are
    /// on top of that.
    Accepted(Option<u64>),
    /// A picture whose text has to be recognized; it waits for the reply.
    Ocr {
        dpi: u32,
        languages: OcrLanguages,
        any_script: bool,
        #[serde(borrow)]
        png: Body<'a>,
    },
    /// Facts of the document that are known before its first page.
    Started {
        format: Format,
        #[serde(with = "MetadataFields")]
        metadata: Metadata,
        pages: u32,
    },
    /// The page that it works at, in its turn or ahead of it.
    PageStart { page: u32, lookahead: bool },
    /// A converted page, and the warnings since the page before.
    Page {
        page: PageFields<'a>,
        /// Its model: bytes that the parent keeps and does not read.
        model: Body<'a>,
        #[serde(deserialize_with = "bounded")]
        warnings: Vec<WarningFields>,
    },
    /// All pages have been sent. The warnings are those of the whole document.
    Converted {
        format: Format,
        #[serde(with = "MetadataFields")]
        metadata: Metadata,
        #[serde(deserialize_with = "bounded")]
        warnings: Vec<WarningFields>,
    },
    /// The document is at fault.
    Failed(ConvertError),
    /// Needs of the pages of a PDF: text or OCR.
    Verdicts(#[serde(deserialize_with = "bounded")] Vec<PageAssessment>),
    /// The parts of a PDF.
    Plan(#[serde(deserialize_with = "bounded")] Vec<PlannedPart>),
    /// The next bytes of a part.
    Part(Body<'a>),
    /// The part is whole.
    PartEnd,
    /// A picture that was taken out of the document; it comes before the page that shows it first.
    Picture(PictureFields<'a>),
    /// It begins to recognize pictures by itself, at most so many, which takes processor time and memory; it waits for the
    /// reply.
    Recognizing(u32),
    /// It is unsure of a picture, and waits for larger networks.
    LargerNetworks,
}

impl FromChild<'_> {
    /// Returns true if it says that a part of the document was left out.
    pub(super) fn has_warnings(&self) -> bool {
        match self {
            Self::Page { warnings, .. } | Self::Converted { warnings, .. } => !warnings.is_empty(),
            _ => false,
        }
    }
}

/// A picture. The parent does not decode it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct PictureFields<'a> {
    pub(super) name: &'a str,
    pub(super) mime_type: &'a str,
    pub(super) width: u32,
    pub(super) height: u32,
    #[serde(borrow)]
    pub(super) bytes: Body<'a>,
}

/// Job of a child.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Job<'a> {
    pub(super) name: &'a str,
    pub(super) task: Task,
    pub(super) limits: Limits,
    /// The document; `None` if it is the open file.
    #[serde(borrow)]
    pub(super) document: Option<Body<'a>>,
    /// File of the tokenizer that measures the chunks of a rendering; `None` if it is built in.
    #[serde(borrow)]
    pub(super) tokenizer: Option<Body<'a>>,
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
    /// Make something else of Markdown or a stored document: one part.
    Render(Rendering),
}

/// Bytes that stay where they are in a received frame.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct Body<'a>(pub(super) &'a [u8]);

impl Serialize for Body<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // A slice would be written byte by byte.
        serializer.serialize_bytes(self.0)
    }
}

/// The fields of [`Metadata`], whose own form leaves out what is absent, as JSON can.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Metadata")]
struct MetadataFields {
    title: Option<String>,
    author: Option<String>,
    created: Option<String>,
    modified: Option<String>,
    page_count: Option<u32>,
    #[serde(with = "attachment_list")]
    attachments: Vec<AttachedFile>,
}

/// The fields of a [`Page`] that the parent keeps. Not its blocks, which contain each other: only a child reads them.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct PageFields<'a> {
    number: u32,
    kind: PageKind,
    markdown: Cow<'a, str>,
    width: Option<f32>,
    height: Option<f32>,
    confidence: Option<Confidence>,
}

impl<'a> From<&'a Page> for PageFields<'a> {
    fn from(page: &'a Page) -> Self {
        Self {
            number: page.number,
            kind: page.kind,
            markdown: Cow::Borrowed(&page.markdown),
            width: page.width,
            height: page.height,
            confidence: page.confidence,
        }
    }
}

impl From<PageFields<'_>> for Page {
    fn from(fields: PageFields<'_>) -> Self {
        Self {
            markdown: fields.markdown.into_owned(),
            width: fields.width,
            height: fields.height,
            confidence: fields.confidence,
            ..Self::new(fields.number, fields.kind)
        }
    }
}

/// The other side did not keep to the protocol, or is gone.
#[derive(Debug, thiserror::Error)]
pub(super) enum ProtocolError {
    #[error(transparent)]
    Frame(#[from] FrameError),
    #[error("no message: {0}")]
    Malformed(#[from] postcard::Error),
    #[error("{0} bytes behind a message")]
    TrailingBytes(usize),
    #[error("the model of a page cannot be written: {0}")]
    Model(std::io::Error),
    #[error("unexpected message")]
    Unexpected,
    #[error(transparent)]
    Spool(#[from] SpoolError),
    #[error("a picture cannot be kept: {0}")]
    Picture(#[from] ArtifactError),
}

pub(super) fn encode(message: &impl Serialize) -> Result<Vec<u8>, ProtocolError> {
    Ok(postcard::to_stdvec(message)?)
}

pub(super) fn decode<'a, T: Deserialize<'a>>(frame: &'a [u8]) -> Result<T, ProtocolError> {
    match postcard::take_from_bytes(frame)? {
        (message, []) => Ok(message),
        (_, rest) => Err(ProtocolError::TrailingBytes(rest.len())),
    }
}

/// The frame of the message that the parent takes `frame` for; `None` if it is none. For tests of the decoder.
#[doc(hidden)]
#[must_use]
pub fn reencoded(frame: &[u8]) -> Option<Vec<u8>> {
    encode(&decode::<FromChild<'_>>(frame).ok()?).ok()
}
