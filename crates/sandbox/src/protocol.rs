use std::io::{self, Read, Write};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Largest payload of a frame in bytes; a header that announces more ends the connection.
pub const MAX_FRAME_BYTES: usize = 512 << 20;

/// Frame kind, parent to child, first frame: the [`crate::Policy`]. All other kinds belong to the job's protocol.
pub(crate) const FRAME_POLICY: u8 = 0;

/// Bytes of a frame's header: kind and length.
const HEADER_BYTES: usize = 5;

/// One message between parent and child: a kind that both sides of the job agree on, and a payload.
/// On the wire: kind (1 byte), length (4 bytes, little endian), payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Kind of message; 0 is reserved by this crate.
    pub kind: u8,
    /// Payload.
    pub bytes: Vec<u8>,
}

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

impl Frame {
    fn header(&self) -> Result<[u8; HEADER_BYTES], FrameError> {
        let bytes = self.bytes.len();
        let length = u32::try_from(bytes).ok().filter(|_| bytes <= MAX_FRAME_BYTES);
        let length = length.ok_or(FrameError::TooLarge {
            bytes,
            limit: MAX_FRAME_BYTES,
        })?;
        let [a, b, c, d] = length.to_le_bytes();
        Ok([self.kind, a, b, c, d])
    }

    pub(crate) fn write(&self, channel: &mut impl Write) -> Result<(), FrameError> {
        channel.write_all(&self.header()?)?;
        channel.write_all(&self.bytes)?;
        Ok(())
    }

    /// Reads the next frame from `channel`, of at most `limit` bytes. Its memory grows with the bytes that arrive.
    ///
    /// # Errors
    /// [`FrameError`]: the channel has ended, the header announces a larger frame, or reading failed.
    pub fn read(channel: &mut impl Read, limit: usize) -> Result<Self, FrameError> {
        let mut header = [0; HEADER_BYTES];
        channel.read_exact(&mut header)?;
        let (kind, length) = parse_header(header, limit)?;
        let mut bytes = Vec::new();
        channel.take(length as u64).read_to_end(&mut bytes)?;
        if bytes.len() < length {
            Err(FrameError::Closed)
        } else {
            Ok(Self { kind, bytes })
        }
    }

    pub(crate) async fn send(&self, channel: &mut (impl AsyncWrite + Unpin)) -> Result<(), FrameError> {
        channel.write_all(&self.header()?).await?;
        channel.write_all(&self.bytes).await?;
        Ok(())
    }

    pub(crate) async fn receive(
        channel: &mut (impl AsyncRead + Unpin),
        limit: usize,
    ) -> Result<Self, FrameError> {
        let mut header = [0; HEADER_BYTES];
        channel.read_exact(&mut header).await?;
        let (kind, length) = parse_header(header, limit)?;
        // No reservation by the announced length: a compromised child could make the parent allocate it for nothing.
        let mut bytes = Vec::new();
        channel.take(length as u64).read_to_end(&mut bytes).await?;
        if bytes.len() < length {
            Err(FrameError::Closed)
        } else {
            Ok(Self { kind, bytes })
        }
    }
}

fn parse_header([kind, a, b, c, d]: [u8; HEADER_BYTES], limit: usize) -> Result<(u8, usize), FrameError> {
    let bytes = u32::from_le_bytes([a, b, c, d]) as usize;
    if bytes > limit {
        Err(FrameError::TooLarge { bytes, limit })
    } else {
        Ok((kind, bytes))
    }
}
