use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use ilios_convert::OcrEngine;
use sha2::{Digest, Sha256};
use utoipa::IntoParams;

use super::conversion_params::ConversionParams;
use crate::app::IdempotentRequest;
use crate::http::HttpState;
use crate::http::respond::problem::Problem;

/// The header `Idempotency-Key` of a request.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
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

impl FromRequestParts<HttpState> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &HttpState) -> Result<Self, Problem> {
        let mut values = parts.headers.get_all(IDEMPOTENCY_KEY).iter();
        let (value, more) = (values.next(), values.next());
        if more.is_some() {
            return Err(Problem::invalid(IDEMPOTENCY_KEY, "must be sent once"));
        }
        let visible = |key: &&str| key.bytes().all(|byte| byte.is_ascii_graphic());
        let sound = |key: &&str| (1..=MAX_LENGTH).contains(&key.len()) && visible(key);
        let idempotency_key = value.map(|value| {
            let key = value.to_str().ok().filter(sound).map(str::to_owned);
            key.ok_or_else(|| {
                let takes = format_args!("takes 1 to {MAX_LENGTH} visible ASCII characters");
                Problem::invalid(IDEMPOTENCY_KEY, takes)
            })
        });
        Ok(Self {
            idempotency_key: idempotency_key.transpose()?,
        })
    }
}

impl IdempotencyKey {
    /// Names the request whose fingerprint `of` takes, if the client has given it a name.
    pub(in crate::http) fn name(self, of: impl FnOnce() -> Fingerprint) -> Option<IdempotentRequest> {
        let key = self.idempotency_key?;
        Some(IdempotentRequest {
            key,
            fingerprint: format!("{:x}", of().0.finalize()),
        })
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
            (reading.ocr_engine != OcrEngine::Auto)
                .then(|| format!("ocrEngine {}", reading.ocr_engine.as_str())),
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
}
