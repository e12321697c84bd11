use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_ENCODING, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{Response, Url};

use super::FetchError;
use super::address::is_public;
use super::policy::{AllowedHosts, check, check_parsed};
use super::resolver::{CheckedLookup, Lookup};
use crate::model::FileName;
use crate::spool::{Spool, SpoolError, Spooled};

/// Redirections that are followed.
const MAX_REDIRECTS: usize = 5;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Fetches documents from the public internet.
pub struct Fetcher {
    settings: FetcherSettings,
    lookup: Arc<dyn Lookup>,
}

/// Settings of the client that fetches documents.
#[derive(Debug, Clone)]
pub struct FetcherSettings {
    /// Hosts that need not be public.
    pub allowed_hosts: AllowedHosts,
    /// The most time for one document, from the first redirection to its last byte.
    pub timeout: Duration,
}

/// A document that was fetched.
#[derive(Debug)]
pub struct Fetched {
    /// Its name, from the last address.
    pub file_name: FileName,
    /// Its bytes.
    pub file: Spooled,
}

impl Fetcher {
    /// A fetcher that finds hosts by `lookup`.
    #[must_use]
    pub fn new(settings: FetcherSettings, lookup: Arc<dyn Lookup>) -> Self {
        Self { settings, lookup }
    }

    /// Checks that a document may be fetched from `url`, as far as the URL alone tells: where its host name leads is
    /// checked when it is fetched.
    ///
    /// # Errors
    /// [`FetchError::Invalid`], [`FetchError::NotAllowed`].
    pub fn check(&self, url: &str) -> Result<(), FetchError> {
        check(url, &self.settings.allowed_hosts).map(drop)
    }

    /// Fetches the document at `url` to `spool`, which caps its size. Nothing of the client's goes along: no key, no
    /// cookie, no header.
    ///
    /// # Errors
    /// Every [`FetchError`] but [`FetchError::Off`].
    pub async fn fetch(&self, url: &str, spool: &Spool) -> Result<Fetched, FetchError> {
        let url = check(url, &self.settings.allowed_hosts)?;
        let limit = self.settings.timeout;
        tokio::time::timeout(limit, self.follow(url, spool))
            .await
            .unwrap_or(Err(FetchError::Late(limit.as_secs())))
    }

    async fn follow(&self, mut url: Url, spool: &Spool) -> Result<Fetched, FetchError> {
        for _ in 0..=MAX_REDIRECTS {
            let response = self.ask(url.clone()).await?;
            if !response.status().is_redirection() {
                return received(response, &url, spool).await;
            }
            let target = response
                .headers()
                .get(LOCATION)
                .and_then(|value| value.to_str().ok());
            let target = target.ok_or_else(|| failed("it is a redirection to nowhere"))?;
            let next = url
                .join(target)
                .map_err(|_| failed("it is a redirection to nowhere"))?;
            let next = check_parsed(next, &self.settings.allowed_hosts)?;
            if url.scheme() == "https" && next.scheme() == "http" {
                return Err(FetchError::NotAllowed("an address without TLS, from one with it"));
            }
            url = next;
        }
        Err(failed(format_args!(
            "it is more than {MAX_REDIRECTS} redirections away"
        )))
    }

    /// One request, by a client of its own: nothing is kept between two, no connection and no address.
    async fn ask(&self, url: Url) -> Result<Response, FetchError> {
        let refused = Arc::new(AtomicBool::new(false));
        let resolver = CheckedLookup {
            lookup: Arc::clone(&self.lookup),
            allowed: self.settings.allowed_hosts.clone(),
            refused: Arc::clone(&refused),
        };
        let client = crate::tls::http_client()
            .dns_resolver(resolver)
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT_TIMEOUT)
            .referer(false)
            .user_agent(concat!("ilios/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| failed(format_args!("no client: {error}")))?;
        let host = url.host_str().unwrap_or_default().to_owned();
        let sent = client.get(url).header(ACCEPT, "*/*").send().await;
        if refused.load(Ordering::Relaxed) {
            return Err(FetchError::NotAllowed("an address that is not public"));
        }
        let response = sent.map_err(|error| failed(innermost(&error)))?;
        // The resolver has looked at it; this is for a client that dials by itself one day.
        let dialled = response.remote_addr().map(|address| address.ip());
        if !self.settings.allowed_hosts.contain(&host) && !dialled.is_some_and(is_public) {
            return Err(FetchError::NotAllowed("an address that is not public"));
        }
        Ok(response)
    }
}

async fn received(mut response: Response, url: &Url, spool: &Spool) -> Result<Fetched, FetchError> {
    let status = response.status();
    if status != reqwest::StatusCode::OK {
        return Err(failed(format_args!(
            "the other server answered {}",
            status.as_u16()
        )));
    }
    if response.headers().contains_key(CONTENT_ENCODING) {
        return Err(failed("the other server sent it encoded without being asked to"));
    }
    let limit = spool.max_bytes();
    if response.content_length().is_some_and(|bytes| bytes > limit) {
        return Err(SpoolError::TooLarge { limit }.into());
    }
    let mut incoming = spool.receive();
    while let Some(bytes) = response
        .chunk()
        .await
        .map_err(|error| failed(innermost(&error)))?
    {
        incoming = incoming.append(bytes).await?;
    }
    Ok(Fetched {
        file_name: file_name(url),
        file: incoming.finish(),
    })
}

/// The last part of the path, percent-decoded.
fn file_name(url: &Url) -> FileName {
    let last = url.path_segments().and_then(|mut parts| parts.next_back());
    let mut bytes = Vec::new();
    let mut rest = last.unwrap_or_default().as_bytes();
    while let [first, after @ ..] = rest {
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let decoded = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (first, decoded) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    FileName::clean(&String::from_utf8_lossy(&bytes))
}

fn failed(reason: impl std::fmt::Display) -> FetchError {
    FetchError::Failed(reason.to_string())
}

/// The innermost cause of an error; the outer messages repeat the address.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}
