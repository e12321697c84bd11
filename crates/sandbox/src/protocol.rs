use std::io::{self, Read, Write};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Largest frame in bytes; a header that announces more ends the connection.
pub const MAX_FRAME_BYTES: usize = 512 << 20;

/// Bytes of a frame's header: its length, little endian. What the bytes behind it mean is the business of those who
/// talk over the channel; the first frame alone, parent to child, is the [`crate::Policy`].
const HEADER_BYTES: usize = 4;

/// Reasons why a frame could not be sent or received.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// The other side has closed the channel, or has died.
    #[error("the other side has closed the channel")]
    Closed,
    /// The frame is larger than the receiver accepts.
    #[error("a frame of {bytes} bytes; at most {limit} are allowed")]
    TooLarge {
        /// Bytes announced.
        bytes: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// The channel failed.
    #[error(transparent)]
    Io(io::Error),
}

impl From<io::Error> for FrameError {
    fn from(error: io::Error) -> Self {
        use io::ErrorKind::{BrokenPipe, ConnectionReset, UnexpectedEof};
        match error.kind() {
            UnexpectedEof | BrokenPipe | ConnectionReset => Self::Closed,
            _ => Self::Io(error),
        }
    }
}

/// The most bytes of a frame that are written together with its header: copying them costs less than another call.
const WRITTEN_AT_ONCE: usize = 64 << 10;

pub(crate) fn write_frame(channel: &mut impl Write, frame: &[u8]) -> Result<(), FrameError> {
    let header = header(frame)?;
    if frame.len() <= WRITTEN_AT_ONCE {
        channel.write_all(&[header.as_slice(), frame].concat())?;
    } else {
        channel.write_all(&header)?;
        channel.write_all(frame)?;
    }
    Ok(())
}

/// Reads the next frame from `channel`, of at most `limit` bytes. Its memory grows with the bytes that arrive.
///
/// # Errors
/// [`FrameError`]: the channel has ended, the header announces a larger frame, or reading failed.
pub fn read_frame(channel: &mut impl Read, limit: usize) -> Result<Vec<u8>, FrameError> {
    let mut header = [0; HEADER_BYTES];
    channel.read_exact(&mut header)?;
    let length = parse_header(header, limit)?;
    let mut frame = Vec::new();
    channel.take(length as u64).read_to_end(&mut frame)?;
    complete(frame, length)
}

pub(crate) async fn send_frame(
    channel: &mut (impl AsyncWrite + Unpin),
    frame: &[u8],
) -> Result<(), FrameError> {
    let header = header(frame)?;
    if frame.len() <= WRITTEN_AT_ONCE {
        channel.write_all(&[header.as_slice(), frame].concat()).await?;
    } else {
        channel.write_all(&header).await?;
        channel.write_all(frame).await?;
    }
    Ok(())
}

pub(crate) async fn receive_frame(
    channel: &mut (impl AsyncRead + Unpin),
    limit: usize,
) -> Result<Vec<u8>, FrameError> {
    let mut header = [0; HEADER_BYTES];
    channel.read_exact(&mut header).await?;
    let length = parse_header(header, limit)?;
    // No reservation by the announced length: a compromised child could make the parent allocate it for nothing.
    let mut frame = Vec::new();
    channel.take(length as u64).read_to_end(&mut frame).await?;
    complete(frame, length)
}

fn header(frame: &[u8]) -> Result<[u8; HEADER_BYTES], FrameError> {
    let bytes = frame.len();
    let length = u32::try_from(bytes).ok().filter(|_| bytes <= MAX_FRAME_BYTES);
    let length = length.ok_or(FrameError::TooLarge {
        bytes,
        limit: MAX_FRAME_BYTES,
    })?;
    Ok(length.to_le_bytes())
}

fn parse_header(header: [u8; HEADER_BYTES], limit: usize) -> Result<usize, FrameError> {
    let bytes = u32::from_le_bytes(header) as usize;
    if bytes > limit {
        Err(FrameError::TooLarge { bytes, limit })
    } else {
        Ok(bytes)
    }
}

fn complete(frame: Vec<u8>, length: usize) -> Result<Vec<u8>, FrameError> {
    if frame.len() < length {
        Err(FrameError::Closed)
    } else {
        Ok(frame)
    }
}
