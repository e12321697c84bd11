use axum::Extension;
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::console::{ASSETS, PAGE, POLICY};
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::http::server::host::Host;

/// The address in the page's example, replaced by the one that the browser asked for.
const EXAMPLE_HOST: &str = "localhost:1337";

/// Digits of the digest that name a version of a file.
const TAG_DIGITS: usize = 16;

/// The page for people who open the server in a browser.
pub(in crate::http) async fn page(host: Option<Extension<Host>>, headers: HeaderMap) -> Response {
    let page = match host {
        Some(Extension(host)) => PAGE.replace(EXAMPLE_HOST, &host.to_string()),
        None => PAGE.to_owned(),
    };
    let mut response = revalidated(&headers, "text/html; charset=utf-8", page.into());
    let policy = HeaderValue::from_static(POLICY);
    response
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

/// A file that the page loads.
pub(in crate::http) async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    match ASSETS.iter().find(|asset| asset.name == name) {
        Some(asset) => revalidated(&headers, asset.content_type, Bytes::from_static(asset.bytes)),
        None => Problem::new(Code::NOT_FOUND, "there is no such path").into_response(),
    }
}

/// Answers with the content, or that the browser has it already. Browsers ask each time, so that a new version of the
/// server is never used by scripts of an old one.
fn revalidated(request: &HeaderMap, content_type: &'static str, content: Bytes) -> Response {
    let digest = format!("{:x}", Sha256::digest(&content));
    let tag = format!("\"{}\"", digest.get(..TAG_DIGITS).unwrap_or(&digest));
    let known = request
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|tags| {
            tags.split(',')
                .any(|known| known.trim().trim_start_matches("W/") == tag)
        });
    let headers = [
        (header::CONTENT_TYPE, content_type.to_owned()),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
        (header::ETAG, tag),
    ];
    if known {
        (StatusCode::NOT_MODIFIED, headers).into_response()
    } else {
        (headers, content).into_response()
    }
}
