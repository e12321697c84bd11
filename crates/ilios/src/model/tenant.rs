use std::collections::HashSet;
use std::fmt;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Owner of documents: the SHA-256 fingerprint of an API key, or `anonymous` on an open server. The key itself is never
/// stored, logged or compared in clear.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Tenant(String);

/// The accepted API keys, as fingerprints. Empty: the server is open.
#[derive(Debug, Clone, Default)]
pub struct ApiKeys(HashSet<Tenant>);

impl Tenant {
    /// The one tenant of an open server.
    #[must_use]
    pub fn anonymous() -> Self {
        Self("anonymous".into())
    }

    /// The tenant of an API key.
    #[must_use]
    pub fn of_key(key: &str) -> Self {
        Self(format!("{:x}", Sha256::digest(key.as_bytes())))
    }

    /// From what the database holds.
    #[must_use]
    pub fn stored(fingerprint: String) -> Self {
        Self(fingerprint)
    }

    /// The fingerprint: 64 hex digits, or `anonymous`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Enough of the fingerprint to tell tenants apart in the log, and too little to try keys against: 8 hex digits,
    /// or `anonymous`.
    #[must_use]
    pub fn short(&self) -> &str {
        self.0.get(..8).filter(|_| self.0.len() == 64).unwrap_or(&self.0)
    }
}

impl fmt::Display for Tenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl ApiKeys {
    /// From a comma-separated list; keys are trimmed, empty ones ignored.
    #[must_use]
    pub fn parse(list: &str) -> Self {
        Self(
            list.split(',')
                .map(str::trim)
                .filter(|key| !key.is_empty())
                .map(Tenant::of_key)
                .collect(),
        )
    }

    /// Returns true if no key is needed.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.0.is_empty()
    }

    /// Number of keys.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns true if there is no key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The tenant of `key`, if the key is accepted. Its fingerprint is compared with every other one to the end, so
    /// that the time taken tells nothing about a key.
    #[must_use]
    pub fn tenant_of(&self, key: &str) -> Option<Tenant> {
        let asked = Tenant::of_key(key);
        let mut found = None;
        for tenant in &self.0 {
            if bool::from(tenant.0.as_bytes().ct_eq(asked.0.as_bytes())) {
                found = Some(tenant);
            }
        }
        found.cloned()
    }
}
