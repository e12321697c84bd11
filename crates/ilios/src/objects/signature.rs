use std::fmt;

use hmac::{Hmac, Mac};
use object_store::signer::Url;
use serde::Deserialize;
use sha2::Sha256;

use super::{ObjectKey, ObjectsError};
use crate::model::Timestamp;

/// Query parameters that S3 knows, and our own server after it.
pub(super) const CONTENT_DISPOSITION: &str = "response-content-disposition";
pub(super) const CONTENT_TYPE: &str = "response-content-type";

/// Key that signs addresses on our own server.
#[derive(Clone)]
pub struct SigningKey([u8; 32]);

/// Operation that an address allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// PUT the object.
    Upload,
    /// GET the object, or HEAD it.
    Download,
}

/// Headers of the answer to a download.
#[derive(Debug, Clone, Copy)]
pub struct DownloadAnswer<'a> {
    /// `Content-Disposition`, with the file's name.
    pub content_disposition: &'a str,
    /// `Content-Type`.
    pub content_type: &'a str,
}

/// The query of an address on our own server.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SignedQuery {
    /// Seconds since 1970 after which it is worth nothing.
    pub expires: i64,
    /// HMAC-SHA256 over everything else, 64 hex digits.
    pub signature: String,
    /// `Content-Disposition` of the answer.
    #[serde(rename = "response-content-disposition")]
    pub content_disposition: Option<String>,
    /// `Content-Type` of the answer.
    #[serde(rename = "response-content-type")]
    pub content_type: Option<String>,
}

/// Reason an address is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// It was not made by this server, or not for this.
    #[error("the signature of this address is not valid")]
    Forged,
    /// Its time is over.
    #[error("this address has expired")]
    Expired,
}

impl SigningKey {
    /// From 32 secret random bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A path with query that is good until `until`.
    pub(super) fn sign(
        &self,
        access: Access,
        key: &ObjectKey,
        answer: Option<&DownloadAnswer<'_>>,
        until: Timestamp,
    ) -> Result<String, ObjectsError> {
        let expires = until.as_millis().div_euclid(1000);
        let disposition = answer.map(|answer| answer.content_disposition);
        let content_type = answer.map(|answer| answer.content_type);
        let mac = self.mac(access, key.as_str(), expires, [disposition, content_type]);
        let signature = format!("{:x}", mac.finalize().into_bytes());
        // Only its path and query are used: the server does not know under which name clients reach it.
        let mut url = Url::parse("http://localhost/objects/")
            .and_then(|url| url.join(key.as_str()))
            .map_err(|error| ObjectsError::Io(error.to_string()))?;
        let mut query = url.query_pairs_mut();
        query.append_pair("expires", &expires.to_string());
        for (name, value) in [(CONTENT_DISPOSITION, disposition), (CONTENT_TYPE, content_type)] {
            if let Some(value) = value {
                query.append_pair(name, value);
            }
        }
        query.append_pair("signature", &signature);
        drop(query);
        Ok(format!("{}?{}", url.path(), url.query().unwrap_or_default()))
    }

    pub(super) fn verify(
        &self,
        access: Access,
        key: &str,
        query: &SignedQuery,
        now: Timestamp,
    ) -> Result<ObjectKey, SignatureError> {
        let answer = [
            query.content_disposition.as_deref(),
            query.content_type.as_deref(),
        ];
        let signature = from_hex(&query.signature).ok_or(SignatureError::Forged)?;
        // Compares in constant time.
        self.mac(access, key, query.expires, answer)
            .verify_slice(&signature)
            .map_err(|_| SignatureError::Forged)?;
        if now.as_millis().div_euclid(1000) > query.expires {
            return Err(SignatureError::Expired);
        }
        key.parse().map_err(|_| SignatureError::Forged)
    }

    /// The key of an address that [`Self::sign`] has made for a download, whatever stands before its path.
    pub(super) fn key_of(&self, url: &Url) -> Option<ObjectKey> {
        let (_, key) = url.path().rsplit_once("/objects/")?;
        let value = |name: &str| {
            let found = url.query_pairs().find(|(known, _)| known == name);
            found.map(|(_, value)| value.into_owned())
        };
        let query = SignedQuery {
            expires: value("expires")?.parse().ok()?,
            signature: value("signature")?,
            content_disposition: value(CONTENT_DISPOSITION),
            content_type: value(CONTENT_TYPE),
        };
        // Never too late.
        let beginning = Timestamp::from_millis(i64::MIN);
        self.verify(Access::Download, key, &query, beginning).ok()
    }

    fn mac(&self, access: Access, key: &str, expires: i64, answer: [Option<&str>; 2]) -> Hmac<Sha256> {
        let method = match access {
            Access::Upload => "PUT",
            Access::Download => "GET",
        };
        let mut mac = keyed(&self.0);
        // Each field with its length, so that none can lend its end to the next.
        let mut field = |text: Option<&str>| {
            mac.update(&text.map_or(u64::MAX, |text| text.len() as u64).to_be_bytes());
            mac.update(text.unwrap_or_default().as_bytes());
        };
        field(Some(method));
        field(Some(key));
        answer.into_iter().for_each(field);
        mac.update(&expires.to_be_bytes());
        mac
    }
}

fn keyed(key: &[u8; 32]) -> Hmac<Sha256> {
    // As long as a block of SHA-256; what is left of it stays zero.
    let mut block = hmac::digest::Key::<Hmac<Sha256>>::default();
    block[..key.len()].copy_from_slice(key);
    Hmac::new(&block)
}

/// 64 lower-case hex digits.
fn from_hex(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64
        || !text
            .bytes()
            .all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
    {
        return None;
    }
    let mut bytes = [0; 32];
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * index..2 * index + 2)?, 16).ok()?;
    }
    Some(bytes)
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
