//! A converted document on its way to the child that writes it: a line of JSON for each page that is known as Markdown
//! alone, an empty line, and the model of the other pages, which the parent does not read.

use std::borrow::Cow;

use ilios_convert::render::{TextBox, place_blocks};
use ilios_convert::{ConvertError, Page, PageKind};
use serde::{Deserialize, Serialize};

use super::page_models::{MODEL_ENCODING, MODEL_VERSION};
use super::{LOCAL, MISTRAL};
use crate::model::{DocumentContent, DocumentModel, PageInfo};
use crate::spool::{Spool, SpoolError, Spooled};

/// Page that is known as Markdown.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct MarkdownPage<'a> {
    pub(super) number: u32,
    kind: PageKind,
    width: Option<f32>,
    height: Option<f32>,
    engine: Cow<'a, str>,
    header: Option<Cow<'a, str>>,
    footer: Option<Cow<'a, str>>,
    markdown: Cow<'a, str>,
    /// Boxes of its parts.
    boxes: Cow<'a, [TextBox]>,
}

/// Spools a document for [`Rendering::Document`](super::Rendering::Document). A model that this program does not read is
/// left out: then all pages are their Markdown.
///
/// # Errors
/// The disk fails.
pub async fn spool_document(
    spool: &Spool,
    content: &DocumentContent,
    model: Option<DocumentModel>,
) -> Result<Spooled, SpoolError> {
    let model = model.filter(is_readable);
    let mut incoming = spool.up_to(u64::MAX).receive();
    for page in markdown_pages(content, model.is_some()) {
        let mut line = serde_json::to_vec(&page).map_err(std::io::Error::from)?;
        line.push(b'\n');
        incoming = incoming.append(line).await?;
    }
    incoming = incoming.append("\n").await?;
    if let Some(model) = model {
        incoming = incoming.append(model.bytes).await?;
    }
    Ok(incoming.finish())
}

/// Returns true if some page of the document is known as Markdown alone.
#[must_use]
pub fn has_markdown_pages(content: &DocumentContent, model: Option<&DocumentModel>) -> bool {
    markdown_pages(content, model.is_some_and(is_readable))
        .next()
        .is_some()
}

/// Returns true if the model is of a version and an encoding that a child of this program reads.
fn is_readable(model: &DocumentModel) -> bool {
    let major = |version: &str| version.split('.').next().map(str::to_owned);
    model.encoding == MODEL_ENCODING && major(&model.version) == major(MODEL_VERSION)
}

/// Pages that no model has: all of them where there is none, else those that a service has read.
fn markdown_pages(content: &DocumentContent, has_model: bool) -> impl Iterator<Item = MarkdownPage<'_>> {
    let is_of_service = |page: &&PageInfo| page.engine.as_deref() == Some(MISTRAL);
    // A document of version 2.1 has no borders of pages.
    let whole = content.pages.is_empty() && !has_model;
    let pages = content.pages.iter();
    let pages = pages.filter(move |page| !has_model || is_of_service(page));
    let pages = pages.map(|page| MarkdownPage {
        number: page.number,
        kind: page.kind,
        width: page.width,
        height: page.height,
        engine: page.engine.as_deref().unwrap_or(LOCAL).into(),
        header: page.header.as_deref().map(Cow::Borrowed),
        footer: page.footer.as_deref().map(Cow::Borrowed),
        markdown: content
            .markdown
            .get(page.start..page.end)
            .unwrap_or_default()
            .into(),
        boxes: page.boxes.as_slice().into(),
    });
    pages.chain(whole.then(|| MarkdownPage {
        number: 1,
        kind: PageKind::Structure,
        width: None,
        height: None,
        engine: LOCAL.into(),
        header: None,
        footer: None,
        markdown: content.markdown.trim_end().into(),
        boxes: Cow::default(),
    }))
}

impl MarkdownPage<'_> {
    /// The page, with blocks where the boxes of its parts are known. For a child alone.
    ///
    /// # Errors
    /// `LimitExceeded`: a table is too large.
    pub(super) fn into_page(self) -> Result<Page, ConvertError> {
        let boxes = self.boxes.to_vec();
        let mut page = Page::from(self);
        place_blocks(&mut page, &boxes)?;
        Ok(page)
    }
}

impl From<MarkdownPage<'_>> for Page {
    fn from(page: MarkdownPage<'_>) -> Self {
        Self {
            width: page.width,
            height: page.height,
            engine: Some(page.engine.into_owned()),
            header: page.header.map(Cow::into_owned),
            footer: page.footer.map(Cow::into_owned),
            markdown: page.markdown.into_owned(),
            ..Self::new(page.number, page.kind)
        }
    }
}
