use axum::Extension;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};

use crate::console::LANDING_PAGE;
use crate::http::server::host::Host;

/// The address in the page's example, replaced by the one that the browser asked for.
const EXAMPLE_HOST: &str = "localhost:1337";

/// The page for people who open the server in a browser.
pub(in crate::http) async fn landing(host: Option<Extension<Host>>) -> Response {
    let mut headers = HeaderMap::new();
    let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; \
                  frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    let page = match host {
        Some(Extension(host)) => LANDING_PAGE.replace(EXAMPLE_HOST, &host.to_string()),
        None => LANDING_PAGE.to_owned(),
    };
    (headers, Html(page)).into_response()
}
