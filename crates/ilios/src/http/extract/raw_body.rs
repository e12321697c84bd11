//! A file that is the whole body of a request, read as it arrives.

use std::io::Write;

use axum::body::Body;
use axum::http::{HeaderMap, header};
use bytes::{Buf, Bytes};
use flate2::write::MultiGzDecoder;
use futures::stream::BoxStream;
use futures::{Stream, StreamExt, TryStreamExt, stream};

use super::upload::announced;
use crate::app::Upload;
use crate::http::HttpState;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::model::FileName;

/// Bytes that are unpacked at once. They become at most about a thousand times as many.
const PACKED_PIECE: usize = 1024;

/// Receives the body as a file. One that is packed by gzip is unpacked on its way, within the same limit.
///
/// # Errors
/// It is too large, of a coding that is not known, damaged, or it breaks off.
pub(in crate::http) async fn receive(
    state: &HttpState,
    name: FileName,
    headers: &HeaderMap,
    body: Body,
) -> Result<Upload, Problem> {
    if let Some(bytes) = announced(headers) {
        state.app.check_file_size(bytes)?;
    }
    let bytes = body.into_data_stream();
    let bytes = bytes.map_err(|error| Problem::new(Code::INVALID_BODY, error.to_string()));
    let coding = headers
        .get(header::CONTENT_ENCODING)
        .map(|value| value.as_bytes());
    let bytes = match coding {
        None | Some(b"" | b"identity") => bytes.boxed(),
        Some(b"gzip" | b"x-gzip") => unpacked(bytes.boxed()).boxed(),
        Some(_) => return Err(Problem::invalid("content-encoding", "takes gzip")),
    };
    state.app.receive(name, bytes).await
}

/// Bytes on their way through the decoder.
struct Packed {
    bytes: BoxStream<'static, Result<Bytes, Problem>>,
    piece: Bytes,
    decoder: Option<MultiGzDecoder<Vec<u8>>>,
}

fn unpacked(bytes: BoxStream<'static, Result<Bytes, Problem>>) -> impl Stream<Item = Result<Bytes, Problem>> {
    let packed = Packed {
        bytes,
        piece: Bytes::new(),
        decoder: Some(MultiGzDecoder::new(Vec::new())),
    };
    stream::try_unfold(packed, Packed::next)
}

impl Packed {
    async fn next(mut self) -> Result<Option<(Bytes, Self)>, Problem> {
        let damaged = |error: std::io::Error| {
            Problem::new(
                Code::INVALID_BODY,
                format!("the body is not packed as it says: {error}"),
            )
        };
        while let Some(decoder) = &mut self.decoder {
            if self.piece.is_empty() {
                match self.bytes.try_next().await? {
                    Some(piece) => self.piece = piece,
                    None => {
                        let rest = self.decoder.take().map(MultiGzDecoder::finish);
                        let rest = rest.transpose().map_err(damaged)?.unwrap_or_default();
                        return Ok((!rest.is_empty()).then(|| (rest.into(), self)));
                    }
                }
                continue;
            }
            let length = self.piece.len().min(PACKED_PIECE);
            decoder
                .write_all(self.piece.get(..length).unwrap_or_default())
                .map_err(damaged)?;
            self.piece.advance(length);
            let plain = std::mem::take(decoder.get_mut());
            if !plain.is_empty() {
                return Ok(Some((plain.into(), self)));
            }
        }
        Ok(None)
    }
}
