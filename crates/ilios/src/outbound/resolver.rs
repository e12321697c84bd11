use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::address::is_public;
use super::policy::AllowedHosts;

/// Turns names into addresses.
pub trait Lookup: Send + Sync {
    /// The addresses of a name.
    fn lookup(&self, host: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>>;
}

/// The system's own way.
#[derive(Debug)]
pub struct SystemLookup;

impl Lookup for SystemLookup {
    fn lookup(&self, host: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        Box::pin(async move {
            let found = tokio::net::lookup_host((host, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

/// Gives a client no address but those that it may dial: what it dials is what was looked at, however often the
/// name leads elsewhere.
pub(super) struct CheckedLookup {
    pub(super) lookup: Arc<dyn Lookup>,
    pub(super) allowed: AllowedHosts,
    /// Set once a name led to addresses that are not public alone.
    pub(super) refused: Arc<AtomicBool>,
}

impl Resolve for CheckedLookup {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().to_owned();
        let (lookup, refused) = (Arc::clone(&self.lookup), Arc::clone(&self.refused));
        let is_allowed = self.allowed.contain(&host);
        Box::pin(async move {
            let mut found = lookup.lookup(host).await?;
            let any = !found.is_empty();
            found.retain(|address| is_allowed || is_public(*address));
            if any && found.is_empty() {
                refused.store(true, Ordering::Relaxed);
                return Err("it leads to an address that is not public".into());
            }
            // The port is that of the URL.
            let addresses = found.into_iter().map(|address| SocketAddr::new(address, 0));
            Ok(Box::new(addresses) as Addrs)
        })
    }
}
