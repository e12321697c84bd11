use axum::extract::{Path, State};
use axum::response::Response;

use super::document::FormDocument;
use super::text;
use crate::http::HttpState;
use crate::http::respond::problem::Problem;

/// `POST /tika/form`.
pub(super) async fn by_accept(
    State(state): State<HttpState>,
    FormDocument(document): FormDocument,
) -> Result<Response, Problem> {
    text::accepted(&state, &document).await
}

/// `POST /tika/form/text` and its like.
pub(super) async fn in_form(
    State(state): State<HttpState>,
    Path(name): Path<String>,
    FormDocument(document): FormDocument,
) -> Result<Response, Problem> {
    text::named(&state, &document, &name).await
}
