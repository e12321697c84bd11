use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::host::Host;
use crate::http::HttpState;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;

/// The web pages that may use the server: a browser sends where a page comes from as `Origin`.
#[derive(Debug, Clone)]
pub struct Origins {
    /// Origins that the operator allows.
    pub allowed: AllowedOrigins,
    /// Nothing but the pages named, and the server's own, is answered at all: without keys, to be asked is enough to
    /// be used.
    pub only_these: bool,
    /// The addresses under which the operator says that the server is reached, such as `https://docs.example.org`. Any
    /// host name of the internet that is neither one of theirs nor of a named page, and leads to a server without keys,
    /// is a trick (DNS rebinding).
    pub hosts: Arc<[String]>,
}

/// Origins such as `https://app.example.org`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AllowedOrigins {
    /// Every web page.
    Any,
    /// These; none when it is empty.
    These(Arc<[String]>),
}

impl AllowedOrigins {
    fn contains(&self, origin: &str) -> bool {
        match self {
            Self::Any => true,
            Self::These(origins) => origins.iter().any(|named| named.eq_ignore_ascii_case(origin)),
        }
    }
}

/// Headers of ours that browsers show to pages of elsewhere only when they are told to.
const EXPOSED_HEADERS: [&str; 14] = [
    "accept-ranges",
    "allow",
    "content-disposition",
    "content-range",
    "etag",
    "idempotency-replayed",
    "location",
    "retry-after",
    "www-authenticate",
    "x-document-id",
    "x-extracted-pages",
    "x-partial-result",
    "x-processing-time-ms",
    "x-request-id",
];

/// Lets a page that may read an answer read all its headers, those that come later included.
pub(in crate::http) async fn expose_headers(mut response: Response) -> Response {
    let headers = response.headers();
    if headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN)
        && !headers.contains_key(header::ACCESS_CONTROL_ALLOW_METHODS)
    {
        let of_answer = headers.keys().map(HeaderName::as_str);
        let further = of_answer.filter(|name| !name.starts_with("access-control-") && *name != "vary");
        let names: BTreeSet<&str> = EXPOSED_HEADERS.into_iter().chain(further).collect();
        let names = names.into_iter().collect::<Vec<_>>().join(", ");
        if let Ok(names) = HeaderValue::from_str(&names) {
            response
                .headers_mut()
                .insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, names);
        }
    }
    response
}

impl Origins {
    /// CORS headers of a response; `None` when no other origin is allowed.
    pub(in crate::http) fn layer(&self) -> Option<CorsLayer> {
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
                    HeaderName::from_static("mcp-method"),
                    HeaderName::from_static("mcp-name"),
                    HeaderName::from_static("mcp-protocol-version"),
                    HeaderName::from_static("x-api-key"),
                    HeaderName::from_static("x-request-id"),
                ])
                .max_age(std::time::Duration::from_secs(3_600)),
        )
    }

    fn contains(&self, origin: &str) -> bool {
        self.is_here(origin) || self.allowed.contains(origin)
    }

    fn is_here(&self, origin: &str) -> bool {
        self.hosts.iter().any(|own| own.eq_ignore_ascii_case(origin))
    }

    /// Returns true if no web page sends `request`, or the server's own or one of `named` does.
    pub(in crate::http) fn is_from(&self, request: &Request, named: &AllowedOrigins) -> bool {
        let host = request.extensions().get::<Host>();
        let is_own = |origin: &str| host.is_some_and(|host| host.is_origin(origin));
        let mut origins = request.headers().get_all(header::ORIGIN).iter();
        origins.all(|origin| {
            let origin = origin.to_str();
            origin.is_ok_and(|origin| named.contains(origin) || self.is_here(origin) || is_own(origin))
        })
    }

    /// Returns true if the `Referer` is a page of a named origin. It is looked at where there is no `Origin`, such as
    /// in requests for images.
    fn contains_referrer(&self, request: &Request) -> bool {
        let sent = request.headers().get(header::REFERER);
        let address = sent.and_then(|value| value.to_str().ok()).unwrap_or_default();
        let end = address
            .match_indices('/')
            .nth(2)
            .map_or(address.len(), |(at, _)| at);
        self.contains(&address[..end])
    }

    fn is_known_host(&self, host: &Host) -> bool {
        let named = match &self.allowed {
            AllowedOrigins::Any => return true,
            AllowedOrigins::These(origins) => origins,
        };
        let is_named = |address: &String| host.is_named_by(address);
        host.is_of_this_network() || self.hosts.iter().any(is_named) || named.iter().any(is_named)
    }

    /// Returns the reason a request is refused; `None` if it may be answered.
    fn rejection(&self, request: &Request) -> Option<OriginRejection> {
        if !self.only_these {
            return None;
        }
        // Only HTTP/1.0 may name no host, which no browser speaks.
        let host = request.extensions().get::<Host>();
        if host.is_some_and(|host| !self.is_known_host(host)) {
            return Some(OriginRejection::Host);
        }
        let mut origins = request.headers().get_all(header::ORIGIN).iter().peekable();
        if origins.peek().is_none() {
            let welcome = !is_cross_site(request) || self.contains_referrer(request);
            return (!welcome).then_some(OriginRejection::Page);
        }
        let is_own = |origin: &str| host.is_some_and(|host| host.is_origin(origin));
        let mut known = |origin: &HeaderValue| {
            origin
                .to_str()
                .is_ok_and(|origin| self.contains(origin) || is_own(origin))
        };
        (!origins.all(&mut known)).then_some(OriginRejection::Page)
    }
}

/// Reason a server without API keys refuses a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OriginRejection {
    /// A page of another origin sends it.
    Page,
    /// It names a host of the internet that the operator has not set (DNS rebinding).
    Host,
}

/// Returns true if a browser says that a page of another origin makes a request that has no `Origin`
/// (`Sec-Fetch-Site`). Following a link to this server is allowed, so it returns false for that.
fn is_cross_site(request: &Request) -> bool {
    let sent = |name: &str| {
        let mut values = request.headers().get_all(name).iter();
        values.next().map(|value| match values.next() {
            None => value.to_str().unwrap_or("?"),
            Some(_) => "?",
        })
    };
    let follows_a_link = || {
        matches!(*request.method(), Method::GET | Method::HEAD)
            && sent("sec-fetch-mode") == Some("navigate")
            && sent("sec-fetch-dest") == Some("document")
    };
    match sent("sec-fetch-site") {
        None | Some("same-origin" | "none") => false,
        Some(_) => !follows_a_link(),
    }
}

/// Refuses requests of web pages of other origins to a server without API keys.
pub(in crate::http) async fn check_origin(
    State(state): State<HttpState>,
    request: Request,
    next: Next,
) -> Response {
    let problem = match state.edge.origins.rejection(&request) {
        None => return next.run(request).await,
        Some(OriginRejection::Page) => {
            let error = "a web page of another origin may not use this server: its operator can name it in \
                         CORS_ORIGINS";
            Problem::new(Code::ORIGIN_NOT_ALLOWED, error).at("origin")
        }
        Some(OriginRejection::Host) => {
            let error = "this server does not know itself under this host name: its operator can name it in \
                         PUBLIC_URL or CORS_ORIGINS, or set API_KEY";
            Problem::new(Code::HOST_NOT_ALLOWED, error).at("host")
        }
    };
    problem.into_response()
}
