use std::net::IpAddr;
use std::sync::Arc;

use reqwest::Url;

use super::FetchError;
use super::address::is_public;

/// Bytes that an address may have.
const MAX_URL_BYTES: usize = 2_048;
/// Ends of names that mean something in a network of one's own alone.
const LOCAL_DOMAINS: &[&str] = &[
    "localhost",
    "localdomain",
    "local",
    "internal",
    "intranet",
    "lan",
    "home.arpa",
];

/// Hosts that may be fetched from although they are not public.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AllowedHosts(Arc<[String]>);

impl AllowedHosts {
    /// From names and addresses in lower case; a name that begins with a dot stands for all below it.
    #[must_use]
    pub fn new(hosts: Vec<String>) -> Self {
        Self(hosts.into())
    }

    /// Returns true if a host, as it stands in an address, is one of them.
    #[must_use]
    pub fn contain(&self, host: &str) -> bool {
        let host = bare(host);
        self.0.iter().any(|allowed| match allowed.strip_prefix('.') {
            Some(_) => host.ends_with(allowed.as_str()),
            None => host == bare(allowed),
        })
    }
}

/// A host without brackets and the dot that may end it.
fn bare(host: &str) -> String {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.trim_end_matches('.').to_ascii_lowercase()
}

/// The address as it will be fetched, when it may be. A name may still lead to an address that is not public:
/// that is looked at when it is dialled.
///
/// # Errors
/// [`FetchError::Invalid`], [`FetchError::NotAllowed`].
pub fn check(text: &str, allowed: &AllowedHosts) -> Result<Url, FetchError> {
    if text.len() > MAX_URL_BYTES {
        return Err(FetchError::Invalid("is too long"));
    }
    // Parsers take these away or read them differently, and so may lead elsewhere than they look.
    if text.contains(|c: char| c.is_control() || c.is_whitespace() || c == '\\') {
        return Err(FetchError::Invalid("has characters that no URL has"));
    }
    let lower = text.to_ascii_lowercase();
    if !lower.starts_with("http://") && !lower.starts_with("https://") {
        return Err(FetchError::Invalid("must begin with http:// or https://"));
    }
    let url = Url::parse(text).map_err(|_| FetchError::Invalid("cannot be read"))?;
    check_parsed(url, allowed)
}

/// As [`check`], for an address that has been read already.
pub(super) fn check_parsed(mut url: Url, allowed: &AllowedHosts) -> Result<Url, FetchError> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(FetchError::Invalid("must begin with http:// or https://"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(FetchError::Invalid("must not hold a user or a password"));
    }
    if url.port() == Some(0) {
        return Err(FetchError::Invalid("has a port that cannot be"));
    }
    let host = url.host_str().unwrap_or_default();
    if host.is_empty() {
        return Err(FetchError::Invalid("has no host"));
    }
    if !allowed.contain(host) {
        check_host(&bare(host))?;
    }
    url.set_fragment(None);
    Ok(url)
}

fn check_host(host: &str) -> Result<(), FetchError> {
    if let Ok(address) = host.parse::<IpAddr>() {
        return match is_public(address) {
            true => Ok(()),
            false => Err(FetchError::NotAllowed("an address that is not public")),
        };
    }
    let is_own = |end: &str| host == end || host.strip_suffix(end).is_some_and(|rest| rest.ends_with('.'));
    if !host.contains('.') || LOCAL_DOMAINS.iter().any(|end| is_own(end)) {
        return Err(FetchError::NotAllowed("a name of a private network"));
    }
    Ok(())
}
