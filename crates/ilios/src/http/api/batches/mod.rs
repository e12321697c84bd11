//! Batches: documents that are sent, looked at, fetched and cancelled together.

mod archive;
mod cancel;
mod chunks;
mod download;
mod finished_batch;
mod form;
mod lines;
mod list;
mod status;
mod submit;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::HttpState;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::model::Id;

/// The operations on batches.
pub(in crate::http) fn operations() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(submit::submit))
        .routes(routes!(status::status))
        .routes(routes!(download::download))
        .routes(routes!(cancel::cancel))
}

/// The id in a path.
fn parsed_id(text: &str) -> Result<Id, Problem> {
    text.parse()
        .map_err(|takes| Problem::new(Code::INVALID_ID, format!("the batch id {takes}")).at("batchId"))
}
