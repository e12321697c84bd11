use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::{file, missing};
use crate::http::HttpState;
use crate::http::compat::mistral::jobs::results::{ResultFile, Results};
use crate::http::respond::content_disposition::attachment_header;
use crate::http::respond::problem::Problem;
use crate::model::Tenant;

/// Media type of every file.
const OCTETS: &str = "application/octet-stream";

/// The bytes of a file.
pub(super) async fn content(
    State(state): State<HttpState>,
    tenant: Tenant,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    if let Some((file, job)) = ResultFile::named(&id) {
        let results = Results::of(&state, &tenant, &job, file).await;
        let stream = results.map_err(missing)?.stream();
        return Ok(([(header::CONTENT_TYPE, OCTETS)], Body::from_stream(stream)).into_response());
    }
    let file = file(&state, &tenant, &id).await?;
    let opened = state.app.open_file(&file).await;
    let opened = opened.map_err(|error| missing(error.into()))?;
    let disposition = attachment_header(&file.file_name);
    let disposition = HeaderValue::from_str(&disposition).map_err(Problem::internal)?;
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_LENGTH, opened.size.into());
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(OCTETS));
    Ok((headers, Body::from_stream(opened.stream)).into_response())
}
