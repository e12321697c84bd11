use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use super::parse::Parser;
use crate::http::{AllowedOrigins, Edge, Origins, PublicAddress, Surfaces};
use crate::outbound::{AllowedHosts, FetcherSettings};

/// Checks and limits of every request. `is_open` says that there are no keys.
pub(super) fn read(parser: &mut Parser<'_>, is_open: bool) -> Edge {
    let public_url = parser.value("PUBLIC_URL", None, |text| origin(text).map(Some));
    let allowed = allowed_origins(parser, is_open);
    Edge {
        body_timeout: Duration::from_secs(parser.number("BODY_TIMEOUT", 30, 1..=86_400)),
        answer_timeout: Duration::from_secs(parser.number("ANSWER_TIMEOUT", 60, 1..=86_400)),
        origins: Origins {
            only_these: is_open && allowed != AllowedOrigins::Any,
            hosts: public_url.iter().cloned().collect(),
            allowed,
        },
        public_address: PublicAddress {
            public_url: public_url.map(Arc::from),
            trusted_proxies: trusted_proxies(parser).into(),
        },
        tool_pages: named_origins(parser),
        surfaces: Surfaces::ALL,
    }
}

/// The interfaces of other products, where they are named.
pub(super) fn surfaces(parser: &mut Parser<'_>) -> Option<Surfaces> {
    parser.value("COMPAT", None, |text| Surfaces::parse(text).map(Some))
}

/// Unset, every page may use a server with keys, which no browser sends by itself, and none an open one.
fn allowed_origins(parser: &mut Parser<'_>, is_open: bool) -> AllowedOrigins {
    let default = if is_open {
        no_origins()
    } else {
        AllowedOrigins::Any
    };
    parser.value("CORS_ORIGINS", default, listed_origins)
}

/// Pages that the operator has named.
fn named_origins(parser: &Parser<'_>) -> AllowedOrigins {
    let named = parser.text("CORS_ORIGINS").and_then(listed_origins);
    named.unwrap_or_else(no_origins)
}

fn no_origins() -> AllowedOrigins {
    AllowedOrigins::These(Arc::new([]))
}

fn listed_origins(text: &str) -> Option<AllowedOrigins> {
    match text {
        "*" => Some(AllowedOrigins::Any),
        "none" => Some(no_origins()),
        list => {
            let origins = list.split(',').map(str::trim).map(origin);
            origins.collect::<Option<_>>().map(AllowedOrigins::These)
        }
    }
}

/// `https://app.example.org:8443`, and nothing behind it.
fn origin(text: &str) -> Option<String> {
    let text = text.trim_end_matches('/');
    let (scheme, server) = text.split_once("://")?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]_".contains(&byte);
    let sound = matches!(scheme, "http" | "https") && !server.is_empty() && server.bytes().all(plain);
    sound.then(|| text.to_ascii_lowercase())
}

/// The client that fetches documents.
pub(super) fn fetcher(parser: &mut Parser<'_>) -> FetcherSettings {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
    let hosts = parser.value("URL_ALLOW_HOSTS", Vec::new(), |list| {
        let hosts = list.split(',').map(str::trim).map(|host| {
            let sound = !host.is_empty() && host.bytes().all(plain);
            sound.then(|| host.to_ascii_lowercase())
        });
        hosts.collect()
    });
    FetcherSettings {
        allowed_hosts: AllowedHosts::new(hosts),
        timeout: Duration::from_secs(parser.number("URL_TIMEOUT", 60, 1..=3_600)),
    }
}

/// The addresses of the proxies whose word counts.
fn trusted_proxies(parser: &mut Parser<'_>) -> Vec<RangeInclusive<IpAddr>> {
    parser.value("TRUSTED_PROXIES", Vec::new(), |text| match text {
        "none" => Some(Vec::new()),
        list => list.split(',').map(|range| addresses(range.trim())).collect(),
    })
}

/// The addresses of `10.0.0.0/8`, or one alone. Bits of the address beyond those that count are an error: they were
/// meant to say something.
fn addresses(text: &str) -> Option<RangeInclusive<IpAddr>> {
    let Some((first, bits)) = text.split_once('/') else {
        let address: IpAddr = text.parse().ok()?;
        return Some(address..=address);
    };
    let plain = bits.len() <= 3 && bits.bytes().all(|byte| byte.is_ascii_digit());
    let bits: u32 = bits.parse().ok().filter(|_| plain)?;
    match first.parse().ok()? {
        IpAddr::V4(first) => {
            let rest = u32::MAX.checked_shr(bits).unwrap_or(0);
            let last = Ipv4Addr::from_bits(first.to_bits() | rest);
            (bits <= 32 && first.to_bits() & rest == 0).then(|| first.into()..=last.into())
        }
        IpAddr::V6(first) => {
            let rest = u128::MAX.checked_shr(bits).unwrap_or(0);
            let last = Ipv6Addr::from_bits(first.to_bits() | rest);
            (bits <= 128 && first.to_bits() & rest == 0).then(|| first.into()..=last.into())
        }
    }
}
