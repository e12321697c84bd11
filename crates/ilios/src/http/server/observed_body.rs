use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};

/// A body that tells of each piece its bytes, and that it was the last, as far as that is known. What it tells is
/// dropped with it.
pub(super) struct ObservedBody<B, F> {
    body: B,
    observe: F,
}

impl<B, F: FnMut(u64, bool)> ObservedBody<B, F> {
    pub(super) fn new(body: B, observe: F) -> Self {
        Self { body, observe }
    }
}

impl<B, F> HttpBody for ObservedBody<B, F>
where
    B: HttpBody<Data = Bytes> + Unpin,
    F: FnMut(u64, bool) + Unpin,
{
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        match &polled {
            Poll::Ready(Some(Ok(frame))) => {
                let bytes = frame.data_ref().map_or(0, Bytes::len) as u64;
                let ended = self.body.is_end_stream();
                (self.observe)(bytes, ended);
            }
            Poll::Ready(None) => (self.observe)(0, true),
            Poll::Ready(Some(Err(_))) | Poll::Pending => {}
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
