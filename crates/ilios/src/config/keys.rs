use super::parse::{Parser, is_carried};
use crate::model::ApiKeys;

/// Shorter ones can be guessed.
pub(super) const MIN_KEY_LENGTH: usize = 16;
/// The longest that the header of a request can carry.
const MAX_KEY_LENGTH: usize = 16_000;

/// The API keys. A variable that is set and yields none must not open the server; set to nothing, as by a Compose file
/// without a value, it is unset.
pub(super) fn read(parser: &mut Parser<'_>) -> ApiKeys {
    let list = parser.as_set("API_KEY").unwrap_or_default();
    let keys = ApiKeys::parse(list);
    if keys.is_empty() && !list.is_empty() {
        parser.fault(
            "API_KEY",
            "is set and holds no key; unset it for an open server, or name keys separated by commas".into(),
        );
    }
    if each(list).any(|key| key.len() > MAX_KEY_LENGTH || !is_carried(key)) {
        parser.fault(
            "API_KEY",
            format!(
                "holds a key that no header can carry: takes at most {MAX_KEY_LENGTH} characters of printable ASCII"
            ),
        );
    }
    let admin = operator(parser, "ADMIN_KEY");
    let metrics = operator(parser, "METRICS_KEY");
    keys.with_operators(admin, metrics)
}

/// The key of an operator. One that can be guessed would open more than the documents of one client.
fn operator<'a>(parser: &mut Parser<'a>, name: &str) -> Option<&'a str> {
    let key = parser.text(name)?;
    if key.len() < MIN_KEY_LENGTH || key.len() > MAX_KEY_LENGTH || !is_carried(key) {
        parser.fault(
            name,
            format!("takes {MIN_KEY_LENGTH} to {MAX_KEY_LENGTH} characters of printable ASCII; `openssl rand -hex 32` makes good ones"),
        );
    }
    Some(key)
}

/// A warning of keys that can be guessed.
pub(super) fn short(list: &str) -> Option<String> {
    let short = each(list)
        .filter(|key| key.chars().count() < MIN_KEY_LENGTH)
        .count();
    (short > 0).then(|| {
        format!(
            "API_KEY: {short} of {} keys have fewer than {MIN_KEY_LENGTH} characters and can be guessed; `openssl rand -hex 32` \
             makes a good one",
            each(list).count()
        )
    })
}

fn each(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|key| !key.is_empty())
}
