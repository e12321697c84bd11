use ilios_sandbox::Frame;
use serde::de::DeserializeOwned;

use super::protocol::{ProtocolError, decode};

/// Collects the frames of a child's answer into a `T`.
pub(super) trait FrameCollector<T>: Send {
    /// Takes the next frame.
    ///
    /// # Errors
    /// [`ProtocolError`]: the child does not keep to the protocol, or what it sends cannot be kept.
    fn take(&mut self, frame: Frame) -> impl Future<Output = Result<Step<T>, ProtocolError>> + Send;
}

/// Tells whether more frames are to come.
pub(super) enum Step<T> {
    More,
    Done(T),
}

/// Waits for one frame of this kind.
pub(super) struct SingleFrame(pub(super) u8);

impl<T: DeserializeOwned + Send> FrameCollector<T> for SingleFrame {
    async fn take(&mut self, frame: Frame) -> Result<Step<T>, ProtocolError> {
        Ok(Step::Done(decode(self.0, &frame)?))
    }
}
