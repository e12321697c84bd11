//! Bodies of JSON that hold documents as base64: bounded in size, and in how many are in memory at once.

use axum::extract::{FromRequestParts, Request};
use axum::http::header;
use base64::Engine;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::de::DeserializeOwned;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::http::HttpState;
use crate::http::extract::raw_body;
use crate::http::extract::upload::Admitted;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::model::{FileName, Tenant};

/// Bytes of a body, at most: larger documents are sent as forms, which need not be in memory.
const MAX_BODY: u64 = 64 << 20;
/// Bodies that are in memory at once.
static BODIES: Semaphore = Semaphore::const_new(2);

/// Padding may be absent.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Body that is in memory.
pub(super) struct BigJson<T> {
    pub(super) tenant: Tenant,
    pub(super) body: T,
    /// Its place among those in memory, to be given back once the documents are taken out of it.
    pub(super) place: SemaphorePermit<'static>,
}

/// Receives the body of a request.
///
/// # Errors
/// The server is busy, the body is too large, or it is not what `T` takes.
pub(super) async fn receive<T: DeserializeOwned>(
    state: &HttpState,
    request: Request,
) -> Result<BigJson<T>, Problem> {
    let (mut parts, body) = request.into_parts();
    Admitted::from_request_parts(&mut parts, state).await?;
    let tenant = Tenant::from_request_parts(&mut parts, state).await?;
    parts.headers.remove(header::CONTENT_ENCODING);
    let received = raw_body::receive(state, FileName::clean("body.json"), &parts.headers, body).await?;
    if received.file.size() > MAX_BODY {
        let error = format!("a JSON body takes at most {MAX_BODY} bytes: send the file in a form");
        return Err(Problem::new(Code::TOO_LARGE, error));
    }
    let place = BODIES.acquire().await.map_err(Problem::internal)?;
    let bytes = tokio::task::spawn_blocking(move || received.file.read_at(0, usize::MAX));
    let bytes = bytes
        .await
        .map_err(Problem::internal)?
        .map_err(Problem::unavailable)?;
    let body = serde_json::from_slice(&bytes)
        .map_err(|error| Problem::new(Code::INVALID_BODY, format!("JSON decode error: {error}")))?;
    Ok(BigJson { tenant, body, place })
}

/// The bytes that a text of base64 stands for; white space in it is skipped.
pub(super) fn decoded(text: String) -> Option<Vec<u8>> {
    let mut packed = text.into_bytes();
    packed.retain(|byte| !byte.is_ascii_whitespace());
    BASE64.decode(packed).ok()
}
