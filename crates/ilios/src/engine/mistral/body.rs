use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures::stream::{self, BoxStream, StreamExt};
use reqwest::Body;

use crate::spool::Spooled;

/// Bytes of a file that are sent at once; a multiple of three, so that pieces of base64 fit together.
pub(super) const CHUNK_BYTES: usize = 96 * 1024;

/// A body that is made while it is sent, and its length.
pub(super) struct Streamed {
    pub(super) body: Body,
    pub(super) length: u64,
}

/// `file` as it is.
pub(super) fn plain(file: &Arc<Spooled>) -> Streamed {
    Streamed {
        body: Body::wrap_stream(pieces(Arc::clone(file))),
        length: file.size(),
    }
}

/// `before`, `file` as base64, `after`.
pub(super) fn inline(before: String, file: &Arc<Spooled>, after: String) -> Streamed {
    let encoded = file.size().div_ceil(3) * 4;
    let length = before.len() as u64 + encoded + after.len() as u64;
    let text = pieces(Arc::clone(file)).map(|piece| piece.map(|bytes| Bytes::from(STANDARD.encode(bytes))));
    let ends = |text: String| stream::once(std::future::ready(Ok(Bytes::from(text))));
    Streamed {
        body: Body::wrap_stream(ends(before).chain(text).chain(ends(after))),
        length,
    }
}

fn pieces(file: Arc<Spooled>) -> BoxStream<'static, std::io::Result<Bytes>> {
    let read = move |start: u64| {
        let file = Arc::clone(&file);
        async move {
            if start >= file.size() {
                return None;
            }
            let piece = match file.in_memory() {
                Some(_) => file.read_at(start, CHUNK_BYTES),
                None => tokio::task::spawn_blocking(move || file.read_at(start, CHUNK_BYTES))
                    .await
                    .unwrap_or_else(|error| Err(std::io::Error::other(error))),
            };
            Some((piece.map(Bytes::from), start + CHUNK_BYTES as u64))
        }
    };
    stream::unfold(0, read).boxed()
}
