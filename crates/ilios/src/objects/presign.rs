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
    let mut query: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| name != SIGNATURE && name != SIGNED_HEADERS.0)
        .map(|(name, value)| (encoded(&name), encoded(&value)))
        .collect();
    query.push((encoded(SIGNED_HEADERS.0), encoded(SIGNED_HEADERS.1)));
    query.sort();
    let query: Vec<String> = query
        .into_iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let query = query.join("&");
    let host = match url.port() {
        Some(port) => format!("{}:{port}", url.host_str()?),
        None => url.host_str()?.to_owned(),
    };
    let canonical = format!(
        "PUT\n{}\n{query}\ncontent-length:{length}\nhost:{host}\n\n{}\nUNSIGNED-PAYLOAD",
        url.path(),
        SIGNED_HEADERS.1
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
    let signature = hex(&mac(&key, &to_sign)?);
    let mut signed = url.clone();
    signed.set_query(Some(&format!("{query}&{SIGNATURE}={signature}")));
    Some(signed.into())
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
