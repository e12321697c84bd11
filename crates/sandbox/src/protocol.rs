use std::io::{self, Read, Write};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// The most bytes a frame may carry; whoever announces more is cut off.
pub const MAX_FRAME: usize = 512 << 20;

/// Parent to child, before everything else: what the child may do. The other kinds are the job's own.
pub(crate) const POLICY: u8 = 0;

const HEADER: usize = 5;

/// One message between parent and child: a kind that the job's two sides agree on, and bytes.
/// On the wire: the kind (1 byte), the length (4 bytes, little endian), the bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// What the bytes are; 0 is taken by this crate.
    pub kind: u8,
    /// The message.
    pub bytes: Vec<u8>,
}

/// Why a frame could not be sent or received.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// The other side is gone.
    #[error("the other side has closed the channel")]
    Closed,
    /// A frame is larger than the receiver takes.
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
    fn header(&self) -> Result<[u8; HEADER], FrameError> {
        let bytes = self.bytes.len();
        let length = u32::try_from(bytes).ok().filter(|_| bytes <= MAX_FRAME);
        let length = length.ok_or(FrameError::TooLarge {
            bytes,
            limit: MAX_FRAME,
        })?;
        let [a, b, c, d] = length.to_le_bytes();
        Ok([self.kind, a, b, c, d])
    }

    pub(crate) fn write(&self, channel: &mut impl Write) -> Result<(), FrameError> {
        channel.write_all(&self.header()?)?;
        channel.write_all(&self.bytes)?;
        Ok(())
    }

    /// The next frame of `channel`, of at most `limit` bytes. Its memory grows with what really arrives.
    ///
    /// # Errors
    /// [`FrameError`]: the channel has ended, the frame says it is larger, or reading failed.
    pub fn read(channel: &mut impl Read, limit: usize) -> Result<Self, FrameError> {
        let mut header = [0; HEADER];
        channel.read_exact(&mut header)?;
        let (kind, length) = parse(header, limit)?;
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
        let mut header = [0; HEADER];
        channel.read_exact(&mut header).await?;
        let (kind, length) = parse(header, limit)?;
        // Grows with what really arrives: a child cannot make the parent reserve what it only announces.
        let mut bytes = Vec::new();
        channel.take(length as u64).read_to_end(&mut bytes).await?;
        if bytes.len() < length {
            Err(FrameError::Closed)
        } else {
            Ok(Self { kind, bytes })
        }
    }
}

fn parse([kind, a, b, c, d]: [u8; HEADER], limit: usize) -> Result<(u8, usize), FrameError> {
    let bytes = u32::from_le_bytes([a, b, c, d]) as usize;
    if bytes > limit {
        Err(FrameError::TooLarge { bytes, limit })
    } else {
        Ok((kind, bytes))
    }
}
