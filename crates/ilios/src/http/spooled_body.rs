use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, header};
use tokio_util::io::ReaderStream;

use super::problem::Problem;
use crate::spool::{SpoolError, Spooled};

/// Bytes that are sent at once.
const CHUNK: usize = 256 * 1024;

/// A spooled file as the body of an answer, with its length: sent from the disk where it is there, so that its size
/// does not show in the memory.
pub(super) async fn body(file: Arc<Spooled>, headers: &mut HeaderMap) -> Result<Body, Problem> {
    headers.insert(header::CONTENT_LENGTH, file.size().into());
    if let Some(bytes) = file.in_memory() {
        return Ok(Body::from(bytes.to_vec()));
    }
    let opened = tokio::task::spawn_blocking(move || file.open()).await;
    let file = opened.map_err(Problem::internal)?.map_err(SpoolError::from)?;
    let file = tokio::fs::File::from_std(file);
    Ok(Body::from_stream(ReaderStream::with_capacity(file, CHUNK)))
}
