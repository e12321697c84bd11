use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::{Format, markdown};

/// What a conversion is: pages of Markdown, what the document says of itself, and what went wrong in part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Conversion {
    /// The type that the bytes turned out to have.
    pub format: Format,
    /// What the document says of itself.
    pub metadata: Metadata,
    /// The converted pages in document order; formats without pages are one page.
    pub pages: Vec<Page>,
    /// Parts that could not be read, in words.
    pub warnings: Vec<Warning>,
    /// That the conversion was stopped after some pages, which alone are here. Never set by the conversion itself.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub partial: Option<Partial>,
}

/// How far a conversion came that was stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Partial {
    /// Why it was stopped: the stable name of the fault, such as `timeout`.
    pub reason: String,
    /// The number of the last page that is there.
    pub last_page: u32,
}

/// What is known of a document before its first page is read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Outset {
    /// The type that the bytes turned out to have.
    pub format: Format,
    /// What the document says of itself.
    pub metadata: Metadata,
    /// Pages that will be read.
    pub pages: u32,
}

/// What a document says of itself. Everything is optional and unverified.
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
    /// Pages (PDF, TIFF), slides or sheets of the whole document, also of those that were not asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_count: Option<u32>,
}

/// One page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Page {
    /// 1-based number in the document.
    pub number: u32,
    /// Where the text comes from.
    pub kind: PageKind,
    /// The page as Markdown, without trailing white space.
    pub markdown: String,
    /// Width: points (1/72 inch) for PDF, pixels for images.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<f32>,
    /// Height, in the unit of `width`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<f32>,
}

/// Where the text of a page comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageKind {
    /// Characters that the document itself carries.
    TextLayer,
    /// Characters recognized in a picture.
    Ocr,
    /// No text was found.
    Empty,
}

/// A part of the document that could not be read, in words for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Warning {
    /// The 1-based page it is about, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// What is missing and why.
    pub message: String,
}

impl Conversion {
    /// Takes what a terminal would obey out of metadata and warnings; pages are made without it.
    pub(crate) fn make_printable(&mut self) {
        let metadata = &mut self.metadata;
        let texts = [
            &mut metadata.title,
            &mut metadata.author,
            &mut metadata.created,
            &mut metadata.modified,
        ];
        let messages = self.warnings.iter_mut().map(|warning| &mut warning.message);
        for text in texts.into_iter().flatten().chain(messages) {
            *text = markdown::printable(std::mem::take(text));
        }
    }

    /// The whole document as Markdown: its pages with text, joined by a blank line, `---` and a blank line,
    /// ending in one newline.
    #[must_use]
    pub fn markdown(&self) -> String {
        self.markdown_with_spans().0
    }

    /// The whole document as Markdown, and where each page lies in it (bytes; empty for a page without text).
    #[must_use]
    pub fn markdown_with_spans(&self) -> (String, Vec<Range<usize>>) {
        let mut text = String::with_capacity(self.text_bytes() + 7 * self.pages.len());
        let mut spans = Vec::with_capacity(self.pages.len());
        for page in &self.pages {
            let markdown = page.markdown.trim_end();
            if !text.is_empty() && !markdown.is_empty() {
                text.push_str("\n\n---\n\n");
            }
            let start = text.len();
            text.push_str(markdown);
            spans.push(start..text.len());
        }
        text.push('\n');
        (text, spans)
    }

    /// Bytes of Markdown in all pages.
    #[must_use]
    pub fn text_bytes(&self) -> usize {
        self.pages.iter().map(|page| page.markdown.len()).sum()
    }
}

impl Warning {
    /// A warning about one page.
    pub fn page(page: u32, message: impl Into<String>) -> Self {
        Self {
            page: Some(page),
            message: message.into(),
        }
    }

    /// A warning about the whole document.
    pub fn document(message: impl Into<String>) -> Self {
        Self {
            page: None,
            message: message.into(),
        }
    }
}
