use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use futures::StreamExt;

use super::{Signed, verified};
use crate::http::HttpState;
use crate::http::codes::Code;
use crate::http::file_part::write;
use crate::http::form::announced;
use crate::http::problem::{Problem, ProblemBody};
use crate::objects::Access;
use crate::spool::{SpoolError, Spooled};

/// The media type that is stored with an upload: nobody has looked at it yet.
const UNKNOWN: &str = "application/octet-stream";

/// Takes a direct upload
///
/// The address is `uploadUrl` of `upload-url`. Only where originals are kept on this server.
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
        (status = 400, description = "The body broke off", body = ProblemBody),
        (status = 403, description = "The address is not one of this server, or has expired", body = ProblemBody),
        (status = 404, description = "Originals are kept elsewhere", body = ProblemBody),
        (status = 413, description = "The file is too large", body = ProblemBody),
    ),
)]
pub(super) async fn put(
    State(state): State<HttpState>,
    Path(path): Path<(String, String)>,
    query: Signed,
    request: Request,
) -> Result<StatusCode, Problem> {
    let (key, _) = verified(&state, Access::Upload, path, query)?;
    let limit = state.app.spool.max_bytes();
    if announced(&request).is_some_and(|bytes| bytes > limit) {
        return Err(SpoolError::TooLarge { limit }.into());
    }
    let file = spooled(&state, request).await?;
    state.app.objects.put(&key, &file, UNKNOWN).await?;
    Ok(StatusCode::OK)
}

async fn spooled(state: &HttpState, request: Request) -> Result<Spooled, Problem> {
    let mut chunks = request.into_body().into_data_stream();
    let mut incoming = state.app.spool.receive();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|error| Problem::new(Code::INVALID_BODY, error.to_string()))?;
        incoming = write(incoming, chunk).await?;
    }
    Ok(incoming.finish())
}
