//! The one cryptographic library behind all TLS of this program.

use std::sync::Arc;

use reqwest::{Client, ClientBuilder};
use rustls::crypto::{CryptoProvider, ring};

/// Returns the provider of cryptography. The first call makes it the provider of the process, which libraries take that
/// build their connections themselves: without one they panic.
pub fn provider() -> Arc<CryptoProvider> {
    CryptoProvider::get_default().map_or_else(install, Arc::clone)
}

fn install() -> Arc<CryptoProvider> {
    let provider = ring::default_provider();
    // Refused where another thread was first: it has installed the same one.
    drop(provider.clone().install_default());
    Arc::new(provider)
}

/// Begins an HTTP client.
#[expect(
    clippy::disallowed_methods,
    reason = "the provider is there, which these need"
)]
pub fn http_client() -> ClientBuilder {
    drop(provider());
    Client::builder()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_call_makes_it_the_provider_of_the_process() {
        drop(provider());
        let installed = CryptoProvider::get_default().expect("a provider of the process");
        assert!(Arc::ptr_eq(installed, &provider()));
    }

    #[test]
    fn clients_begin_without_a_preparation() {
        http_client().build().expect("a client");
    }
}
