use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use futures::task::AtomicWaker;
use hyper::rt::Executor;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep};

/// Bytes of an answer that its client must take within the time, unless it ends.
const MIN_PROGRESS_BYTES: usize = 4 * 1024;
/// Bytes of an answer that may be on their way within this program.
const WINDOW_BYTES: usize = 32 * 1024;

/// Bytes of answers on a connection of HTTP/1 that were handed to the library that writes them. It would take four
/// times as much as is needed to keep a connection busy.
#[derive(Debug, Default)]
pub(in crate::http) struct Outgoing {
    pending: AtomicUsize,
    waker: AtomicWaker,
}

impl Outgoing {
    /// Waits until more may be handed on.
    pub(in crate::http) fn poll_room(&self, context: &mut Context<'_>) -> Poll<()> {
        self.waker.register(context.waker());
        if self.pending.load(Ordering::Acquire) < WINDOW_BYTES {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }

    pub(in crate::http) fn hand_on(&self, bytes: usize) {
        self.pending.fetch_add(bytes, Ordering::AcqRel);
    }

    /// All that was handed on was written.
    pub(in crate::http) fn flushed(&self) {
        if self.pending.swap(0, Ordering::AcqRel) > 0 {
            self.waker.wake();
        }
    }
}

/// Write timeout: ends the connection of a client that takes too little of a response.
pub(in crate::http) struct WriteTimeout {
    limit: Duration,
    /// Bytes taken since the time runs.
    taken: usize,
    /// Runs while the client keeps something from being written.
    timer: Option<Pin<Box<Sleep>>>,
    over: bool,
}

impl WriteTimeout {
    pub(in crate::http) fn new(limit: Duration) -> Self {
        Self {
            limit,
            taken: 0,
            timer: None,
            over: false,
        }
    }

    /// Takes the outcome of an attempt to write and returns it, or the error `TimedOut` once the client has taken less
    /// than `MIN_PROGRESS_BYTES` within the limit. The connection is then reset when it is closed.
    pub(in crate::http) fn after(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<io::Result<usize>>,
        stream: &TcpStream,
    ) -> Poll<io::Result<usize>> {
        match written {
            Poll::Ready(Ok(bytes)) => {
                self.taken += bytes;
                if self.taken >= MIN_PROGRESS_BYTES {
                    self.rest();
                }
            }
            Poll::Pending if self.is_over(context) => {
                // What the system still has of it goes, too.
                let _ = stream.set_zero_linger();
                let error = "the client takes too little of an answer";
                return Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, error)));
            }
            _ => {}
        }
        written
    }

    fn is_over(&mut self, context: &mut Context<'_>) -> bool {
        if !self.over {
            let timer = self.timer.get_or_insert_with(|| {
                self.taken = 0;
                Box::pin(tokio::time::sleep(self.limit))
            });
            self.over = timer.as_mut().poll(context).is_ready();
        }
        self.over
    }

    /// The client has taken enough, or all there was.
    pub(in crate::http) fn rest(&mut self) {
        self.taken = 0;
        self.timer = None;
    }
}

tokio::task_local! {
    static STREAM: Arc<StreamWatch>;
}

/// Since when the client of a stream of HTTP/2 has kept its answer waiting: the connection may be busy with others.
#[derive(Debug, Default)]
pub(in crate::http) struct StreamWatch(Mutex<Option<Instant>>);

impl StreamWatch {
    /// That of the stream whose request is worked on.
    pub(in crate::http) fn current() -> Option<Arc<Self>> {
        STREAM.try_with(Arc::clone).ok()
    }

    /// Says whether something is there for the client to take.
    pub(in crate::http) fn waits(&self, waits: bool) {
        let since = waits.then(Instant::now);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = since;
    }

    /// Returns once the client has kept it waiting for `limit`.
    async fn stalled(&self, limit: Duration) {
        loop {
            let since = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
            match since {
                Some(since) if since.elapsed() >= limit => return,
                Some(since) => tokio::time::sleep_until(since + limit).await,
                // Whatever begins to wait meanwhile has not waited for too long then.
                None => tokio::time::sleep(limit).await,
            }
        }
    }
}

/// Runs the streams of HTTP/2, and takes back those whose clients take nothing.
#[derive(Debug, Clone)]
pub(in crate::http) struct Streams {
    pub(in crate::http) limit: Duration,
}

impl<F> Executor<F> for Streams
where
    F: Future + Send + 'static,
    F::Output: Send,
{
    fn execute(&self, stream: F) {
        let (watch, limit) = (Arc::new(StreamWatch::default()), self.limit);
        let watched = Arc::clone(&watch);
        tokio::spawn(STREAM.scope(watched, async move {
            tokio::select! {
                _ = stream => {}
                () = watch.stalled(limit) => tracing::debug!("an answer that its client does not take was cut off"),
            }
        }));
    }
}
