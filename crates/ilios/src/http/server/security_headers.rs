use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::connections::MAX_HEADERS;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;

/// Bytes that one header may have; keys and names take far fewer.
const MAX_HEADER_BYTES: usize = 16 * 1024;

/// Content security policy of responses without one of their own: nothing may be loaded.
const DEFAULT_CSP: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
/// The API's description for people brings its own scripts and styles, and asks this server alone.
const DOCS_CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                           img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-ancestors 'none'; \
                           base-uri 'none'; form-action 'none'";

/// Refuses more and longer headers than any client needs.
pub(in crate::http) async fn limit_headers(request: Request, next: Next) -> Response {
    let headers = request.headers();
    if headers.len() > MAX_HEADERS || headers.values().any(|value| value.len() > MAX_HEADER_BYTES) {
        let error = format!("takes at most {MAX_HEADERS} headers of {MAX_HEADER_BYTES} bytes each");
        return Problem::new(Code::HEADERS_TOO_LARGE, error).into_response();
    }
    next.run(request).await
}

/// Sets the security headers of every response: browsers guess no type and load nothing.
pub(in crate::http) async fn set_security_headers(request: Request, next: Next) -> Response {
    let described = request.uri().path().starts_with("/docs");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    let policy = if described { DOCS_CSP } else { DEFAULT_CSP };
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(policy));
    response
}
