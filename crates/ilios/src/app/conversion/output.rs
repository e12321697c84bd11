use std::str::FromStr;

use ilios_convert::PageKind;
use serde::Serialize;
use utoipa::ToSchema;

use super::metadata_fields::ConversionFields;
use crate::engine::{LOCAL, Rendering};
use crate::model::{Document, DocumentContent, DocumentMetadata, FileName, PageInfo};
use crate::spool::Spooled;

/// What a client wants to see of a converted document.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OutputFormat {
    /// The Markdown itself.
    #[default]
    Markdown,
    /// Markdown, pages and metadata as one JSON object.
    Json,
    /// Plain text.
    Text,
    /// A sanitized HTML page.
    Html,
}

impl FromStr for OutputFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "markdown" => Ok(Self::Markdown),
            "json" => Ok(Self::Json),
            "text" => Ok(Self::Text),
            "html" => Ok(Self::Html),
            _ => Err("takes markdown, json, text or html".into()),
        }
    }
}

impl OutputFormat {
    /// The media type of the output.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Markdown => "text/markdown; charset=utf-8",
            Self::Json => "application/json",
            Self::Text => "text/plain; charset=utf-8",
            Self::Html => "text/html; charset=utf-8",
        }
    }

    /// The extension of a file with the output.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Json => "json",
            Self::Text => "txt",
            Self::Html => "html",
        }
    }

    /// Returns true if Markdown has to be parsed for this format, which takes a child process.
    #[must_use]
    pub fn needs_rendering(self) -> bool {
        matches!(self, Self::Text | Self::Html)
    }

    /// Rendering of Markdown for this format; `None` for Markdown and JSON, which hold it as it is.
    #[must_use]
    pub fn rendering(self, title: &FileName) -> Option<Rendering> {
        match self {
            Self::Markdown | Self::Json => None,
            Self::Text => Some(Rendering::Text),
            Self::Html => Some(Rendering::Html {
                title: title.to_string(),
            }),
        }
    }
}

/// What is known of a document beside its content, as clients see it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Metadata)]
#[serde(rename_all = "camelCase")]
pub struct MetadataView<'a> {
    /// The name that the document was sent with.
    file_name: &'a str,
    /// Bytes of the original.
    file_size: u64,
    /// Media type by content.
    mime_type: &'a str,
    /// SHA-256 of the original, hexadecimal.
    sha256: &'a str,
    #[serde(flatten)]
    #[schema(value_type = ConversionFields)]
    conversion: Option<&'a DocumentMetadata>,
}

/// One page, as clients see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PageView<'a> {
    /// 1-based number in the document.
    number: u32,
    /// Where the text comes from: `text_layer`, `ocr` or `empty`.
    #[schema(value_type = String)]
    kind: PageKind,
    /// Width in points (PDF) or pixels (images).
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<f32>,
    /// Height in the unit of `width`.
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<f32>,
    /// The engine that read it: `local` or `mistral`.
    engine: &'a str,
    /// Its header, where that was taken out of the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    header: Option<&'a str>,
    /// Its footer, where that was taken out of the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    footer: Option<&'a str>,
    /// The page as Markdown.
    markdown: &'a str,
}

impl<'a> MetadataView<'a> {
    /// The view of `document`.
    #[must_use]
    pub fn of(document: &'a Document) -> Self {
        Self {
            file_name: document.file_name.as_str(),
            file_size: document.file_size,
            mime_type: &document.mime_type,
            sha256: &document.sha256,
            conversion: document.metadata.as_ref(),
        }
    }

    /// The view of a document that is not stored.
    #[must_use]
    pub fn of_file(file_name: &'a FileName, file: &'a Spooled, metadata: &'a DocumentMetadata) -> Self {
        Self {
            file_name: file_name.as_str(),
            file_size: file.size(),
            mime_type: metadata.format.mime_type(),
            sha256: file.sha256(),
            conversion: Some(metadata),
        }
    }
}

impl<'a> PageView<'a> {
    /// The views of all pages.
    #[must_use]
    pub fn all(content: &'a DocumentContent) -> Vec<Self> {
        let view = |page: &'a PageInfo| PageView {
            number: page.number,
            kind: page.kind,
            width: page.width,
            height: page.height,
            engine: page.engine.as_deref().unwrap_or(LOCAL),
            header: page.header.as_deref(),
            footer: page.footer.as_deref(),
            markdown: content.markdown.get(page.start..page.end).unwrap_or_default(),
        };
        content.pages.iter().map(view).collect()
    }
}
