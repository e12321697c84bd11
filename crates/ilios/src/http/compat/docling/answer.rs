use std::io::{self, Write};

use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::archive;
use super::export::export;
use super::options::Output;
use super::outcome::Outcome;
use crate::http::HttpState;
use crate::http::respond::paced::body_of;
use crate::http::respond::problem::Problem;
use crate::model::Tenant;

/// Answers one document in the body, and several as a ZIP.
pub(super) async fn answer(
    state: &HttpState,
    tenant: &Tenant,
    outcomes: Vec<Outcome>,
    output: &Output,
) -> Result<Response, Problem> {
    let mut exports = Vec::with_capacity(outcomes.len());
    for outcome in outcomes {
        exports.push(export(state, tenant, outcome, output).await?);
    }
    match (exports.pop(), exports.is_empty()) {
        (Some(only), true) if !output.zip => {
            let write = move |writer: &mut dyn Write| only.write(writer);
            json_answer(state, 1 << 20, write).await
        }
        (last, _) => {
            exports.extend(last);
            archive::answer(state, exports).await
        }
    }
}

/// Answers JSON that is written to where it waits for its client.
pub(super) async fn json_answer<F>(state: &HttpState, size: usize, write: F) -> Result<Response, Problem>
where
    F: FnOnce(&mut dyn Write) -> io::Result<()> + Send + 'static,
{
    let held = state.app.buffer_written(size, write).await?;
    let media_type = [(header::CONTENT_TYPE, "application/json")];
    Ok((media_type, body_of(held, ())).into_response())
}
