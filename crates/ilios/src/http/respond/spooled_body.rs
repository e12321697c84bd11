use std::sync::Arc;

use axum::body::Body;

use super::paced::{HTTP1_CHUNK_BYTES, body_of};
use crate::spool::{BufferedBytes, Spooled};

/// A spooled file as the body of an answer, with its length: sent from the disk where it is there, so that its size
/// does not show in the memory.
pub(in crate::http) fn body(file: Arc<Spooled>) -> Body {
    match file.in_memory() {
        Some(bytes) if bytes.len() <= HTTP1_CHUNK_BYTES => Body::from(bytes.to_vec()),
        _ => body_of(BufferedBytes::from(file), ()),
    }
}
