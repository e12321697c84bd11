use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::lingering::Lingering;
use super::receiving::Receiving;
use crate::http::respond::outgoing::{Outgoing, WriteTimeout};

/// Bytes that are read at once. The library keeps a buffer of twice what fills its buffer, for as long as the
/// connection lasts: a byte less than a power of two keeps it there.
const READ_BYTES: usize = 16 * 1024 - 1;

/// A connection whose progress is monitored. It passes all bytes unchanged, but ends when the client takes too little,
/// and lingers at its end until the client has received the answer.
pub(super) struct MonitoredConnection {
    stream: TcpStream,
    receiving: Arc<Receiving>,
    outgoing: Arc<Outgoing>,
    write_timeout: WriteTimeout,
    lingering: Option<Lingering>,
    large: LargeReads,
}

/// Few connections at a time read large bodies in large pieces: it is faster, and costs a large buffer.
pub(super) struct LargeReads {
    permits: Arc<Semaphore>,
    permit: Option<OwnedSemaphorePermit>,
}

impl LargeReads {
    pub(super) fn new(permits: &Arc<Semaphore>) -> Self {
        Self {
            permits: Arc::clone(permits),
            permit: None,
        }
    }

    /// Returns true if this connection may read in large pieces: a large body takes a permit, if one is free, and gives
    /// it back at its end.
    fn allowed(&mut self, is_large: bool) -> bool {
        if !is_large {
            self.permit = None;
        } else if self.permit.is_none() {
            self.permit = Arc::clone(&self.permits).try_acquire_owned().ok();
        }
        self.permit.is_some()
    }
}

impl MonitoredConnection {
    pub(super) fn new(
        stream: TcpStream,
        receiving: Arc<Receiving>,
        outgoing: Arc<Outgoing>,
        write_timeout: WriteTimeout,
        large: LargeReads,
    ) -> Self {
        Self {
            stream,
            receiving,
            outgoing,
            write_timeout,
            lingering: None,
            large,
        }
    }

    /// Reads as much as the library asks for, or a little of it.
    fn read(&mut self, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let stream = Pin::new(&mut self.stream);
        if buffer.remaining() <= READ_BYTES || self.large.allowed(self.receiving.is_large()) {
            return stream.poll_read(context, buffer);
        }
        let mut part = ReadBuf::new(buffer.initialize_unfilled_to(READ_BYTES));
        ready!(stream.poll_read(context, &mut part))?;
        let length = part.filled().len();
        buffer.advance(length);
        Poll::Ready(Ok(()))
    }
}

impl AsyncRead for MonitoredConnection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(self.read(context, buffer))?;
        if buffer.filled().len() > before {
            self.receiving.bytes_came();
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for MonitoredConnection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        let written = Pin::new(&mut this.stream).poll_write(context, bytes);
        this.write_timeout.after(context, written, &this.stream)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        let written = Pin::new(&mut this.stream).poll_write_vectored(context, parts);
        this.write_timeout.after(context, written, &this.stream)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// The library asks for it once it has nothing left to write.
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_flush(context))?;
        self.write_timeout.rest();
        self.outgoing.flushed();
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.lingering.is_none() {
            ready!(Pin::new(&mut this.stream).poll_shutdown(context))?;
            if !this.receiving.within_request() {
                return Poll::Ready(Ok(()));
            }
        }
        let lingering = this.lingering.get_or_insert_with(Lingering::new);
        lingering.poll(context, &mut this.stream).map(Ok)
    }
}
