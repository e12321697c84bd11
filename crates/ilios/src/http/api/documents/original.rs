use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::parsed_id;
use crate::app::AppError;
use crate::http::HttpState;
use crate::http::respond::content_disposition::attachment_header;
use crate::http::respond::problem::Problem;
use crate::model::Tenant;

/// Get the original of a document
///
/// Leads to an address that is good for 300 seconds and needs no API key. A document that was converted at once
/// has no original.
#[utoipa::path(
    get,
    path = "/api/documents/{id}/original",
    operation_id = "original",
    tag = "documents",
    params(("id" = String, Path, description = "Id of the document")),
    responses(
        (status = 302, description = "Where the original is", headers(
            ("Location" = String, description = "Its address"),
        )),
        (status = 404, description = "No such document of this key, or its original was not kept"),
    ),
)]
pub(super) async fn original(
    State(state): State<HttpState>,
    tenant: Tenant,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = parsed_id(&id)?;
    // Saved, not shown: a document of a client must not act as a page of this server.
    let url = state.app.original_url(&tenant, &id, attachment_header).await;
    let url = url.map_err(|error| match error {
        AppError::NoOriginal => Problem::from(error).answered_as(StatusCode::NOT_FOUND),
        error => error.into(),
    })?;
    let mut headers = HeaderMap::new();
    let location = HeaderValue::try_from(url).map_err(Problem::internal)?;
    headers.insert(header::LOCATION, location);
    // The address is worth something for some minutes only.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok((StatusCode::FOUND, headers).into_response())
}
