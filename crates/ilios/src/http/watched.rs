use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::framing::Framing;

/// In a request's extensions: its head has both a `Content-Length` and a `Transfer-Encoding`, which the library that
/// reads heads does not tell. Two readers of it may see two ends of its body (RFC 9112, section 6.1).
#[derive(Debug, Clone, Copy)]
pub(super) struct TwoLengths;

/// What is known of a connection: the requests that were handed on, and which of them has two lengths.
#[derive(Debug, Default)]
pub(super) struct Requests {
    handed_on: AtomicU64,
    /// Its number from 1; 0 for none. There is none after it.
    two_lengths: AtomicU64,
}

impl Requests {
    /// Counts a request that is handed on, in the order of their heads; tells whether it has two lengths. Its head
    /// was read before.
    pub(super) fn next_has_two_lengths(&self) -> bool {
        let number = self.handed_on.fetch_add(1, Ordering::Relaxed) + 1;
        self.two_lengths.load(Ordering::Relaxed) == number
    }

    /// Whether there was one.
    pub(super) fn any(&self) -> bool {
        self.handed_on.load(Ordering::Relaxed) > 0
    }
}

/// A connection whose heads are looked at on their way in. It changes nothing of what is read and written.
pub(super) struct Watched<S> {
    stream: S,
    framing: Framing,
    requests: Arc<Requests>,
}

impl<S> Watched<S> {
    pub(super) fn new(stream: S, requests: Arc<Requests>) -> Self {
        Self {
            stream,
            framing: Framing::default(),
            requests,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        if let Some(number) = self.framing.read(&buffer.filled()[before..]) {
            self.requests.two_lengths.store(number, Ordering::Relaxed);
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
