use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::HttpState;
use super::address::host;
use super::codes::Code;
use super::problem::Problem;

/// The web pages that may use the server: a browser sends where a page comes from as `Origin`.
#[derive(Debug, Clone)]
pub struct Origins {
    /// What the operator has said of it.
    pub allowed: AllowedOrigins,
    /// Nothing but the pages named, and the server's own, is answered at all: without keys, to be asked is enough to
    /// be used.
    pub only_these: bool,
    /// The server is for this machine alone: a host name of the internet that leads here is a trick (DNS rebinding).
    pub on_this_machine: bool,
}

/// Origins such as `https://app.example.org`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AllowedOrigins {
    /// Every web page.
    Any,
    /// These; none when it is empty.
    These(Arc<[String]>),
}

impl Origins {
    /// What an answer tells a browser about it; nothing when no page of elsewhere is allowed.
    pub(super) fn layer(&self) -> Option<CorsLayer> {
        let origins = match &self.allowed {
            AllowedOrigins::Any => AllowOrigin::any(),
            AllowedOrigins::These(origins) if origins.is_empty() => return None,
            AllowedOrigins::These(origins) => AllowOrigin::list(
                origins
                    .iter()
                    .filter_map(|origin| HeaderValue::from_str(origin).ok()),
            ),
        };
        Some(
            CorsLayer::new()
                .allow_origin(origins)
                .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
                .allow_headers([
                    header::AUTHORIZATION,
                    header::CONTENT_TYPE,
                    header::RANGE,
                    HeaderName::from_static("idempotency-key"),
                    HeaderName::from_static("x-request-id"),
                ])
                .expose_headers([
                    header::CONTENT_DISPOSITION,
                    header::RETRY_AFTER,
                    HeaderName::from_static("idempotency-replayed"),
                    HeaderName::from_static("x-document-id"),
                    HeaderName::from_static("x-extracted-pages"),
                    HeaderName::from_static("x-processing-time-ms"),
                    HeaderName::from_static("x-request-id"),
                ])
                .max_age(std::time::Duration::from_secs(3_600)),
        )
    }

    fn names(&self, origin: &str) -> bool {
        match &self.allowed {
            AllowedOrigins::Any => true,
            AllowedOrigins::These(origins) => origins.iter().any(|named| named.eq_ignore_ascii_case(origin)),
        }
    }

    fn lets_in(&self, request: &Request) -> bool {
        if !self.only_these {
            return true;
        }
        let authority = request.uri().authority().map(|authority| authority.as_str());
        let host = host(request.headers()).or(authority).unwrap_or_default();
        let mut origins = request.headers().get_all(header::ORIGIN).iter();
        let from_allowed = origins.all(|origin| {
            origin.to_str().is_ok_and(|origin| {
                let server = origin.split_once("://").map(|(_, server)| server);
                self.names(origin) || server.is_some_and(|server| server.eq_ignore_ascii_case(host))
            })
        });
        let named = || {
            ["http", "https"]
                .iter()
                .any(|scheme| self.names(&format!("{scheme}://{host}")))
        };
        from_allowed && (!self.on_this_machine || is_of_this_network(host) || named())
    }
}

/// Whether nobody on the internet can have such a host name lead here: an address, a name without a dot, or one of
/// the names that no server on the internet answers for.
fn is_of_this_network(host: &str) -> bool {
    let (name, port) = host.rsplit_once(':').unwrap_or((host, ""));
    let name = if port.bytes().all(|byte| byte.is_ascii_digit()) {
        name
    } else {
        host
    };
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let address = name.trim_start_matches('[').trim_end_matches(']');
    address.parse::<std::net::IpAddr>().is_ok()
        || !name.contains('.')
        || [".localhost", ".local", ".internal"]
            .iter()
            .any(|end| name.ends_with(end))
}

/// Refuses what a web page of elsewhere asks of an open server.
pub(super) async fn refuse_strangers(
    State(state): State<HttpState>,
    request: Request,
    next: Next,
) -> Response {
    if state.edge.origins.lets_in(&request) {
        return next.run(request).await;
    }
    let error =
        "a web page of another origin may not use this server: its operator can name it in CORS_ORIGINS";
    Problem::new(Code::ORIGIN_NOT_ALLOWED, error)
        .at("origin")
        .into_response()
}
