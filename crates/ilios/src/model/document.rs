use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use ilios_convert::render::TextBox;
use ilios_convert::{Metadata, PageKind, Partial, Warning};
use serde::{Deserialize, Serialize};

use super::{ConversionOptions, FileName, Id, ServiceUse, Tenant, Timestamp};

/// A document as the database knows it, without its content.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Its id.
    pub id: Id,
    /// Owner.
    pub tenant: Tenant,
    /// The name that it was sent with, made safe.
    pub file_name: FileName,
    /// Bytes of the original.
    pub file_size: u64,
    /// Media type by content; empty until it is detected.
    pub mime_type: String,
    /// SHA-256 of the original, 64 hex digits; empty until its bytes have been read.
    pub sha256: String,
    /// Status.
    pub status: Status,
    /// Time at which it was accepted.
    pub created_at: Timestamp,
    /// Time at which it ended.
    pub processed_at: Option<Timestamp>,
    /// Retention time.
    pub retention: RetentionDays,
    /// Metadata of the conversion; for completed documents.
    pub metadata: Option<DocumentMetadata>,
    /// The batch that it was sent in.
    pub batch: Option<Id>,
    /// Options of the conversion.
    pub options: ConversionOptions,
    /// Key of the original in the object store; a document that was converted at once has none.
    pub object_key: Option<String>,
    /// Reason of its failure.
    pub failure: Option<Failure>,
    /// Another conversion that was asked for, and has not replaced the result.
    pub reconversion: Option<Reconversion>,
}

/// Another conversion of a completed document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reconversion {
    /// Its options.
    pub options: ConversionOptions,
    /// Reason of its failure; `None` while it is under way.
    pub failure: Option<Failure>,
}

impl Document {
    /// Options of a conversion that is under way although the document has a result.
    #[must_use]
    pub fn reconversion_under_way(&self) -> Option<&ConversionOptions> {
        let reconversion = self
            .reconversion
            .as_ref()
            .filter(|_| self.status == Status::Completed);
        let under_way = reconversion.filter(|reconversion| reconversion.failure.is_none());
        under_way.map(|reconversion| &reconversion.options)
    }

    /// Returns true if no conversion of it is asked for.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.status.is_final() && self.reconversion_under_way().is_none()
    }
}

/// Reason a document failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The stable name of the fault.
    pub code: String,
    /// Description for people.
    pub message: String,
}

impl Failure {
    /// A failure of the fault `code`.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
        }
    }
}

/// The Markdown of a completed document, with the pages it is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct DocumentContent {
    /// The whole document as Markdown.
    pub markdown: String,
    /// Its pages, whose `start` and `end` are byte positions in `markdown`.
    pub pages: Vec<PageInfo>,
}

impl DocumentContent {
    /// The tokens that old clients are told, four characters each. Nothing is billed by them.
    #[must_use]
    pub fn estimated_tokens(&self) -> u64 {
        (self.markdown.chars().count() as u64).div_ceil(4)
    }
}

/// A picture of a converted document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentImage {
    /// Its name in the document.
    pub name: String,
    /// Key of its object.
    pub object_key: String,
    /// Media type by content.
    pub mime_type: String,
    /// Bytes.
    pub size: u64,
    /// Width and height in pixels, where they are known.
    pub pixels: Option<(u32, u32)>,
}

/// One page of a converted document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PageInfo {
    /// 1-based number in the document.
    pub number: u32,
    /// Source of the text.
    pub kind: PageKind,
    /// Width in points (PDF) or pixels (images).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub width: Option<f32>,
    /// Height in the unit of `width`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub height: Option<f32>,
    /// First byte of the page in the document's Markdown.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// The engine that read it; the local one when absent.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub engine: Option<String>,
    /// Mean confidence in its words, 0 to 1, where they were recognized.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub confidence: Option<f32>,
    /// Its header, where that was taken out of the text.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub header: Option<String>,
    /// Its footer, where that was taken out of the text.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub footer: Option<String>,
    /// Boxes of its parts, where a service has told them.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub boxes: Vec<TextBox>,
}

/// Metadata of a converted document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DocumentMetadata {
    /// The engine that converted it: `local`, `mistral`, or `mixed` when each did a part.
    pub engine: String,
    /// The engine's model and version.
    pub model: String,
    /// The type that the bytes turned out to have.
    pub format: ilios_convert::Format,
    /// Pages that were converted.
    pub extracted_pages: u32,
    /// Milliseconds the conversion took.
    pub processing_time_ms: u64,
    /// Metadata of the file itself.
    #[serde(flatten)]
    pub source: Metadata,
    /// Parts that could not be read.
    pub warnings: Vec<Warning>,
    /// That the conversion was stopped: why, and after which page.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub partial: Option<Partial>,
    /// Use of a paid service, where one was asked.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub service: Option<ServiceUse>,
    /// Reason the local engine has replaced the requested one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub fallback: Option<String>,
    /// Metadata that version 2.1 stored, unchanged, for a document that was imported from there.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub imported: Option<serde_json::Value>,
}

/// Status of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Accepted, not begun.
    Pending,
    /// A worker is at it.
    Processing,
    /// Converted.
    Completed,
    /// Given up.
    Failed,
    /// Converted, and past its retention.
    Archived,
}

/// Retention time of a document: 1 to 3650 days, 365 by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct RetentionDays(u16);

impl Status {
    /// The status as the contract names it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Processing => "processing",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Archived => "archived",
        }
    }

    /// Returns true if the document has ended.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Archived)
    }

    /// Returns true if the document has content.
    #[must_use]
    pub fn has_content(self) -> bool {
        matches!(self, Self::Completed | Self::Archived)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Status {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [
            Self::Pending,
            Self::Processing,
            Self::Completed,
            Self::Failed,
            Self::Archived,
        ]
        .into_iter()
        .find(|status| status.as_str() == text)
        .ok_or_else(|| format!("no status: {text}"))
    }
}

impl RetentionDays {
    /// A day.
    pub const SHORTEST: Self = Self(1);
    /// Thirty days.
    pub const MONTH: Self = Self(30);

    /// Days.
    #[must_use]
    pub fn days(self) -> u16 {
        self.0
    }

    /// The span.
    #[must_use]
    pub fn duration(self) -> Duration {
        Duration::from_secs(u64::from(self.0) * 24 * 60 * 60)
    }
}

impl Default for RetentionDays {
    fn default() -> Self {
        Self(365)
    }
}

impl FromStr for RetentionDays {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse() {
            Ok(days @ 1..=3650) => Ok(Self(days)),
            _ => Err("takes a whole number of days from 1 to 3650".into()),
        }
    }
}
