use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use futures::TryStreamExt;

use super::{Signed, verified};
use crate::http::HttpState;
use crate::http::extract::upload::announced;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::objects::Access;

/// Upload an object
///
/// The address is `uploadUrl` of `upload-url`. It takes no more bytes than announced, and ends with
/// `upload-complete`, with the end of the document and after an hour. Only where originals are kept on this server.
#[utoipa::path(
    put,
    path = "/objects/{area}/{id}",
    operation_id = "put_object",
    tag = "documents",
    security(()),
    params(
        ("area" = String, Path, description = "As in the address that was given out"),
        ("id" = String, Path, description = "As in the address that was given out"),
    ),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 200, description = "It is stored"),
        (status = 400, description = "The body broke off"),
        (status = 403, description = "The address is not one of this server, or has expired"),
        (status = 404, description = "Originals are kept elsewhere"),
        (status = 410, description = "The upload is complete, was cancelled or given up, or its document is deleted"),
        (status = 413, description = "The file is larger than announced"),
    ),
)]
pub(super) async fn put(
    State(state): State<HttpState>,
    Path(path): Path<(String, String)>,
    query: Signed,
    request: Request,
) -> Result<StatusCode, Problem> {
    let (key, _) = verified(&state, Access::Upload, path, query)?;
    let length = announced(request.headers());
    let bytes = request.into_body().into_data_stream();
    let bytes = bytes.map_err(|error| Problem::new(Code::INVALID_BODY, error.to_string()));
    state.app.put_upload(&key, length, bytes).await?;
    Ok(StatusCode::OK)
}
