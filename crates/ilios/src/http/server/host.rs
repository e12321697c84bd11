use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use axum::http::{HeaderMap, HeaderValue, Uri, Version, header};

/// Characters that a whole host name may have, and each of its labels (RFC 1035, section 2.3.4).
const MAX_NAME: usize = 253;
const MAX_LABEL: usize = 63;

/// The host that a request is for, with its port: `name`, `name:port`, `192.0.2.1`, `[2001:db8::1]:443`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::http) struct Host {
    name: HostName,
    port: Option<u16>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum HostName {
    Address(IpAddr),
    /// In small letters, without the dot of the root.
    Name(String),
}

/// Reason the host of a request cannot be determined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) enum HostFault {
    /// None is named.
    Missing,
    /// More than one header names one.
    Repeated,
    /// It is no host with an optional port.
    Malformed,
    /// The request's target and its header name different ones.
    Contradicted,
}

impl HostFault {
    /// The fault in words that go on after `host`.
    pub(in crate::http) fn words(self) -> &'static str {
        match self {
            Self::Missing => "is needed",
            Self::Repeated => "must be sent once",
            Self::Malformed => {
                "takes a name of letters, digits, hyphens and dots, or an IP address, with an optional port"
            }
            Self::Contradicted => "and the target of the request name different hosts",
        }
    }
}

impl Host {
    /// Reads `host[:port]` and nothing else: no user, no path, no character that a host name does not have
    /// (RFC 3986, section 3.2.2; labels of letters, digits and hyphens).
    pub(in crate::http) fn parse(text: &str) -> Option<Self> {
        let (name, port) = match text.rfind(']') {
            Some(end) => text.split_at(end + 1),
            None => text.split_at(text.find(':').unwrap_or(text.len())),
        };
        let port = match port.strip_prefix(':') {
            Some(digits) => Some(parsed_port(digits)?),
            None if port.is_empty() => None,
            None => return None,
        };
        Some(Self {
            name: HostName::parse(name)?,
            port,
        })
    }

    /// The host of a request: what its target and its one `Host` header agree on. HTTP/1.0 may name none.
    pub(in crate::http) fn of(
        version: Version,
        target: &Uri,
        headers: &HeaderMap,
    ) -> Result<Option<Self>, HostFault> {
        let mut sent = headers.get_all(header::HOST).iter();
        let (first, second) = (sent.next(), sent.next());
        if second.is_some() {
            return Err(HostFault::Repeated);
        }
        let named = first.map(Self::of_header).transpose()?;
        let scheme = Scheme::of(target.scheme_str()).ok_or(HostFault::Malformed)?;
        let asked = match target.authority() {
            Some(authority) => Some(Self::parse(authority.as_str()).ok_or(HostFault::Malformed)?),
            None => None,
        };
        match (asked, named) {
            (Some(asked), Some(named)) if asked.same(&named, scheme) => Ok(Some(asked)),
            (Some(_), Some(_)) => Err(HostFault::Contradicted),
            // The target alone names it in HTTP/2; in HTTP/1.1 a header is needed whatever the target is.
            (Some(asked), None) if version != Version::HTTP_11 => Ok(Some(asked)),
            (None, Some(named)) => Ok(Some(named)),
            (None, None) if version < Version::HTTP_11 => Ok(None),
            (_, None) => Err(HostFault::Missing),
        }
    }

    fn of_header(value: &HeaderValue) -> Result<Self, HostFault> {
        let text = value.to_str().map_err(|_| HostFault::Malformed)?;
        if text.is_empty() {
            return Err(HostFault::Missing);
        }
        Self::parse(text).ok_or(HostFault::Malformed)
    }

    /// Returns true if the origin, such as `https://app.example.org`, has this host and port. A port that is not given
    /// is the default one of the origin's scheme.
    pub(in crate::http) fn is_origin(&self, origin: &str) -> bool {
        let Some((scheme, server)) = origin.split_once("://") else {
            return false;
        };
        match (Scheme::of(Some(scheme)), Self::parse(server)) {
            (Some(scheme), Some(other)) => self.same(&other, scheme),
            _ => false,
        }
    }

    fn same(&self, other: &Self, scheme: Scheme) -> bool {
        let port = |host: &Self| host.port.unwrap_or(scheme.port());
        self.name == other.name && port(self) == port(other)
    }

    /// Returns true if `url` names this host; ports are not compared.
    pub(in crate::http) fn is_named_by(&self, url: &str) -> bool {
        let server = url.split_once("://").map_or(url, |(_, server)| server);
        let server = server.split('/').next().unwrap_or_default();
        Self::parse(server).is_some_and(|named| named.name == self.name)
    }

    /// Returns true if no public DNS record can make this name lead here, which rules out DNS rebinding: it is an IP
    /// address, has no dot, or ends in `.localhost`, `.local` or `.internal`.
    pub(in crate::http) fn is_of_this_network(&self) -> bool {
        match &self.name {
            HostName::Address(_) => true,
            HostName::Name(name) => {
                !name.contains('.')
                    || [".localhost", ".local", ".internal"]
                        .iter()
                        .any(|end| name.ends_with(end))
            }
        }
    }
}

impl std::fmt::Display for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.name {
            HostName::Address(IpAddr::V6(address)) => write!(f, "[{address}]")?,
            HostName::Address(IpAddr::V4(address)) => write!(f, "{address}")?,
            HostName::Name(name) => f.write_str(name)?,
        }
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

impl HostName {
    fn parse(text: &str) -> Option<Self> {
        if let Some(address) = text.strip_prefix('[') {
            let address: Ipv6Addr = address.strip_suffix(']')?.parse().ok()?;
            return Some(Self::Address(address.into()));
        }
        if let Ok(address) = text.parse::<Ipv4Addr>() {
            return Some(Self::Address(address.into()));
        }
        let name = text.strip_suffix('.').unwrap_or(text);
        let sound = name.len() <= MAX_NAME && name.split('.').all(is_label) && !ends_in_a_number(name);
        sound.then(|| Self::Name(name.to_ascii_lowercase()))
    }
}

fn is_label(label: &str) -> bool {
    let bytes = label.as_bytes();
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    (1..=MAX_LABEL).contains(&bytes.len())
        && bytes.iter().all(plain)
        && bytes.first() != Some(&b'-')
        && bytes.last() != Some(&b'-')
}

/// Returns true if browsers read the name as an IPv4 address in another notation, such as `127.1` or `0x7f.1`.
fn ends_in_a_number(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or_default();
    let hexadecimal = last.strip_prefix("0x").or_else(|| last.strip_prefix("0X"));
    last.bytes().all(|byte| byte.is_ascii_digit())
        || hexadecimal.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn parsed_port(digits: &str) -> Option<u16> {
    let plain = digits.len() <= 5 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if plain { digits.parse().ok() } else { None }
}

/// URL scheme of a request or an origin. It decides the port where none is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Http,
    Https,
}

impl Scheme {
    fn of(name: Option<&str>) -> Option<Self> {
        match name {
            None => Some(Self::Http),
            Some(name) if name.eq_ignore_ascii_case("http") => Some(Self::Http),
            Some(name) if name.eq_ignore_ascii_case("https") => Some(Self::Https),
            Some(_) => None,
        }
    }

    fn port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Host;

    #[test]
    fn a_host_is_a_name_or_an_address_with_an_optional_port_and_nothing_else() {
        for (text, shown) in [
            ("localhost", "localhost"),
            ("LocalHost:1337", "localhost:1337"),
            ("localhost.", "localhost"),
            ("docs.Example.org:080", "docs.example.org:80"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example"),
            ("127.0.0.1:65535", "127.0.0.1:65535"),
            ("[::1]:1337", "[::1]:1337"),
            ("[0:0::1]", "[::1]"),
            ("[::ffff:127.0.0.1]", "[::ffff:127.0.0.1]"),
            ("3com", "3com"),
        ] {
            let host = Host::parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(host.to_string(), shown);
        }
        let unsound = "a: : :80 a:b a:65536 a:000080 a:80:80 a:+80 a/b a?b a#b me@a me:pw@a a\\b a_b a~b a!b a$b a'b a(b \
                       a)b a*b a,b a;b a&b a=b a+b a%62 a\"b a<b \u{e4} . a..b .a a.. -a a- a.-b.c 127.1 0x7f.1 \
                       0x7f000001 2130706433 127.0.0.1. 127.0.0.256 0177.0.0.1 1.2.3.4.5 a.0x [::1 ::1 [::1]a [::1]80 \
                       [fe80::1%25eth0] [127.0.0.1] [v1.a] [] ]";
        for text in unsound.split(' ').chain(["", "a b"]) {
            assert_eq!(Host::parse(text), None, "{text}");
        }
        assert_eq!(Host::parse(&"a".repeat(64)), None);
        assert_eq!(Host::parse(&["a"; 128].join(".")), None);
    }

    #[test]
    fn a_page_is_of_a_host_when_name_and_port_are_the_same() {
        let is_page_of =
            |origin: &str, host: &str| Host::parse(host).is_some_and(|host| host.is_origin(origin));
        for (origin, host) in [
            ("http://localhost:1337", "localhost:1337"),
            ("https://docs.example.org", "Docs.example.org"),
            ("http://docs.example.org", "docs.example.org:80"),
            ("https://docs.example.org:443", "docs.example.org"),
        ] {
            assert!(is_page_of(origin, host), "{origin} {host}");
        }
        for (origin, host) in [
            ("null", "localhost"),
            ("localhost", "localhost"),
            ("http://localhost:3000", "localhost:1337"),
            ("http://localhost", "localhost:1337"),
            ("http://localhost:1337/", "localhost:1337"),
            ("file://localhost", "localhost"),
            ("http://localhost.evil.example", "localhost"),
            ("http://me@localhost", "localhost"),
        ] {
            assert!(!is_page_of(origin, host), "{origin} {host}");
        }
    }
}
