use std::fmt;

use sha2::{Digest, Sha256};

/// Owner of documents, by its id: that of a row of `tenants`, the SHA-256 fingerprint of an API key of the environment
/// (the key itself is never stored, logged or compared in clear), or `anonymous` on an open server. The test data of a
/// tenant belongs to a tenant of its own, so that nothing else sees, counts or bills it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Tenant(String);

/// End of the id of a tenant that owns test data. No other id has a colon.
pub(crate) const TESTS: &str = ":test";

/// Id of the tenant of an open server.
const ANONYMOUS: &str = "anonymous";

impl Tenant {
    /// The one tenant of an open server.
    #[must_use]
    pub fn anonymous() -> Self {
        Self(ANONYMOUS.into())
    }

    /// Returns true if it is that of an open server, with its test data.
    #[must_use]
    pub fn is_anonymous(&self) -> bool {
        self.0.strip_suffix(TESTS).unwrap_or(&self.0) == ANONYMOUS
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

    /// The owner of the test data of this tenant.
    #[must_use]
    pub fn of_tests(&self) -> Self {
        if self.is_of_tests() {
            return self.clone();
        }
        Self(format!("{}{TESTS}", self.0))
    }

    /// Returns true if it owns test data.
    #[must_use]
    pub fn is_of_tests(&self) -> bool {
        self.0.ends_with(TESTS)
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Enough of a fingerprint to tell tenants apart in the log, and too little to try keys against: its first 8 hex
    /// digits. Any other id as it is.
    #[must_use]
    pub fn short(&self) -> &str {
        let is_fingerprint = self.0.strip_suffix(TESTS).unwrap_or(&self.0).len() == 64;
        self.0.get(..8).filter(|_| is_fingerprint).unwrap_or(&self.0)
    }
}

impl fmt::Display for Tenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
