//! Answers go out in small pieces, as their clients take them. What is not sent yet is in a memory that all answers
//! share, or in a file without a name, so that a client that takes nothing costs little.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::{Body, BodyDataStream, HttpBody};
use axum::extract::{Request, State};
use axum::http::{Method, Version};
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{Stream, StreamExt, TryStreamExt, stream};
use hyper::body::{Frame, SizeHint};

use super::outgoing::{Outgoing, StreamWatch};
use super::problem::{Problem, REQUEST_ID};
use crate::app::{App, BufferedBytes};
use crate::http::HttpState;

/// Bytes that are sent at once on HTTP/1; a whole answer of no more is sent as it is.
pub(in crate::http) const HTTP1_CHUNK_BYTES: usize = 32 * 1024;
/// On HTTP/2, where a piece is what a client must take within the time.
const HTTP2_CHUNK_BYTES: usize = 4 * 1024;

/// Sends the answer in pieces.
pub(in crate::http) async fn in_pieces(
    State(state): State<HttpState>,
    request: Request,
    next: Next,
) -> Response {
    let gate = Gate::of(&request);
    let no_body = request.method() == Method::HEAD;
    let response = next.run(request).await;
    let size = response.body().size_hint().exact();
    let small = size.is_some_and(|size| size <= HTTP1_CHUNK_BYTES as u64);
    if no_body || (small && !matches!(gate, Gate::Stream(_))) {
        return response;
    }
    let (head, body) = response.into_parts();
    let mut rest = Rest {
        held: None,
        body: body.into_data_stream(),
        app: state.app,
        piece: if matches!(gate, Gate::Stream(_)) {
            HTTP2_CHUNK_BYTES
        } else {
            HTTP1_CHUNK_BYTES
        },
    };
    // What is whole in memory leaves it now, however long the client takes to begin.
    if size.is_some_and(|size| size > HTTP1_CHUNK_BYTES as u64)
        && let Err(error) = rest.hold_next().await
    {
        tracing::error!(%error, "an answer cannot be kept until it is sent");
        let id = head.headers.get(REQUEST_ID).and_then(|id| id.to_str().ok());
        return Problem::unavailable(error).render(id.unwrap_or_default());
    }
    gate.begin();
    let paced = Paced {
        pieces: rest.pieces().boxed(),
        left: size,
        gate,
    };
    Response::from_parts(head, Body::new(paced))
}

/// The pieces of bytes that are held, and with them what they are of.
pub(in crate::http) fn pieces_of(
    held: BufferedBytes,
    of: impl Send + 'static,
) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    stream::try_unfold((held, of, 0), async |(held, of, at)| {
        let piece = next_piece(&held, at, HTTP1_CHUNK_BYTES).await?;
        let next = at + piece.len() as u64;
        Ok((!piece.is_empty()).then_some((piece, (held, of, next))))
    })
}

/// A body of bytes that are held, its size told, and with them what they are of.
pub(in crate::http) fn body_of(held: BufferedBytes, of: impl Send + 'static) -> Body {
    if let Some(bytes) = held.in_memory().filter(|bytes| bytes.len() <= HTTP1_CHUNK_BYTES) {
        return bytes.clone().into();
    }
    let left = Some(held.size());
    Body::new(Paced {
        pieces: pieces_of(held, of).map_err(axum::Error::new).boxed(),
        left,
        gate: Gate::Open,
    })
}

async fn next_piece(held: &BufferedBytes, at: u64, length: usize) -> io::Result<Bytes> {
    if held.in_memory().is_some() {
        return held.read_at(at, length);
    }
    let held = held.clone();
    let read = move || held.read_at(at, length);
    tokio::task::spawn_blocking(read)
        .await
        .map_err(io::Error::other)?
}

/// Condition under which the next piece of an answer is handed on.
enum Gate {
    Open,
    /// Pieces on their way on a connection of HTTP/1.
    Connection(Arc<Outgoing>),
    /// Nothing: HTTP/2 asks for a piece when the client has taken the one before.
    Stream(Arc<StreamWatch>),
}

impl Gate {
    fn of(request: &Request) -> Self {
        if request.version() == Version::HTTP_2 {
            return StreamWatch::current().map_or(Self::Open, Self::Stream);
        }
        let outgoing = request.extensions().get::<Arc<Outgoing>>();
        outgoing.map_or(Self::Open, |outgoing| Self::Connection(Arc::clone(outgoing)))
    }

    fn begin(&self) {
        if let Self::Stream(watch) = self {
            watch.waits(true);
        }
    }

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<()> {
        match self {
            Self::Open => Poll::Ready(()),
            Self::Connection(outgoing) => outgoing.poll_room(context),
            Self::Stream(watch) => {
                watch.waits(false);
                Poll::Ready(())
            }
        }
    }

    fn hand_on(&self, bytes: usize) {
        match self {
            Self::Open => {}
            Self::Connection(outgoing) => outgoing.hand_on(bytes),
            Self::Stream(watch) => watch.waits(true),
        }
    }
}

/// Part of an answer that has not been sent yet.
struct Rest {
    /// Bytes that were taken from the body and are sent before the rest of it, with the offset of the next one.
    held: Option<(BufferedBytes, u64)>,
    body: BodyDataStream,
    app: Arc<App>,
    piece: usize,
}

impl Rest {
    /// Takes what the body brings next out of memory. Answers whether there was anything.
    async fn hold_next(&mut self) -> Result<bool, axum::Error> {
        let Some(bytes) = self.body.next().await else {
            return Ok(false);
        };
        let held = self.app.buffer(bytes?).await.map_err(axum::Error::new)?;
        self.held = Some((held, 0));
        Ok(true)
    }

    async fn next(mut self) -> Result<Option<(Bytes, Self)>, axum::Error> {
        loop {
            if let Some((held, at)) = &mut self.held {
                let piece = next_piece(held, *at, self.piece)
                    .await
                    .map_err(axum::Error::new)?;
                *at += piece.len() as u64;
                if *at == held.size() {
                    self.held = None;
                }
                if !piece.is_empty() {
                    return Ok(Some((piece, self)));
                }
            } else if !self.hold_next().await? {
                return Ok(None);
            }
        }
    }

    fn pieces(self) -> impl Stream<Item = Result<Bytes, axum::Error>> {
        stream::try_unfold(self, Self::next)
    }
}

/// A body of small pieces.
struct Paced {
    pieces: BoxStream<'static, Result<Bytes, axum::Error>>,
    /// Bytes that are left, where that is known.
    left: Option<u64>,
    gate: Gate,
}

impl HttpBody for Paced {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        ready!(self.gate.poll_ready(context));
        let piece = ready!(self.pieces.as_mut().poll_next(context)).transpose()?;
        Poll::Ready(piece.map(|piece| {
            self.gate.hand_on(piece.len());
            self.left = self.left.map(|left| left.saturating_sub(piece.len() as u64));
            Ok(Frame::data(piece))
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.left == Some(0)
    }

    fn size_hint(&self) -> SizeHint {
        self.left.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
