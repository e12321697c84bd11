use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, BodyDataStream, HttpBody};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::Stream;
use tokio::time::{Instant, Sleep};

use crate::http::HttpState;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;

/// Bytes that a body must bring within the time, unless it ends. The slowest lines bring more in a few seconds.
const MIN_PROGRESS_BYTES: usize = 8 * 1024;

/// Ends a request whose body makes no progress, and answers 408 for it.
pub(in crate::http) async fn limit_stalled_bodies(
    State(state): State<HttpState>,
    request: Request,
    next: Next,
) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let late = Arc::new(AtomicBool::new(false));
    let (head, body) = request.into_parts();
    let limit = state.edge.body_timeout;
    let body = Body::from_stream(StalledBodyGuard {
        body: body.into_data_stream(),
        timer: Box::pin(tokio::time::sleep(limit)),
        limit,
        arrived: 0,
        working: Some(Instant::now()),
        late: Arc::clone(&late),
    });
    let response = next.run(Request::from_parts(head, body)).await;
    if !late.load(Ordering::Relaxed) {
        return response;
    }
    let error = format!(
        "the body brought less than {MIN_PROGRESS_BYTES} bytes in {} s; send it again on a better line",
        limit.as_secs()
    );
    Problem::new(Code::BODY_TIMEOUT, error).into_response()
}

/// A body that errs once it has made too little progress for too long.
struct StalledBodyGuard {
    body: BodyDataStream,
    /// Runs while a handler waits for the body, not while it works on what has arrived.
    timer: Pin<Box<Sleep>>,
    limit: Duration,
    /// Bytes since the time began.
    arrived: usize,
    /// Since when a part of it is worked on.
    working: Option<Instant>,
    late: Arc<AtomicBool>,
}

impl StalledBodyGuard {
    /// Takes the time up again, where it was left or, after enough progress, anew.
    fn resume(&mut self) {
        let Some(since) = self.working.take() else { return };
        let now = Instant::now();
        let deadline = if self.arrived >= MIN_PROGRESS_BYTES {
            self.arrived = 0;
            now + self.limit
        } else {
            self.timer.deadline() + now.duration_since(since)
        };
        self.timer.as_mut().reset(deadline);
    }
}

impl Stream for StalledBodyGuard {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.resume();
        match Pin::new(&mut self.body).poll_next(context) {
            Poll::Ready(Some(Ok(bytes))) => {
                self.arrived += bytes.len();
                self.working = Some(Instant::now());
                Poll::Ready(Some(Ok(bytes)))
            }
            Poll::Ready(end) => Poll::Ready(end),
            Poll::Pending if self.timer.as_mut().poll(context).is_ready() => {
                self.late.store(true, Ordering::Relaxed);
                Poll::Ready(Some(Err(axum::Error::new("the body makes no progress"))))
            }
            Poll::Pending => Poll::Pending,
        }
    }
}
