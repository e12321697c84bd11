use axum::extract::State;
use axum::response::Response;

use super::answer::answer;
use super::options::DoclingOptions;
use super::order::Order;
use super::outcome::outcomes;
use super::source::SourceOrder;
use crate::http::HttpState;
use crate::http::compat::files_form::FilesFormReader;
use crate::http::extract::upload::{Admitted, UploadForm};
use crate::http::respond::problem::Problem;
use crate::model::Tenant;

/// Converts the files of a form.
pub(super) async fn file(
    State(state): State<HttpState>,
    tenant: Tenant,
    _: Admitted,
    UploadForm(form): UploadForm<FilesFormReader<DoclingOptions>>,
) -> Result<Response, Problem> {
    convert(&state, &tenant, form.into()).await
}

/// Converts what a JSON object names or holds.
pub(super) async fn source(
    State(state): State<HttpState>,
    tenant: Tenant,
    SourceOrder(order): SourceOrder,
) -> Result<Response, Problem> {
    convert(&state, &tenant, order).await
}

async fn convert(state: &HttpState, tenant: &Tenant, order: Order) -> Result<Response, Problem> {
    let output = order.options.output.clone();
    let outcomes = outcomes(state, tenant, order).await?;
    answer(state, tenant, outcomes, &output).await
}
