//! Frames that a child sends.

use ilios_sandbox::ChildChannel;

use super::protocol::{Body, FromChild, MAX_PART_BYTES, ProtocolError, encode};

pub(super) fn send(channel: &mut ChildChannel, message: &FromChild<'_>) -> Result<(), ProtocolError> {
    Ok(channel.send(&encode(message)?)?)
}

/// Sends the bytes of one part, which may be empty, in pieces.
pub(super) fn send_pieces(channel: &mut ChildChannel, part: &[u8]) -> Result<(), ProtocolError> {
    let empty: &[u8] = &[];
    for piece in part
        .chunks(MAX_PART_BYTES)
        .chain(part.is_empty().then_some(empty))
    {
        send(channel, &FromChild::Part(Body(piece)))?;
    }
    Ok(())
}
