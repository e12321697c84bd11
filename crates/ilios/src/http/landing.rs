use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};

use crate::console::LANDING_PAGE;

/// The address in the page's example, replaced by the one that the browser asked for.
const EXAMPLE_HOST: &str = "localhost:1337";

/// The page for people who open the server in a browser.
pub(super) async fn landing(request: HeaderMap) -> Response {
    let mut headers = HeaderMap::new();
    let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:";
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    let page = LANDING_PAGE.replace(EXAMPLE_HOST, host(&request).unwrap_or(EXAMPLE_HOST));
    (headers, Html(page)).into_response()
}

/// The host that the browser asked for, where it is made of nothing but a host's characters.
fn host(request: &HeaderMap) -> Option<&str> {
    let host = request.get(header::HOST)?.to_str().ok()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | ':' | '-' | '[' | ']');
    ((1..=255).contains(&host.len()) && host.chars().all(plain)).then_some(host)
}
