use std::io;

use bytes::Bytes;
use futures::stream::{self, Stream, StreamExt};
use serde::Serialize;
use utoipa::ToSchema;

use super::download::Download;
use crate::app::{AppError, MetadataView, markdown_text};
use crate::model::{Document, DocumentContent, Status, Timestamp};

/// A document of a batch with its content.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Line<'a> {
    id: &'a str,
    file_name: &'a str,
    #[schema(value_type = String)]
    status: Status,
    /// The whole document as Markdown; `null` when there is none.
    content: Option<&'a str>,
    metadata: Option<MetadataView<'a>>,
    /// Why it failed, for people.
    error: Option<&'a str>,
    /// Why it failed: the stable name of the fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    error_code: Option<&'a str>,
    #[schema(value_type = Option<String>, format = DateTime)]
    processed_at: Option<Timestamp>,
}

/// What a document becomes in the answer.
type Render = fn(&Document, Option<DocumentContent>) -> io::Result<Bytes>;

/// One JSON object a line and document.
pub(super) fn json_lines(download: Download) -> impl Stream<Item = io::Result<Bytes>> {
    rendered(download, line)
}

/// All documents under their names.
pub(super) fn markdown(download: Download) -> impl Stream<Item = io::Result<Bytes>> {
    rendered(download, chapter)
}

/// Reads a document when the one before has been sent: no more than one is in memory.
fn rendered(download: Download, render: Render) -> impl Stream<Item = io::Result<Bytes>> {
    let Download {
        state,
        tenant,
        documents,
        ..
    } = download;
    stream::iter(documents).then(move |document| {
        let (app, tenant) = (state.app.clone(), tenant.clone());
        async move {
            let content = app.content(&tenant, &document.id).await;
            let content = content.map_err(|error| broken_off(&document, &error))?;
            render(&document, content)
        }
    })
}

/// The answer has begun, so that it can only be broken off.
fn broken_off(document: &Document, error: &AppError) -> io::Error {
    tracing::error!(document = %document.id, %error, "the download of a batch broke off");
    io::Error::other("the document cannot be read")
}

fn line(document: &Document, content: Option<DocumentContent>) -> io::Result<Bytes> {
    let failure = document.failure.as_ref();
    let line = Line {
        id: document.id.as_str(),
        file_name: document.file_name.as_str(),
        status: document.status,
        content: content.as_ref().map(|content| content.markdown.as_str()),
        metadata: content.is_some().then(|| MetadataView::of(document)),
        error: failure.map(|failure| failure.message.as_str()),
        error_code: failure.map(|failure| failure.code.as_str()),
        processed_at: document.processed_at,
    };
    let mut bytes = serde_json::to_vec(&line)?;
    bytes.push(b'\n');
    Ok(bytes.into())
}

fn chapter(document: &Document, content: Option<DocumentContent>) -> io::Result<Bytes> {
    let name = markdown_text(document.file_name.as_str());
    let text = match (content, &document.failure) {
        (Some(content), _) => format!("# {name}\n\n{}\n\n", content.markdown.trim_end()),
        (None, Some(failure)) => format!(
            "# {name}\n\n> {}: {}\n\n",
            failure.code,
            markdown_text(&failure.message)
        ),
        (None, None) => format!("# {name}\n\n"),
    };
    Ok(text.into())
}
