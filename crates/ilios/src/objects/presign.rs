//! An address on S3 that takes a body of one length only.
//!
//! The S3 client signs the host alone. Here its address is signed again, with `content-length` among the signed
//! headers (<https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html>): a body of another length
//! makes the signature wrong, so that the bucket refuses it. HTTP clients send the header by themselves.

use std::fmt::Write;

use hmac::{Hmac, Mac};
use object_store::signer::Url;
use sha2::{Digest, Sha256};

use crate::model::Secret;

const SIGNED_HEADERS: (&str, &str) = ("X-Amz-SignedHeaders", "content-length;host");
const SIGNATURE: &str = "X-Amz-Signature";

/// The address `url`, presigned for a PUT, for a body of `length` bytes; `None` when it is not presigned.
pub(super) fn with_length(url: &Url, length: u64, secret: &Secret) -> Option<String> {
    let query = query_of(url, Some(SIGNED_HEADERS));
    let head = format!("content-length:{length}\n");
    let signature = signature(url, "PUT", &query, (&head, SIGNED_HEADERS.1), secret)?;
    let mut signed = url.clone();
    signed.set_query(Some(&format!("{query}&{SIGNATURE}={}", hex(&signature))));
    Some(signed.into())
}

/// Returns true if the address `url` was presigned for a GET with this secret. That it may have expired is not looked at.
pub(super) fn is_signed(url: &Url, secret: &Secret) -> bool {
    let query = query_of(url, None);
    let given = url.query_pairs().find(|(name, _)| name == SIGNATURE);
    let expected = signature(url, "GET", &query, ("", "host"), secret);
    match (given, expected) {
        // By their digests, so that the time which it takes tells nothing of the right one.
        (Some((_, given)), Some(expected)) => {
            Sha256::digest(given.as_bytes()) == Sha256::digest(hex(&expected))
        }
        _ => false,
    }
}

/// The query in the order of the signature and without it, with other signed headers where they are given.
fn query_of(url: &Url, headers: Option<(&str, &str)>) -> String {
    let mut query: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| name != SIGNATURE && headers.is_none_or(|(headers, _)| name != headers))
        .map(|(name, value)| (encoded(&name), encoded(&value)))
        .collect();
    query.extend(headers.map(|(name, value)| (encoded(name), encoded(value))));
    query.sort();
    let query: Vec<String> = query
        .into_iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    query.join("&")
}

/// The signature of a request whose signed headers are `headers` and the host.
fn signature(
    url: &Url,
    method: &str,
    query: &str,
    (head, names): (&str, &str),
    secret: &Secret,
) -> Option<Vec<u8>> {
    let host = match url.port() {
        Some(port) => format!("{}:{port}", url.host_str()?),
        None => url.host_str()?.to_owned(),
    };
    let canonical = format!(
        "{method}\n{}\n{query}\n{head}host:{host}\n\n{names}\nUNSIGNED-PAYLOAD",
        url.path(),
    );
    let value = |name: &str| url.query_pairs().find(|(known, _)| known == name);
    let (_, date) = value("X-Amz-Date")?;
    let (_, credential) = value("X-Amz-Credential")?;
    let (_, scope) = credential.split_once('/')?;
    let to_sign = format!(
        "AWS4-HMAC-SHA256\n{date}\n{scope}\n{}",
        hex(&Sha256::digest(canonical))
    );
    let mut key = format!("AWS4{}", secret.reveal()).into_bytes();
    for part in scope.split('/') {
        key = mac(&key, part)?;
    }
    mac(&key, &to_sign)
}

fn mac(key: &[u8], text: &str) -> Option<Vec<u8>> {
    // HMAC takes keys of any length.
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(text.as_bytes());
    Some(mac.finalize().into_bytes().to_vec())
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Percent-encoded as the signature wants it: everything but RFC 3986's unreserved characters.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}
