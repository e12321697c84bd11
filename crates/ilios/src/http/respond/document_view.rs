use ilios_convert::PageKind;
use serde::Serialize;
use utoipa::ToSchema;

use super::metadata_fields::ConversionMetadataFields;
use crate::model::{Document, DocumentMetadata, FileName};

/// Metadata of a document as clients see it.
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
    #[schema(value_type = ConversionMetadataFields)]
    conversion: Option<&'a DocumentMetadata>,
}

/// Model of a document, for the API description: a child writes it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct ModelView {
    /// Version of the model. The first number changes when something is renamed or goes.
    model: String,
    pages: Vec<PageView>,
    /// Headings with their places.
    #[schema(value_type = Vec<Object>)]
    outline: Vec<()>,
    /// Footnotes and endnotes.
    #[schema(value_type = Vec<Object>)]
    notes: Vec<()>,
    /// Pictures that were taken out.
    #[schema(value_type = Vec<Object>)]
    images: Vec<()>,
    /// Parts that could not be read; the same as those of `metadata`.
    #[schema(value_type = Vec<Object>)]
    warnings: Vec<()>,
}

/// A line of `format=chunks`, for the API description: a child writes it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct ChunkView {
    /// Id of the document; in downloads of batches alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<String>,
    /// Place among the chunks of its document, from 0.
    index: u64,
    /// Markdown.
    text: String,
    /// Headings above it.
    context: Vec<String>,
    /// Tokens of the text.
    tokens: u32,
    /// Pages that it is of.
    pages: Vec<u32>,
    /// Ids of its blocks.
    blocks: Vec<String>,
    /// Hash of its text.
    hash: String,
    /// `text`, `table`, `code`, `list` or `figure`.
    kind: String,
}

/// One page, for the API description.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct PageView {
    /// 1-based number in the document.
    number: u32,
    /// Number or name that is printed on it or given to it: `iii`, the name of a sheet.
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    /// Source of the text: `text_layer`, `ocr`, `structure` (of a file that says it itself, such as a web page) or `empty`.
    #[schema(value_type = String)]
    kind: PageKind,
    /// Width in `unit`.
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<f32>,
    /// Height in `unit`.
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<f32>,
    /// Unit of its size and of the boxes of its blocks: `pt` or `px`.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
    /// The engine that read it: `local` or `mistral`.
    engine: String,
    /// Its header, where that was taken out of the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    header: Option<String>,
    /// Its footer, where that was taken out of the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    footer: Option<String>,
    /// The page as Markdown.
    markdown: String,
    /// Its blocks in reading order, each with `id`, `type`, `hash`, its text and its places. Empty where only the Markdown
    /// is known.
    #[schema(value_type = Vec<Object>)]
    blocks: Vec<()>,
    /// Doubts about it: `code`, `severity`, `message`.
    #[schema(value_type = Vec<Object>)]
    doubts: Vec<()>,
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
    pub fn of_file(
        file_name: &'a FileName,
        file_size: u64,
        sha256: &'a str,
        metadata: &'a DocumentMetadata,
    ) -> Self {
        Self {
            file_name: file_name.as_str(),
            file_size,
            mime_type: metadata.format.mime_type(),
            sha256,
            conversion: Some(metadata),
        }
    }
}
