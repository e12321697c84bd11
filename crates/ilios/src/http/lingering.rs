use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep};

/// How long a client may go on to send what nobody reads.
const LONGEST: Duration = Duration::from_secs(30);
/// How long it may be silent meanwhile.
const SILENCE: Duration = Duration::from_secs(5);
/// Bytes that it may send.
const MOST: u64 = 1 << 30;
/// Bytes that are read at once.
const READ: usize = 16 * 1024;

/// The end of a connection whose client has not sent its request to the end, but was answered: many read the answer only
/// then, and would lose it when the connection was reset under what they send. What comes is read for nothing, until the
/// client closes, too.
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
            left: MOST,
            end: now + LONGEST,
            timer: Box::pin(tokio::time::sleep_until(now + SILENCE)),
        }
    }

    /// Whether it is over.
    pub(super) fn poll(&mut self, context: &mut Context<'_>, stream: &mut TcpStream) -> Poll<()> {
        let mut memory = [0; READ];
        loop {
            let mut buffer = ReadBuf::new(&mut memory);
            match Pin::new(&mut *stream).poll_read(context, &mut buffer) {
                Poll::Ready(Ok(())) => {
                    let length = buffer.filled().len() as u64;
                    self.left = self.left.saturating_sub(length);
                    if length == 0 || self.left == 0 {
                        return Poll::Ready(());
                    }
                    let deadline = self.end.min(Instant::now() + SILENCE);
                    self.timer.as_mut().reset(deadline);
                }
                Poll::Ready(Err(_)) => return Poll::Ready(()),
                Poll::Pending => return self.timer.as_mut().poll(context),
            }
        }
    }
}
