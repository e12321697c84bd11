use ilios_convert::PageKind;
use serde::Serialize;
use utoipa::ToSchema;

use super::metadata_fields::ConversionMetadataFields;
use crate::engine::LOCAL;
use crate::model::{Document, DocumentContent, DocumentMetadata, FileName, PageInfo};

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

/// One page, as clients see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PageView<'a> {
    /// 1-based number in the document.
    number: u32,
    /// Source of the text: `text_layer`, `ocr`, `structure` (of a file that says it itself, such as a web page) or `empty`.
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
