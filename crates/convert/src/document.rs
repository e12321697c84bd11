use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::ir::{Image, Page};
use crate::write::{MarkdownJoin, markdown};
use crate::{Format, PageBreaks};

/// Result of a conversion: pages of Markdown, metadata, and warnings about missing parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Conversion {
    /// Detected format.
    pub format: Format,
    /// Metadata of the document.
    pub metadata: Metadata,
    /// Converted pages in document order; formats without pages have one.
    pub pages: Vec<Page>,
    /// Pictures that were taken out of it.
    pub images: Vec<Image>,
    /// Parts that could not be read, in words.
    pub warnings: Vec<Warning>,
    /// Set if the conversion was stopped and only the pages before are here. The caller sets it, as this crate does not
    /// survive being stopped.
    pub partial: Option<Partial>,
}

/// Extent of a conversion that was stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Partial {
    /// Stable name of the reason, such as `timeout`.
    pub reason: String,
    /// Number of the last page that was converted.
    pub last_page: u32,
}

/// Facts about a document that are known before its first page is read.
#[derive(Debug, Clone, PartialEq)]
pub struct DocumentInfo {
    /// Detected format.
    pub format: Format,
    /// Metadata of the document.
    pub metadata: Metadata,
    /// Number of pages that will be read.
    pub pages: u32,
}

/// Metadata that the document carries. Everything is optional and unverified.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Metadata {
    /// Title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Author or authors, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Time of creation, RFC 3339 where it could be parsed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// Time of the last change, RFC 3339 where it could be parsed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modified: Option<String>,
    /// Number of pages (PDF, TIFF), slides or sheets in the whole document, including those that were not requested.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_count: Option<u32>,
    /// Files that the document holds beside its pages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<AttachedFile>,
}

/// File that a document holds. Everything is as the document says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AttachedFile {
    /// Name without folders.
    pub name: String,
    /// Media type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
    /// Size in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
}

/// Warning about a part of the document that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Warning {
    /// 1-based number of the page, if the warning is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// Missing part and reason, in words for people.
    pub message: String,
}

impl Conversion {
    /// Removes control characters from metadata and warnings, since a terminal would obey them. Pages have none.
    pub(crate) fn make_printable(&mut self) {
        let metadata = &mut self.metadata;
        let texts = [
            &mut metadata.title,
            &mut metadata.author,
            &mut metadata.created,
            &mut metadata.modified,
        ];
        let messages = self.warnings.iter_mut().map(|warning| &mut warning.message);
        let names = metadata.attachments.iter_mut().map(|file| &mut file.name);
        for text in texts.into_iter().flatten().chain(messages).chain(names) {
            *text = markdown::printable(std::mem::take(text));
        }
    }

    /// Markdown of the whole document: its pages with text, with one newline at the end. Between them stand a blank line and,
    /// unless a page is a slide, sheet or chapter that begins with a heading, `---` and another one.
    #[must_use]
    pub fn markdown(&self) -> String {
        self.markdown_with_spans(PageBreaks::Rule).0
    }

    /// Markdown of the whole document, with `breaks` between pages, and the byte range of each page in it, empty for a
    /// page without text.
    #[must_use]
    pub fn markdown_with_spans(&self, breaks: PageBreaks) -> (String, Vec<Range<usize>>) {
        let mut text = String::with_capacity(self.text_bytes() + 7 * self.pages.len());
        let mut join = MarkdownJoin::new(breaks);
        let pages = self.pages.iter();
        let spans = pages
            .map(|page| join.page(page.number, page.kind, &page.markdown, &mut text))
            .collect();
        text.push('\n');
        (text, spans)
    }

    /// Size of the Markdown of all pages in bytes.
    #[must_use]
    pub fn text_bytes(&self) -> usize {
        self.pages.iter().map(|page| page.markdown.len()).sum()
    }
}

impl Warning {
    /// Creates a warning about one page.
    pub fn page(page: u32, message: impl Into<String>) -> Self {
        Self {
            page: Some(page),
            message: message.into(),
        }
    }

    /// Creates a warning about the whole document.
    pub fn document(message: impl Into<String>) -> Self {
        Self {
            page: None,
            message: message.into(),
        }
    }
}
