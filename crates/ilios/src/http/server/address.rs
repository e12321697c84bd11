use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;

use super::host::Host;
use crate::http::HttpState;

/// The server's own address as its operator knows it, and the proxies that are believed what they say of a client.
#[derive(Debug, Clone, Default)]
pub struct PublicAddress {
    /// Public URL of the server, such as `https://docs.example.org`. Without one, each request tells its scheme and
    /// host.
    pub public_url: Option<Arc<str>>,
    /// Addresses of the proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are trusted.
    pub trusted_proxies: Arc<[RangeInclusive<IpAddr>]>,
}

/// In a request's extensions: who is at the other end of its connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) struct Peer(pub(in crate::http) SocketAddr);

impl PublicAddress {
    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted_proxies.iter().any(|range| range.contains(&address))
    }

    /// The client's address: the nearest one that is no trusted proxy's, from the connection backwards through what
    /// the proxies say. What cannot be read ends the way.
    pub(in crate::http) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut nearest = peer.to_canonical();
        if !self.trusts(nearest) {
            return nearest;
        }
        let sent: Vec<&str> = headers
            .get_all("x-forwarded-for")
            .iter()
            .map(|value| value.to_str().unwrap_or("?"))
            .collect();
        for named in sent.iter().rev().flat_map(|list| list.rsplit(',')) {
            let Some(named) = forwarded_address(named.trim()) else {
                break;
            };
            nearest = named;
            if !self.trusts(nearest) {
                break;
            }
        }
        nearest
    }

    /// The scheme that the client used, as the proxy before us says if it is trusted.
    fn scheme(&self, peer: Option<&Peer>, headers: &HeaderMap) -> &'static str {
        if !peer.is_some_and(|peer| self.trusts(peer.0.ip().to_canonical())) {
            return "http";
        }
        let sent = headers.get_all("x-forwarded-proto").iter().next_back();
        let last = sent
            .and_then(|value| value.to_str().ok())
            .and_then(|list| list.rsplit(',').next());
        if last.is_some_and(|last| last.trim().eq_ignore_ascii_case("https")) {
            "https"
        } else {
            "http"
        }
    }
}

/// An address as proxies write it: `192.0.2.1`, `192.0.2.1:1234`, `2001:db8::1`, `[2001:db8::1]:1234`.
fn forwarded_address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    let address: Option<IpAddr> = bare.unwrap_or(text).parse().ok();
    let address = address.or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()));
    address.map(|address| address.to_canonical())
}

/// Scheme and host under which the client reaches this server, such as `https://docs.example.org`; `None` when neither
/// the settings nor the request tell them.
pub(in crate::http) struct Origin(Option<String>);

impl Origin {
    /// `address` as the client can use it: one that begins with `/` is on this server.
    pub(in crate::http) fn absolute(&self, address: String) -> String {
        match &self.0 {
            Some(origin) if address.starts_with('/') => format!("{origin}{address}"),
            _ => address,
        }
    }
}

impl FromRequestParts<HttpState> for Origin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &HttpState) -> Result<Self, Infallible> {
        let public_address = &state.edge.public_address;
        if let Some(url) = &public_address.public_url {
            return Ok(Self(Some(url.to_string())));
        }
        let scheme = public_address.scheme(parts.extensions.get::<Peer>(), &parts.headers);
        let host = parts.extensions.get::<Host>();
        Ok(Self(host.map(|host| format!("{scheme}://{host}"))))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue};

    use super::PublicAddress;

    /// The client behind `peer` that sends these `X-Forwarded-For`, where proxies are trusted that have addresses of
    /// these beginnings and ends.
    fn client(trusted: &[[&str; 2]], peer: &str, sent: &[&str]) -> String {
        let address = |text: &str| text.parse().expect("an address");
        let ranges = trusted.iter().map(|[first, last]| address(first)..=address(last));
        let public_address = PublicAddress {
            trusted_proxies: ranges.collect(),
            ..PublicAddress::default()
        };
        let mut headers = HeaderMap::new();
        for value in sent {
            let value = HeaderValue::from_str(value).expect("a value");
            headers.append("x-forwarded-for", value);
        }
        public_address.client(address(peer), &headers).to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed_from_the_nearest_on() {
        let proxies = &[["10.0.0.0", "10.255.255.255"], ["::1", "::1"]];
        assert_eq!(client(&[], "10.0.0.1", &["198.51.100.7"]), "10.0.0.1");
        assert_eq!(client(proxies, "192.0.2.9", &["198.51.100.7"]), "192.0.2.9");
        assert_eq!(client(proxies, "10.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(
            client(proxies, "10.0.0.1", &["1.1.1.1, 198.51.100.7, 10.0.0.2"]),
            "198.51.100.7"
        );
        assert_eq!(
            client(proxies, "10.0.0.1", &["1.1.1.1", "198.51.100.7", "10.0.0.2"]),
            "198.51.100.7"
        );
        assert_eq!(client(proxies, "::1", &["[2001:db8::1]:443"]), "2001:db8::1");
        assert_eq!(
            client(proxies, "::ffff:10.0.0.1", &["198.51.100.7:55"]),
            "198.51.100.7"
        );
        assert_eq!(
            client(proxies, "10.0.0.1", &["198.51.100.7, unknown"]),
            "10.0.0.1"
        );
        assert_eq!(client(proxies, "10.0.0.1", &["198.51.100.7,"]), "10.0.0.1");
        assert_eq!(client(proxies, "10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(client(proxies, "10.0.0.1", &["10.0.0.3, 10.0.0.2"]), "10.0.0.3");
    }
}
