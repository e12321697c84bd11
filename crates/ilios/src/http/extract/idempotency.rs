use axum::http::HeaderMap;
use sha2::{Digest, Sha256};
use utoipa::IntoParams;

use super::conversion_params::ConversionParams;
use crate::app::IdempotentRequest;
use crate::http::respond::problem::Problem;

/// The header, for the API description.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes the header that is read by its name")]
pub(in crate::http) struct IdempotencyKey {
    /// A name of the client's own for this request, 1 to 255 visible ASCII characters. The same request sent
    /// again under the same name within 24 hours is not made again but answered as before, with the header
    /// `Idempotency-Replayed`; another request under it is refused.
    #[param(rename = "Idempotency-Key")]
    idempotency_key: Option<String>,
}

/// Request header with the client's key.
const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// The most characters that a name may have.
const MAX_LENGTH: usize = 255;

/// The name in the header `Idempotency-Key`, if the client sent one.
pub(in crate::http) fn key(request: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut values = request.get_all(IDEMPOTENCY_KEY).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(Problem::invalid(IDEMPOTENCY_KEY, "must be sent once"));
    }
    let visible = |byte: &u8| byte.is_ascii_graphic();
    let sound = (1..=MAX_LENGTH).contains(&value.len()) && value.as_bytes().iter().all(visible);
    match value.to_str() {
        Ok(key) if sound => Ok(Some(key.to_owned())),
        _ => Err(Problem::invalid(
            IDEMPOTENCY_KEY,
            format_args!("takes 1 to {MAX_LENGTH} visible ASCII characters"),
        )),
    }
}

/// The SHA-256 of what a request asks for, whatever the form looks like that it arrives in.
pub(in crate::http) struct Fingerprint(Sha256);

impl Fingerprint {
    /// Of a request for `operation`, which is its path.
    pub(in crate::http) fn of(operation: &str) -> Self {
        Self(Sha256::new()).with(operation)
    }

    /// With a value. The order of values is fixed by the caller, so they need no names.
    pub(in crate::http) fn with(mut self, value: &str) -> Self {
        // Each with its length, so that none can lend its end to the next.
        self.0.update((value.len() as u64).to_be_bytes());
        self.0.update(value.as_bytes());
        self
    }

    /// With everything that forms have in common.
    pub(in crate::http) fn with_params(self, params: &ConversionParams) -> Self {
        let options = &params.options;
        let reading = &options.reading;
        let pages = reading.pages.as_ref().map(ToString::to_string);
        let mut fingerprint = self
            .with(&pages.unwrap_or_default())
            .with(&format!("{:?}", reading.ocr))
            .with(reading.ocr_languages.as_str())
            .with(&params.priority.to_string())
            .with(&params.retention.days().to_string());
        // Named only where they are asked for: requests of before they were known stay what they are.
        let max_cost = options.max_cost.map(|cost| format!("maxCost {}", cost.get()));
        let further = [
            reading.partial.then(|| "partial".to_owned()),
            options.engine.map(|engine| format!("engine {engine}")),
            options.include_images.then(|| "includeImages".to_owned()),
            options.extract_header.then(|| "extractHeader".to_owned()),
            options.extract_footer.then(|| "extractFooter".to_owned()),
            max_cost,
        ];
        for param in further.into_iter().flatten() {
            fingerprint = fingerprint.with(&param);
        }
        fingerprint
    }

    /// The name `key` for the request.
    pub(in crate::http) fn named(self, key: String) -> IdempotentRequest {
        IdempotentRequest {
            key,
            fingerprint: format!("{:x}", self.0.finalize()),
        }
    }
}
