//! Jobs of many requests. Each is one of our batches, whose documents are what its requests name.

mod cancel;
mod create;
mod delete;
mod get;
mod intake;
mod line;
mod list;
mod object;
mod order;
pub(super) mod results;

use axum::Router;
use axum::routing::{get, post};

use crate::http::HttpState;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::model::Id;

pub(super) fn operations() -> Router<HttpState> {
    Router::new()
        .route("/v1/batch/jobs", get(list::list).post(create::create))
        .route("/v1/batch/jobs/{job_id}", get(get::get).delete(delete::delete))
        .route("/v1/batch/jobs/{job_id}/cancel", post(cancel::cancel))
}

fn parsed(id: &str) -> Result<Id, Problem> {
    id.parse().map_err(|_| not_found())
}

/// The words that clients know.
fn not_found() -> Problem {
    Problem::new(Code::NOT_FOUND, "No batch job matches the given query.")
}

fn missing(problem: Problem) -> Problem {
    if problem.code() == Code::NOT_FOUND {
        not_found()
    } else {
        problem
    }
}
