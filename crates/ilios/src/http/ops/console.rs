use std::collections::HashMap;
use std::sync::LazyLock;

use axum::Extension;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::web_file::{Caching, WebFile, digest};
use crate::console::{ASSETS, DOCS_PAGE, PAGE, POLICY};
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::http::server::host::Host;

/// The address in the page's example, replaced by the one that the browser asked for.
const EXAMPLE_HOST: &str = "localhost:1337";
/// Beginning of the addresses of files in pages.
const FOLDER: &str = "=\"/console/";
const HTML: &str = "text/html; charset=utf-8";

static FILES: LazyLock<HashMap<&str, WebFile>> = LazyLock::new(|| {
    let files = ASSETS.iter();
    files
        .map(|asset| (asset.name, WebFile::new(asset.content_type, asset.bytes)))
        .collect()
});

/// Name of this version of all files, which their addresses have: browsers keep them for ever, and a new version of the
/// server is never used by scripts of an old one.
static VERSION: LazyLock<String> = LazyLock::new(|| digest(ASSETS.iter().map(|asset| asset.bytes)));

/// The page for people who open the server in a browser.
pub(in crate::http) async fn page(host: Option<Extension<Host>>, headers: HeaderMap) -> Response {
    let page = versioned(PAGE);
    let page = match host {
        Some(Extension(host)) => page.replace(EXAMPLE_HOST, &host.to_string()),
        None => page,
    };
    let mut response = WebFile::plain(HTML, page).answer(&headers, Caching::Revalidated);
    let policy = HeaderValue::from_static(POLICY);
    response
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

/// The page with the description of the API.
pub(super) fn docs_page(headers: &HeaderMap) -> Response {
    WebFile::plain(HTML, versioned(DOCS_PAGE)).answer(headers, Caching::Revalidated)
}

/// A file that a page loads, by an address that stays the same.
pub(in crate::http) async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    file(&name, &headers, Caching::Revalidated)
}

/// A file that a page loads, by the address of its version.
pub(in crate::http) async fn asset_of_version(
    Path((version, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    if version == *VERSION {
        file(&name, &headers, Caching::Immutable)
    } else {
        missing()
    }
}

fn file(name: &str, headers: &HeaderMap, caching: Caching) -> Response {
    FILES
        .get(name)
        .map_or_else(missing, |file| file.answer(headers, caching))
}

fn missing() -> Response {
    Problem::new(Code::NOT_FOUND, "there is no such path").into_response()
}

/// A page whose files are those of this version.
fn versioned(page: &str) -> String {
    page.replace(FOLDER, &format!("{FOLDER}{}/", *VERSION))
}
