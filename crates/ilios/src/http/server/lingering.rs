use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep};

/// Longest time for which the rest of a request is read and discarded.
const MAX_LINGER: Duration = Duration::from_secs(30);
/// Longest time without a byte from the client, after which the connection is closed.
const IDLE_TIMEOUT: Duration = Duration::from_secs(5);
/// Largest number of bytes that are read and discarded.
const MAX_DISCARDED_BYTES: u64 = 1 << 30;
/// Bytes that are read at once.
const READ_BYTES: usize = 16 * 1024;

/// End of a connection whose client was answered before it had sent its request to the end. Many clients read the
/// answer only once they have sent everything, and would lose it if the connection were reset meanwhile. So what comes
/// is read and discarded until the client closes, too.
pub(super) struct Lingering {
    left: u64,
    end: Instant,
    timer: Pin<Box<Sleep>>,
}

impl Lingering {
    /// Begins when nothing more will be written.
    pub(super) fn new() -> Self {
        let now = Instant::now();
        Self {
            left: MAX_DISCARDED_BYTES,
            end: now + MAX_LINGER,
            timer: Box::pin(tokio::time::sleep_until(now + IDLE_TIMEOUT)),
        }
    }

    /// Reads and discards what the client sends. Ready once the client has closed the connection, or a limit is
    /// reached.
    pub(super) fn poll(&mut self, context: &mut Context<'_>, stream: &mut TcpStream) -> Poll<()> {
        let mut memory = [0; READ_BYTES];
        loop {
            let mut buffer = ReadBuf::new(&mut memory);
            match Pin::new(&mut *stream).poll_read(context, &mut buffer) {
                Poll::Ready(Ok(())) => {
                    let length = buffer.filled().len() as u64;
                    self.left = self.left.saturating_sub(length);
                    if length == 0 || self.left == 0 {
                        return Poll::Ready(());
                    }
                    let deadline = self.end.min(Instant::now() + IDLE_TIMEOUT);
                    self.timer.as_mut().reset(deadline);
                }
                Poll::Ready(Err(_)) => return Poll::Ready(()),
                Poll::Pending => return self.timer.as_mut().poll(context),
            }
        }
    }
}
