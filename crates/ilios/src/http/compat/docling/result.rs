use axum::extract::{Path, State};
use axum::response::Response;

use super::outcome::{Failed, Outcome};
use super::task::{Entry, Task, missing};
use super::{answer, chunk};
use crate::http::HttpState;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::model::Tenant;

/// The result of a task that has ended.
pub(super) async fn result(
    State(state): State<HttpState>,
    tenant: Tenant,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let task = Task::named(&id)?;
    let documents = task.documents(&state, &tenant).await?;
    if documents.iter().any(|document| !document.status.is_final()) {
        // The first words are compared by docling's client.
        let error = "Task result not found. Please wait for a completion status.";
        return Err(Problem::new(Code::NOT_FOUND, error));
    }
    let mut documents = documents.into_iter();
    let mut outcomes = Vec::with_capacity(task.documents.len());
    for entry in &task.documents {
        let outcome = match entry {
            Entry::Refused(name, code, message) => Outcome::Failed(Failed {
                name: name.clone(),
                code: code.clone(),
                message: message.clone(),
            }),
            Entry::Queued(_) => match documents.next() {
                Some(document) => ended(&state, &tenant, document).await?,
                None => continue,
            },
        };
        outcomes.push(outcome);
    }
    if task.chunks {
        return chunk::answer(&state, &tenant, outcomes, &task.output).await;
    }
    answer::answer(&state, &tenant, outcomes, &task.output).await
}

async fn ended(
    state: &HttpState,
    tenant: &Tenant,
    document: crate::model::Document,
) -> Result<Outcome, Problem> {
    if let Some(failure) = &document.failure {
        return Ok(Outcome::Failed(Failed {
            name: document.file_name.to_string(),
            code: failure.code.clone(),
            message: failure.message.clone(),
        }));
    }
    let read = state.app.document_with_content(tenant, &document.id).await;
    let read = read.map_err(|error| missing(error.into()))?;
    Ok(Outcome::Converted(Box::new(read)))
}
