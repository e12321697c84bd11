use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::RangeInclusive;

use super::parse::Parser;

/// The web pages that may use the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CorsOrigins {
    /// Every one.
    Any,
    /// Those of these origins.
    These(Vec<String>),
}

impl CorsOrigins {
    /// Unset, every page may use a server with keys, which no browser sends by itself, and none an open one.
    pub(super) fn read(parser: &mut Parser<'_>, is_open: bool) -> Self {
        let default = if is_open {
            Self::These(Vec::new())
        } else {
            Self::Any
        };
        parser.value("CORS_ORIGINS", default, |text| match text {
            "*" => Some(Self::Any),
            "none" => Some(Self::These(Vec::new())),
            list => {
                let origins = list.split(',').map(str::trim).map(origin);
                origins.collect::<Option<_>>().map(Self::These)
            }
        })
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

/// Hosts beside the public ones that documents may be fetched from, when any may be fetched.
pub(super) fn url_hosts(parser: &mut Parser<'_>) -> Option<Vec<String>> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
    let hosts = parser.value("URL_ALLOW_HOSTS", Vec::new(), |list| {
        let hosts = list.split(',').map(str::trim).map(|host| {
            let sound = !host.is_empty() && host.bytes().all(plain);
            sound.then(|| host.to_ascii_lowercase())
        });
        hosts.collect()
    });
    parser.flag("ALLOW_URL_INPUT").then_some(hosts)
}

/// Scheme and host by which clients reach the server (`PUBLIC_URL`), in lowercase and without a slash at the end.
pub(super) fn public_url(parser: &mut Parser<'_>) -> Option<String> {
    parser.value("PUBLIC_URL", None, |text| origin(text).map(Some))
}

/// The addresses of the proxies whose word counts.
pub(super) fn trusted_proxies(parser: &mut Parser<'_>) -> Vec<RangeInclusive<IpAddr>> {
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
