use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use futures::StreamExt;

use super::{Signed, verified};
use crate::http::HttpState;
use crate::http::extract::form::announced;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::objects::Access;
use crate::spool::Spooled;

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
    let limit = state.app.awaited_upload(&key).await?.file_size;
    if announced(&request).is_some_and(|bytes| bytes > limit) {
        return Err(too_large(limit));
    }
    let file = spooled(&state, request, limit).await?;
    state.app.put_upload(&key, &file).await?;
    Ok(StatusCode::OK)
}

/// Reads the body up to `limit` bytes.
async fn spooled(state: &HttpState, request: Request, limit: u64) -> Result<Spooled, Problem> {
    let mut chunks = request.into_body().into_data_stream();
    let (mut incoming, mut size) = (state.app.spool().receive(), 0);
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|error| Problem::new(Code::INVALID_BODY, error.to_string()))?;
        size += chunk.len() as u64;
        if size > limit {
            return Err(too_large(limit));
        }
        incoming = incoming.append(chunk).await?;
    }
    Ok(incoming.finish())
}

fn too_large(limit: u64) -> Problem {
    let error = format!("takes the {limit} bytes that were announced as fileSize, not more");
    Problem::new(Code::TOO_LARGE, error).at("file")
}
