//! Files that requests name. They are kept without being converted.

mod address;
mod content;
mod delete;
mod form;
mod get;
mod list;
pub(super) mod object;
mod upload;

use axum::Router;
use axum::routing::get;

use crate::http::HttpState;
use crate::http::compat::mistral::jobs::results::ResultFile;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::model::{Id, Tenant, TenantFile};

pub(super) fn operations() -> Router<HttpState> {
    Router::new()
        .route("/v1/files", get(list::list).post(upload::upload))
        .route("/v1/files/{file_id}", get(get::get).delete(delete::delete))
        .route("/v1/files/{file_id}/content", get(content::content))
        .route("/v1/files/{file_id}/url", get(address::address))
}

/// The file of a path.
async fn file(state: &HttpState, tenant: &Tenant, id: &str) -> Result<TenantFile, Problem> {
    let found = state.app.file(tenant, &parsed(id)?).await;
    found.map_err(|error| missing(error.into()))
}

fn parsed(id: &str) -> Result<Id, Problem> {
    id.parse().map_err(|_| not_found())
}

/// The words that clients know.
fn not_found() -> Problem {
    Problem::new(Code::NOT_FOUND, "No file matches the given query.")
}

fn missing(problem: Problem) -> Problem {
    if problem.code() == Code::NOT_FOUND {
        not_found()
    } else {
        problem
    }
}

/// Refuses what cannot be done with the results of a job: they are written anew for each client, and go with the documents.
fn refuse_results(id: &str) -> Result<(), Problem> {
    if ResultFile::named(id).is_none() {
        return Ok(());
    }
    let error = "The results of a job are fetched from /content, and go with its documents.";
    Err(Problem::new(Code::WRONG_STATUS, error))
}
