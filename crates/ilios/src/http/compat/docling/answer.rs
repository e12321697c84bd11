use std::io::Write;

use axum::response::Response;

use super::archive;
use super::export::export;
use super::options::Output;
use super::outcome::Outcome;
use crate::http::HttpState;
use crate::http::compat::json_answer::json_answer;
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
