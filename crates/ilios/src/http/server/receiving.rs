use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::body::Body;
use axum::http::{Request, Version};
use hyper::body::{Body as _, Incoming};

use super::observed_body::ObservedBody;

/// Bytes of a body that make it a large one, announced or received.
const MIN_LARGE_BODY: u64 = 512 * 1024;

/// State of the request that is received on a connection. The connection knows when bytes come, the bodies of its
/// requests where each ends: the library that is between them finds the ends, nothing else does.
#[derive(Debug, Default)]
pub(super) struct Receiving {
    any: AtomicBool,
    /// Bytes have come, and no request has been read to its end since.
    within_request: AtomicBool,
    /// The body that is read is a large one.
    large: AtomicBool,
    /// Requests of HTTP/2 end within frames, which the connection need not know of.
    http2: AtomicBool,
}

impl Receiving {
    /// Returns true if a request has been handed on.
    pub(super) fn any(&self) -> bool {
        self.any.load(Ordering::Relaxed)
    }

    /// Returns true if the end of the last request has not been read.
    pub(super) fn within_request(&self) -> bool {
        self.within_request.load(Ordering::Relaxed) && !self.http2.load(Ordering::Relaxed)
    }

    /// Returns true while a large body is read.
    pub(super) fn is_large(&self) -> bool {
        self.large.load(Ordering::Relaxed)
    }

    pub(super) fn bytes_came(&self) {
        self.within_request.store(true, Ordering::Relaxed);
    }

    /// Begins to follow `request`, whose head was read.
    pub(super) fn follow(self: &Arc<Self>, request: Request<Incoming>) -> Request<Body> {
        self.any.store(true, Ordering::Relaxed);
        if request.version() == Version::HTTP_2 {
            self.http2.store(true, Ordering::Relaxed);
            return request.map(Body::new);
        }
        if request.body().is_end_stream() {
            self.end();
            return request.map(Body::new);
        }
        let announced = request.body().size_hint().lower();
        self.large.store(announced >= MIN_LARGE_BODY, Ordering::Relaxed);
        let mut following = Following {
            receiving: Arc::clone(self),
            received: 0,
        };
        request.map(|body| {
            Body::new(ObservedBody::new(body, move |bytes, ended| {
                following.pass(bytes, ended)
            }))
        })
    }

    fn end(&self) {
        self.within_request.store(false, Ordering::Relaxed);
        self.large.store(false, Ordering::Relaxed);
    }
}

/// A body on its way to its handler, which may drop it before its end.
struct Following {
    receiving: Arc<Receiving>,
    received: u64,
}

impl Following {
    fn pass(&mut self, bytes: u64, ended: bool) {
        self.received += bytes;
        if ended {
            self.receiving.end();
        } else if self.received >= MIN_LARGE_BODY {
            self.receiving.large.store(true, Ordering::Relaxed);
        }
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        self.receiving.large.store(false, Ordering::Relaxed);
    }
}
