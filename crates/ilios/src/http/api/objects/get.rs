use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::range::{RequestedRange, requested_range};
use super::{Signed, verified};
use crate::http::HttpState;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::objects::{Access, ObjectKey, ObjectsError, OpenObject, SignedQuery};

/// Download an object
///
/// The address is the `Location` of `/api/documents/{id}/original`; `Range` asks for a part. Only where originals
/// are kept on this server.
#[utoipa::path(
    get,
    path = "/objects/{area}/{id}",
    operation_id = "get_object",
    tag = "documents",
    security(()),
    params(
        ("area" = String, Path, description = "As in the address that was given out"),
        ("id" = String, Path, description = "As in the address that was given out"),
    ),
    responses(
        (status = 200, description = "The original", content_type = "application/octet-stream", body = Vec<u8>),
        (status = 206, description = "The part", content_type = "application/octet-stream", body = Vec<u8>),
        (status = 403, description = "The address is not one of this server, or has expired"),
        (status = 404, description = "It is gone, or originals are kept elsewhere"),
        (status = 416, description = "It has no byte of the range"),
    ),
)]
pub(super) async fn get(
    State(state): State<HttpState>,
    Path(path): Path<(String, String)>,
    query: Signed,
    request: HeaderMap,
) -> Result<Response, Problem> {
    let (key, query) = verified(&state, Access::Download, path, query)?;
    let requested_range = requested_range(&request);
    let object = open(&state, &key, &requested_range)
        .await
        .map_err(|error| match error {
            ObjectsError::NotFound => Problem::new(Code::NOT_FOUND, "the original is gone"),
            ObjectsError::OutOfRange { size } => {
                Problem::new(Code::RANGE_NOT_SATISFIABLE, error.to_string()).file_size(size)
            }
            error => error.into(),
        })?;
    let (status, headers) = head(&object, &requested_range, &query)?;
    Ok((status, headers, Body::from_stream(object.stream)).into_response())
}

async fn open(
    state: &HttpState,
    key: &ObjectKey,
    requested_range: &RequestedRange,
) -> Result<OpenObject, ObjectsError> {
    let objects = state.app.objects();
    let range = match requested_range {
        RequestedRange::All => None,
        RequestedRange::Range(range) => Some(range.clone()),
        RequestedRange::Last(bytes) => {
            let size = objects.size(key).await?.ok_or(ObjectsError::NotFound)?;
            Some(size.saturating_sub(*bytes)..size)
        }
    };
    objects.open(key, range).await
}

fn head(
    object: &OpenObject,
    requested_range: &RequestedRange,
    query: &SignedQuery,
) -> Result<(StatusCode, HeaderMap), Problem> {
    let (range, size) = (&object.range, object.size);
    let mut headers = HeaderMap::new();
    let mut insert = |name, value: &str| -> Result<(), Problem> {
        headers.insert(name, HeaderValue::from_str(value).map_err(Problem::internal)?);
        Ok(())
    };
    insert(header::ACCEPT_RANGES, "bytes")?;
    insert(header::CONTENT_LENGTH, &(range.end - range.start).to_string())?;
    let content_type = query.content_type.as_deref();
    insert(
        header::CONTENT_TYPE,
        content_type.unwrap_or("application/octet-stream"),
    )?;
    let disposition = query.content_disposition.as_deref();
    insert(header::CONTENT_DISPOSITION, disposition.unwrap_or("attachment"))?;
    // A document of a client must not act as a page of this server, whatever its type is said to be.
    insert(header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox")?;
    insert(header::CACHE_CONTROL, "private, no-store")?;
    if *requested_range == RequestedRange::All {
        return Ok((StatusCode::OK, headers));
    }
    // Not empty: a range without a byte was refused.
    let last = range.end.saturating_sub(1);
    insert(
        header::CONTENT_RANGE,
        &format!("bytes {}-{last}/{size}", range.start),
    )?;
    Ok((StatusCode::PARTIAL_CONTENT, headers))
}
