use axum::extract::{OriginalUri, State};
use axum::response::Response;

use super::options::DoclingOptions;
use super::order::Order;
use super::outcome::{Failed, prepared};
use super::source::SourceOrder;
use super::status::status_of;
use super::task::{Entry, Task};
use crate::app::Submit;
use crate::http::HttpState;
use crate::http::compat::files_form::FilesFormReader;
use crate::http::extract::upload::UploadForm;
use crate::http::respond::content_disposition::attachment_header;
use crate::http::respond::problem::Problem;
use crate::model::{Priority, RetentionDays, Tenant};

/// Queues the files of a form.
pub(super) async fn file(
    State(state): State<HttpState>,
    tenant: Tenant,
    OriginalUri(address): OriginalUri,
    UploadForm(form): UploadForm<FilesFormReader<DoclingOptions>>,
) -> Result<Response, Problem> {
    submit(&state, &tenant, form.into(), address.path().contains("/chunk/")).await
}

/// Queues what a JSON object names or holds.
pub(super) async fn source(
    State(state): State<HttpState>,
    tenant: Tenant,
    OriginalUri(address): OriginalUri,
    SourceOrder(order): SourceOrder,
) -> Result<Response, Problem> {
    submit(&state, &tenant, order, address.path().contains("/chunk/")).await
}

async fn submit(state: &HttpState, tenant: &Tenant, order: Order, chunks: bool) -> Result<Response, Problem> {
    let Order { files, options } = order;
    state
        .app
        .check_options(&options.conversion)
        .map_err(Problem::from)?;
    let mut documents = Vec::with_capacity(files.len());
    for file in files {
        let entry = match prepared(state, file, &options).await? {
            Ok((upload, conversion)) => {
                let name = upload.file_name.clone();
                let order = Submit {
                    tenant: tenant.clone(),
                    upload,
                    options: conversion,
                    priority: Priority::default(),
                    retention: RetentionDays::SHORTEST,
                    name: None,
                    address: attachment_header,
                    answer: &|document, _| document.id.to_string(),
                };
                match Box::pin(state.app.submit(order)).await {
                    Ok(answered) => Entry::Queued(answered.text),
                    Err(error) => Entry::refused(Failed::of(name.as_str(), error.into())?),
                }
            }
            Err(failed) => Entry::refused(failed),
        };
        documents.push(entry);
    }
    let task = Task {
        documents,
        output: options.output,
        chunks,
    };
    status_of(state, tenant, &task).await
}
