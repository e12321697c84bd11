use std::time::Duration;

use super::parse::Parser;
use crate::model::{EngineChoice, MicroCents, Secret, parse_dollars};

/// Mistral's OCR: how it is reached, and when it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MistralConfig {
    /// The key of the account; without one there is no Mistral OCR.
    pub key: Option<Secret>,
    /// The service, without `/v1`; Mistral's own when `None`.
    pub base_url: Option<String>,
    /// The model; the newest when `None`.
    pub model: Option<String>,
    /// The most time that one request may take.
    pub timeout: Duration,
    /// Requests at once.
    pub max_concurrency: usize,
    /// Timing of the batches that Mistral converts as jobs of its own.
    pub batches: BatchTimes,
    /// The engine of requests that name none.
    pub engine: Option<EngineChoice>,
    /// True if the local engine answers while Mistral cannot.
    pub fallback: bool,
    /// Price of a page in place of the list's.
    pub page_price: Option<MicroCents>,
}

/// Times of the batches that Mistral converts as jobs of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchTimes {
    /// Between two questions how far one is.
    pub poll: Duration,
    /// Time after its creation in which Mistral may not list a job yet.
    pub settling: Duration,
    /// Time of a lease, which heartbeats renew.
    pub lease: Duration,
}

impl BatchTimes {
    fn read(parser: &mut Parser<'_>) -> Self {
        let mut seconds = |name, default, range| Duration::from_secs(parser.number(name, default, range));
        Self {
            poll: seconds("MISTRAL_BATCH_POLL", 10, 1..=3_600),
            settling: seconds("MISTRAL_BATCH_SETTLING", 60, 1..=3_600),
            lease: seconds("MISTRAL_BATCH_LEASE", 60, 10..=3_600),
        }
    }
}

impl MistralConfig {
    pub(super) fn read(parser: &mut Parser<'_>) -> Self {
        let key = parser.header_secret("MISTRAL_API_KEY");
        let engine = parser.value("ENGINE", None, |text| text.parse().ok().map(Some));
        if engine == Some(EngineChoice::Mistral) && key.is_none() {
            parser.needed("MISTRAL_API_KEY", "ENGINE=mistral");
        }
        Self {
            key,
            base_url: parser.value("MISTRAL_BASE_URL", None, |text| base_url(text).map(Some)),
            model: parser.value("MISTRAL_OCR_MODEL", None, |text| {
                is_model(text).then(|| Some(text.to_owned()))
            }),
            timeout: Duration::from_secs(parser.number("MISTRAL_TIMEOUT", 300, 1..=3_600)),
            max_concurrency: parser.number("MISTRAL_MAX_CONCURRENCY", 4, 1..=256),
            batches: BatchTimes::read(parser),
            engine,
            fallback: parser.value("FALLBACK", false, |text| match text {
                "local" => Some(true),
                "none" => Some(false),
                _ => None,
            }),
            page_price: parser.value("PRICE_PER_1000_PAGES", None, |text| {
                let thousand = parse_dollars(text)?;
                Some(Some(MicroCents::new(thousand.get() / 1_000)))
            }),
        }
    }
}

/// The service's root: what its own clients take, and the same with `/v1`.
fn base_url(text: &str) -> Option<String> {
    let text = text.trim_end_matches('/');
    let text = text.strip_suffix("/v1").unwrap_or(text);
    let server = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]/~".contains(&byte);
    (!server.is_empty() && server.bytes().all(plain)).then(|| text.to_owned())
}

fn is_model(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:/".contains(&byte);
    text.len() <= 100 && text.bytes().all(plain)
}
