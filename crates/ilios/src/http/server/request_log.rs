use std::net::IpAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Instant;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use hyper::body::{Frame, SizeHint};
use tracing::Span;

use super::address::Peer;
use crate::http::HttpState;
use crate::model::Tenant;

/// Paths that orchestrators and monitoring systems poll. Their requests are logged at the level `debug`.
const PROBE_PATHS: [&str; 4] = ["/health", "/livez", "/readyz", "/metrics"];

/// Log fields that become known while a request is answered: its tenant and the bytes of its body. Kept in its
/// extensions.
#[derive(Debug, Clone, Default)]
pub(in crate::http) struct LogFields(Arc<Fields>);

#[derive(Debug, Default)]
struct Fields {
    tenant: OnceLock<String>,
    bytes_in: AtomicU64,
}

impl LogFields {
    /// Notes whose request it is, once.
    pub(in crate::http) fn tenant(&self, tenant: &Tenant) {
        // A request has one tenant; a second word of it would say the same.
        let _ = self.0.tenant.set(tenant.short().to_owned());
    }
}

/// The line in the log of one request: written when the last byte of its answer is sent or given up.
pub(in crate::http) struct RequestLine {
    span: Span,
    method: Method,
    path: String,
    client: Option<IpAddr>,
    started: Instant,
    log_fields: LogFields,
    answered: Option<(StatusCode, u64)>,
    bytes_out: u64,
}

impl RequestLine {
    /// Begins the line of `request`, whose body is counted from now on.
    pub(in crate::http) fn begin(state: &HttpState, span: Span, request: Request) -> (Self, Request) {
        let peer = request.extensions().get::<Peer>().map(|peer| peer.0.ip());
        let headers = request.headers();
        let line = Self {
            span,
            method: request.method().clone(),
            path: request.uri().path().to_owned(),
            client: peer.map(|peer| state.edge.public_address.client(peer, headers)),
            started: Instant::now(),
            log_fields: LogFields::default(),
            answered: None,
            bytes_out: 0,
        };
        let log_fields = line.log_fields.clone();
        let mut request = request.map(|body| {
            Body::new(Counted {
                body,
                count: move |bytes| {
                    log_fields.0.bytes_in.fetch_add(bytes, Ordering::Relaxed);
                },
            })
        });
        request.extensions_mut().insert(line.log_fields.clone());
        (line, request)
    }

    fn sent(&mut self, bytes: u64) {
        self.bytes_out += bytes;
    }

    /// Ends with the body of `response`.
    pub(in crate::http) fn end_with(mut self, response: Response) -> Response {
        let microseconds = u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.answered = Some((response.status(), microseconds));
        response.map(|body| {
            Body::new(Counted {
                body,
                count: move |bytes| self.sent(bytes),
            })
        })
    }
}

impl Drop for RequestLine {
    fn drop(&mut self) {
        let _entered = self.span.enter();
        let (method, path) = (&self.method, self.path.as_str());
        let client = self.client.map(|client| client.to_string());
        let tenant = self.log_fields.0.tenant.get();
        let bytes_in = self.log_fields.0.bytes_in.load(Ordering::Relaxed);
        let bytes_out = self.bytes_out;
        let Some((status, microseconds)) = self.answered else {
            tracing::info!(%method, path, client, tenant, bytes_in, "the client went away");
            return;
        };
        let status = status.as_u16();
        if PROBE_PATHS.contains(&path) {
            tracing::debug!(%method, path, status, microseconds, client, tenant, bytes_in, bytes_out, "answered");
        } else {
            tracing::info!(%method, path, status, microseconds, client, tenant, bytes_in, bytes_out, "answered");
        }
    }
}

/// A body whose bytes are counted as they pass. What counts them is dropped with it.
struct Counted<F> {
    body: Body,
    count: F,
}

impl<F: FnMut(u64) + Unpin> HttpBody for Counted<F> {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &polled
            && let Some(bytes) = frame.data_ref()
        {
            (self.count)(bytes.len() as u64);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
