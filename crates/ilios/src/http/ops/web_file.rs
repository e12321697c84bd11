use std::io::Write;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

/// Digits of the digest that name a version.
const TAG_DIGITS: usize = 16;

/// Time for which browsers keep a file.
#[derive(Debug, Clone, Copy)]
pub(super) enum Caching {
    /// They ask each time whether it is still the same.
    Revalidated,
    /// For ever: its address is that of this version.
    Immutable,
}

/// A file for browsers, in clear and compressed.
pub(super) struct WebFile {
    content_type: String,
    bytes: Bytes,
    gzip: Option<Bytes>,
    digest: String,
}

impl WebFile {
    /// A file as it is.
    pub(super) fn plain(content_type: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        Self {
            content_type: content_type.into(),
            digest: digest([&bytes[..]]),
            bytes,
            gzip: None,
        }
    }

    /// A file that is sent compressed to those who take that, if it is text.
    pub(super) fn new(content_type: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        let plain = Self::plain(content_type, bytes);
        let is_text = plain.content_type.starts_with("text/") || plain.content_type.contains("javascript");
        let gzip = is_text.then(|| compressed(&plain.bytes)).flatten();
        Self { gzip, ..plain }
    }

    /// The file, or that the browser has it already.
    pub(super) fn answer(&self, request: &HeaderMap, caching: Caching) -> Response {
        let gzip = self.gzip.as_ref().filter(|_| takes_gzip(request));
        let tag = format!("\"{}{}\"", self.digest, if gzip.is_some() { "-gzip" } else { "" });
        let known = is_known(request, &tag);
        let caching = match caching {
            Caching::Revalidated => "no-cache",
            Caching::Immutable => "public, max-age=31536000, immutable",
        };
        let headers = [
            (header::CONTENT_TYPE, self.content_type.clone()),
            (header::CACHE_CONTROL, caching.to_owned()),
            (header::VARY, "accept-encoding".to_owned()),
            (header::ETAG, tag),
        ];
        if known {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        let Some(gzip) = gzip else {
            return (headers, self.bytes.clone()).into_response();
        };
        let mut response = (headers, gzip.clone()).into_response();
        response
            .headers_mut()
            .insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        response
    }
}

/// A name of this version of some contents.
pub(super) fn digest<'a>(contents: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut sha256 = Sha256::new();
    contents.into_iter().for_each(|bytes| sha256.update(bytes));
    let mut digest = format!("{:x}", sha256.finalize());
    digest.truncate(TAG_DIGITS);
    digest
}

fn is_known(request: &HeaderMap, tag: &str) -> bool {
    let tags = request
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok());
    tags.is_some_and(|tags| {
        tags.split(',')
            .any(|known| known.trim().trim_start_matches("W/") == tag)
    })
}

/// Returns true if the request names gzip, and not with a weight of nothing.
fn takes_gzip(request: &HeaderMap) -> bool {
    let accepted = request
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok());
    accepted.is_some_and(|accepted| {
        accepted.split(',').any(|coding| {
            let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
            let nothing = weight
                .trim()
                .strip_prefix("q=")
                .is_some_and(|weight| weight.parse() == Ok(0.0));
            name.trim().eq_ignore_ascii_case("gzip") && !nothing
        })
    })
}

/// Memory is all that it writes to; `None` would be sent in clear.
fn compressed(bytes: &[u8]) -> Option<Bytes> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(bytes).ok()?;
    let gzip = gzip.finish().ok()?;
    (gzip.len() < bytes.len()).then(|| gzip.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_takes_gzip_gets_it() {
        let takes = |value: &'static str| {
            let headers = [(header::ACCEPT_ENCODING, HeaderValue::from_static(value))];
            takes_gzip(&HeaderMap::from_iter(headers))
        };
        assert!(takes("gzip") && takes("br, GZIP;q=0.5") && takes("deflate,gzip"));
        assert!(!takes("br") && !takes("gzip;q=0") && !takes("gzip;q=0.0, br") && !takes("x-gzip"));
        assert!(!takes_gzip(&HeaderMap::new()));
    }
}
