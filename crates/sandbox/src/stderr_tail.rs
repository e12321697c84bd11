use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::io::AsyncReadExt;
use tokio::net::unix::pipe::Receiver;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Bytes at the end of a child's standard error that are kept for the log.
const KEPT_BYTES: usize = 64 * 1024;
/// Bytes of standard error after which a child counts as flooding it.
const MAX_BYTES: usize = 16 << 20;

/// Standard error of a child, read by a task.
pub(crate) struct StderrReader {
    tail: JoinHandle<StderrTail>,
    /// True once there were more than [`MAX_BYTES`].
    flood: watch::Receiver<bool>,
    has_printed: Arc<AtomicBool>,
}

/// End of a child's standard error.
#[derive(Default)]
struct StderrTail {
    bytes: Vec<u8>,
    /// Pipe of a child that floods it, open until the child has been killed: were it closed before, the child would die
    /// of its next write, and a flood would look like a crash.
    _unread: Option<Receiver>,
}

impl StderrReader {
    /// Begins to read. Must be called within a tokio runtime.
    pub(crate) fn start(stderr: Receiver) -> Self {
        let (on_flood, flood) = watch::channel(false);
        let has_printed = Arc::new(AtomicBool::new(false));
        Self {
            tail: tokio::spawn(read(stderr, on_flood, Arc::clone(&has_printed))),
            flood,
            has_printed,
        }
    }

    /// Returns true if the child has printed anything that was read yet.
    pub(crate) fn has_printed(&self) -> bool {
        self.has_printed.load(Ordering::Relaxed)
    }

    /// Completes when the child floods standard error, otherwise never.
    pub(crate) fn flood(&self) -> impl Future<Output = ()> + use<> {
        let mut flood = self.flood.clone();
        async move {
            // A sender that is gone means that standard error has ended without a flood.
            if flood.wait_for(|is_flood| *is_flood).await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }

    /// The last bytes of a child that has ended.
    pub(crate) async fn into_tail(self) -> Vec<u8> {
        self.tail.await.unwrap_or_default().bytes
    }
}

/// Reads standard error to its end and keeps the last [`KEPT_BYTES`]. Reports a flood and stops reading.
async fn read(
    mut stderr: Receiver,
    on_flood: watch::Sender<bool>,
    has_printed: Arc<AtomicBool>,
) -> StderrTail {
    let (mut kept, mut seen) = (VecDeque::new(), 0_usize);
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = stderr.read(&mut buffer).await {
        has_printed.store(true, Ordering::Relaxed);
        seen = seen.saturating_add(count);
        kept.extend(buffer.get(..count).unwrap_or_default());
        kept.drain(..kept.len().saturating_sub(KEPT_BYTES));
        if seen > MAX_BYTES {
            // Who watches kills the child.
            on_flood.send_replace(true);
            return StderrTail {
                bytes: kept.into(),
                _unread: Some(stderr),
            };
        }
    }
    StderrTail {
        bytes: kept.into(),
        _unread: None,
    }
}
