//! `POST /v1/ocr`, alone and as a line of a batch.

mod annotation;
mod answer;
mod content;
mod models;
mod page;
mod page_list;
mod request;
mod source;

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use serde_json::Value;

use crate::body;
use crate::counts::Document;
use crate::faults::Answers;
use crate::refusal::Refusal;
use crate::schema::Flaw;
use crate::world::{World, sha256};

pub(crate) use content::{Content, detect};
pub(crate) use models::Model;
use request::OcrRequest;

/// Reads a document.
pub(crate) async fn recognise(
    State(world): State<Arc<World>>,
    request: Request,
) -> Result<Json<Value>, Refusal> {
    // Base64 is a third larger than what it holds, and there is JSON around it.
    let limit = world.state().faults.limits.document_bytes / 3 * 4 + 1_000_000;
    let body = body::json(request, limit).await?;
    blocking(move || read(&world, &body, None, false)).await.map(Json)
}

/// Runs what takes long beside the requests.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let worked = tokio::task::spawn_blocking(work).await;
    worked.unwrap_or_else(|error| {
        Err(Refusal::Message {
            status: 500,
            message: error.to_string(),
        })
    })
}

/// Checks a body, reads its document and counts the pages. A batch may name the model instead of its lines.
pub(crate) fn read(
    world: &World,
    body: &Value,
    model: Option<&Model>,
    batch: bool,
) -> Result<Value, Refusal> {
    let request = OcrRequest::parse(body, batch)?;
    let model = match (model, &request.model) {
        (Some(model), _) => *model,
        (None, Some(name)) => Model::named(name)?,
        (None, None) => {
            let at = [Value::from("body")];
            return Err(Refusal::flaw(Flaw::missing(&at, "model")));
        }
    };
    let (bytes, content) = source::fetch(world, &request.document)?;
    let limits = world.state().faults.limits.clone();
    if bytes.len() > limits.document_bytes {
        return Err(Refusal::too_large(limits.document_bytes));
    }
    let pages = content.pages(&bytes)?;
    if pages > limits.pages {
        return Err(too_many_pages(pages, limits.pages));
    }
    let wanted = page_list::wanted(request.pages.as_ref(), pages, content)?;
    let quirks: Answers = world.state().faults.answers.clone();
    let read = answer::Read {
        sha256: sha256(&bytes),
        bytes: bytes.len(),
        model,
    };
    let document = Document {
        sha256: read.sha256.clone(),
        bytes: bytes.len(),
        pages,
        billed_pages: wanted.len(),
        annotated: request.is_annotated(),
        batch,
        model: model.name.to_owned(),
    };
    let answer = answer::answer(&request, &read, &wanted, &quirks);
    world.state().counts.documents.push(document);
    Ok(answer)
}

fn too_many_pages(pages: usize, most: usize) -> Refusal {
    Refusal::Error {
        status: 400,
        kind: "document_parser_too_many_pages",
        code: Some("3730"),
        message: format!(
            "This document has {pages} pages, which is more than the maximum allowed of {most}."
        ),
    }
}
