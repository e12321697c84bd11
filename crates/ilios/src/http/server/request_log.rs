use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use tracing::Span;

use super::address::Peer;
use super::observed_body::ObservedBody;
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
            Body::new(ObservedBody::new(body, move |bytes, _| {
                log_fields.0.bytes_in.fetch_add(bytes, Ordering::Relaxed);
            }))
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
        response.map(|body| Body::new(ObservedBody::new(body, move |bytes, _| self.sent(bytes))))
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
