use bytes::Bytes;

use super::protocol::{FromChild, ProtocolError};

/// The most bytes of a frame with a list: enough for the longest document.
const MAX_LIST_BYTES: usize = 16 << 20;

/// Collects the messages of a child's answer into a `T`.
pub(super) trait FrameCollector<T>: Send {
    /// The most bytes of a frame.
    fn max_frame_bytes(&self) -> usize;

    /// Takes the next message, which borrows from `frame`.
    ///
    /// # Errors
    /// [`ProtocolError`]: the child does not keep to the protocol, or what it sends cannot be kept.
    fn take(
        &mut self,
        message: FromChild<'_>,
        frame: &Bytes,
    ) -> impl Future<Output = Result<Step<T>, ProtocolError>> + Send;
}

/// Tells whether more frames are to come.
pub(super) enum Step<T> {
    More,
    Done(T),
}

/// Waits for one message, of which the function takes the answer.
pub(super) struct SingleMessage<T>(pub(super) fn(FromChild<'_>) -> Option<T>);

impl<T: Send> FrameCollector<T> for SingleMessage<T> {
    fn max_frame_bytes(&self) -> usize {
        MAX_LIST_BYTES
    }

    async fn take(&mut self, message: FromChild<'_>, _: &Bytes) -> Result<Step<T>, ProtocolError> {
        (self.0)(message).map(Step::Done).ok_or(ProtocolError::Unexpected)
    }
}
