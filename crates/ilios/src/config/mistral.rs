use std::time::Duration;

use super::parse::{Parser, parse_rate};
use crate::billing::Prices;
use crate::engine::mistral::{BASE_URL, MODEL, RetryPolicy, ServiceLimits};
use crate::engine::{MistralSettings, SelectSettings};
use crate::model::{EngineChoice, MicroCents, parse_dollars};

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
    pub(super) fn read(parser: &mut Parser<'_>) -> Self {
        let mut seconds = |name, default, range| Duration::from_secs(parser.number(name, default, range));
        Self {
            poll: seconds("MISTRAL_BATCH_POLL", 10, 1..=3_600),
            settling: seconds("MISTRAL_BATCH_SETTLING", 60, 1..=3_600),
            lease: seconds("MISTRAL_BATCH_LEASE", 60, 10..=3_600),
        }
    }
}

/// Mistral's OCR; `None` without a key of an account.
pub(super) fn service(parser: &mut Parser<'_>) -> Option<MistralSettings> {
    let key = parser.header_secret("MISTRAL_API_KEY");
    // Each is validated although the key may be unset: a typo must not wait for the day it is not.
    let base_url = parser.value("MISTRAL_BASE_URL", BASE_URL.to_owned(), base_url);
    let model = parser.value("MISTRAL_OCR_MODEL", MODEL.to_owned(), |text| {
        is_model(text).then(|| text.to_owned())
    });
    let timeout = Duration::from_secs(parser.number("MISTRAL_TIMEOUT", 300, 1..=3_600));
    let max_concurrency = parser.number("MISTRAL_MAX_CONCURRENCY", 4, 1..=256);
    Some(MistralSettings {
        key: key?,
        base_url,
        model,
        timeout,
        max_concurrency,
        retry: RetryPolicy::default(),
        limits: ServiceLimits::default(),
    })
}

/// The choice of engines.
pub(super) fn select(parser: &mut Parser<'_>) -> SelectSettings {
    let default = parser.value("ENGINE", None, |text| text.parse().ok().map(Some));
    if default == Some(EngineChoice::Mistral) {
        parser.needed("MISTRAL_API_KEY", "ENGINE=mistral");
    }
    SelectSettings {
        default,
        fallback: parser.value("FALLBACK", false, |text| match text {
            "local" => Some(true),
            "none" => Some(false),
            _ => None,
        }),
    }
}

/// The prices of pages.
pub(super) fn prices(parser: &mut Parser<'_>) -> Prices {
    let usual = Prices::default();
    Prices {
        mistral: parser.value("PRICE_PER_1000_PAGES", None, |text| {
            let thousand = parse_dollars(text)?;
            Some(Some(MicroCents::new(thousand.get() / 1_000)))
        }),
        margin_basis_points: parser.value("MARGIN_RATE", usual.margin_basis_points, parse_rate),
        ..usual
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
