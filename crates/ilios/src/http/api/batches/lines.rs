use std::io::{self, Write};

use bytes::Bytes;
use futures::stream::{self, Stream, StreamExt, TryStreamExt};
use serde::Serialize;
use utoipa::ToSchema;

use super::finished_batch::FinishedBatch;
use crate::app::{App, AppError, BuiltRendition, Rendition, RenditionWork, markdown_text};
use crate::http::respond::document_view::MetadataView;
use crate::http::respond::paced::pieces_of;
use crate::http::respond::problem::Problem;
use crate::model::{Document, DocumentContent, Status, Tenant, Timestamp};

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
    /// Description of the failure, for people.
    error: Option<&'a str>,
    /// Stable code of the failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    error_code: Option<&'a str>,
    #[schema(value_type = Option<String>, format = DateTime)]
    processed_at: Option<Timestamp>,
}

/// Writes a document into the response.
type Render = fn(&mut dyn Write, &Document, Option<DocumentContent>) -> io::Result<()>;

/// One JSON object a line and document.
pub(super) fn json_lines(finished: FinishedBatch) -> impl Stream<Item = io::Result<Bytes>> {
    rendered(finished, "line", line)
}

/// All documents under their names.
pub(super) fn markdown(finished: FinishedBatch) -> impl Stream<Item = io::Result<Bytes>> {
    rendered(finished, "chapter", chapter)
}

/// Reads a document when the one before has been sent: no more than one is held.
fn rendered(
    finished: FinishedBatch,
    kind: &'static str,
    render: Render,
) -> impl Stream<Item = io::Result<Bytes>> {
    let FinishedBatch {
        state,
        tenant,
        documents,
        ..
    } = finished;
    let renditions = stream::iter(documents).then(move |document| {
        let (app, tenant) = (state.app.clone(), tenant.clone());
        async move {
            let rendition = rendition(&app, &tenant, &document, kind, render).await;
            let rendition = rendition.map_err(|problem| broken_off(&document, &problem))?;
            Ok::<_, io::Error>(pieces_of(rendition.made.held.clone(), rendition))
        }
    });
    renditions.try_flatten()
}

/// Renders a document for the download, once for all clients that are sent it at the same time. A rendition that was
/// made for another client may be of a document deleted since: then it is rendered without content.
async fn rendition(
    app: &App,
    tenant: &Tenant,
    document: &Document,
    kind: &str,
    render: Render,
) -> Result<Rendition, Problem> {
    let made = async |content: Option<DocumentContent>| {
        let size = content.as_ref().map_or(0, |content| content.markdown.len());
        let document = document.clone();
        let write = move |writer: &mut dyn Write| render(writer, &document, content);
        let held = app.buffer_written(size, write).await?;
        Ok::<_, Problem>(BuiltRendition {
            document: None,
            held,
            unfollowed: Vec::new(),
        })
    };
    let conversion = document.processed_at.map_or(0, Timestamp::as_millis);
    let key = |state: &str| format!("{}/{kind}/{state}/{conversion}", document.id);
    let make = async { made(app.content(tenant, &document.id).await?).await };
    let rendition = app
        .renditions()
        .get(key(document.status.as_str()), RenditionWork::Reading, make);
    let rendition = rendition.await?;
    match app.document(tenant, &document.id).await {
        Err(AppError::NotFound) if rendition.is_shared => {
            app.renditions()
                .get(key("deleted"), RenditionWork::Reading, made(None))
                .await
        }
        _ => Ok(rendition),
    }
}

/// The answer has begun, so that it can only be broken off.
pub(super) fn broken_off(document: &Document, problem: &Problem) -> io::Error {
    let cause = problem.cause().unwrap_or_else(|| problem.error());
    tracing::error!(document = %document.id, cause, "the download of a batch broke off");
    io::Error::other("the document cannot be read")
}

fn line(writer: &mut dyn Write, document: &Document, content: Option<DocumentContent>) -> io::Result<()> {
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
    serde_json::to_writer(&mut *writer, &line)?;
    writer.write_all(b"\n")
}

fn chapter(writer: &mut dyn Write, document: &Document, content: Option<DocumentContent>) -> io::Result<()> {
    let name = markdown_text(document.file_name.as_str());
    match (content, &document.failure) {
        (Some(content), _) => write!(writer, "# {name}\n\n{}\n\n", content.markdown.trim_end()),
        (None, Some(failure)) => {
            let message = markdown_text(&failure.message);
            write!(writer, "# {name}\n\n> {}: {message}\n\n", failure.code)
        }
        (None, None) => write!(writer, "# {name}\n\n"),
    }
}
