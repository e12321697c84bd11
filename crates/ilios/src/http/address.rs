use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

/// How the client reaches this server: scheme and host, if it says so soundly.
pub(super) struct Origin(Option<String>);

impl Origin {
    /// `address` as the client can use it: one that begins with `/` is on this server.
    pub(super) fn absolute(&self, address: String) -> String {
        match &self.0 {
            Some(origin) if address.starts_with('/') => format!("{origin}{address}"),
            _ => address,
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Origin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        // HTTP/2 has the host in the address instead of a header.
        let authority = parts.uri.authority().map(|authority| authority.as_str());
        let host = host(&parts.headers).or_else(|| authority.filter(|host| is_host(host)));
        Ok(Self(
            host.map(|host| format!("{}://{host}", scheme(&parts.headers))),
        ))
    }
}

/// The scheme that the client used, as the first of the proxies before us says.
fn scheme(request: &HeaderMap) -> &'static str {
    let sent = request
        .get("x-forwarded-proto")
        .and_then(|value| value.to_str().ok());
    let first = sent.and_then(|list| list.split(',').next()).unwrap_or_default();
    if first.trim().eq_ignore_ascii_case("https") {
        "https"
    } else {
        "http"
    }
}

/// The host that the client asked for, where it is made of nothing but a host's characters.
pub(super) fn host(request: &HeaderMap) -> Option<&str> {
    let host = request.get(header::HOST)?.to_str().ok()?;
    is_host(host).then_some(host)
}

fn is_host(host: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | ':' | '-' | '[' | ']');
    (1..=255).contains(&host.len()) && host.chars().all(plain)
}
