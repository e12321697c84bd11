use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::parsed_id;
use crate::app::AppError;
use crate::http::HttpState;
use crate::http::extract::param_values;
use crate::http::respond::content_disposition::attachment_header;
use crate::http::respond::problem::Problem;
use crate::model::Tenant;

/// Parameters of the query.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OriginalQuery {
    /// False: the address is in the answer, for pages that may not follow it to another server.
    #[param(value_type = Option<bool>)]
    redirect: Option<String>,
}

/// Place of an original.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct OriginalAnswer {
    /// Its address, good for 300 seconds; a path of this server where it is kept here.
    url: String,
}

/// Get the original of a document
///
/// Leads to an address that is good for 300 seconds and needs no API key. A document that was converted at once
/// has no original.
#[utoipa::path(
    get,
    path = "/api/documents/{id}/original",
    operation_id = "original",
    tag = "documents",
    params(("id" = String, Path, description = "Id of the document"), OriginalQuery),
    responses(
        (status = 200, description = "With `redirect=false`: where the original is", body = OriginalAnswer),
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
    Query(query): Query<OriginalQuery>,
) -> Result<Response, Problem> {
    let id = parsed_id(&id)?;
    let redirect = param_values::flag("redirect", query.redirect.as_deref())?.unwrap_or(true);
    // Saved, not shown: a document of a client must not act as a page of this server.
    let url = state.app.original_url(&tenant, &id, attachment_header).await;
    let url = url.map_err(|error| match error {
        AppError::NoOriginal => Problem::from(error).answered_as(StatusCode::NOT_FOUND),
        error => error.into(),
    })?;
    // The address is worth something for some minutes only.
    let no_store = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    if !redirect {
        return Ok((no_store, Json(OriginalAnswer { url })).into_response());
    }
    let location = HeaderValue::try_from(url).map_err(Problem::internal)?;
    Ok((StatusCode::FOUND, no_store, [(header::LOCATION, location)]).into_response())
}
