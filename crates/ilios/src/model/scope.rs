use std::fmt;
use std::str::FromStr;

/// Permission of an API key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Send documents in, cancel, retry and delete them.
    Convert,
    /// Read documents, batches and their results.
    Read,
    /// Read usage records and their sums.
    Usage,
    /// Manage webhooks.
    Webhooks,
    /// Manage tenants and API keys of the whole installation, and read the audit log.
    Admin,
    /// Read the metrics of the server.
    Metrics,
}

/// Set of scopes. As text their names, separated by commas, in the order of [`Scope::ALL`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Scopes(u8);

/// The text is no list of scopes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("takes one or more of convert, read, usage, webhooks, admin and metrics, separated by commas")]
pub struct ScopesError;

impl Scope {
    /// All scopes.
    pub const ALL: [Self; 6] = [
        Self::Convert,
        Self::Read,
        Self::Usage,
        Self::Webhooks,
        Self::Admin,
        Self::Metrics,
    ];

    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Convert => "convert",
            Self::Read => "read",
            Self::Usage => "usage",
            Self::Webhooks => "webhooks",
            Self::Admin => "admin",
            Self::Metrics => "metrics",
        }
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl Scopes {
    /// The scopes of a key that is made without naming any: all that concern the data of one tenant.
    pub const DEFAULT: Self = Self::of(&[Scope::Convert, Scope::Read, Scope::Usage, Scope::Webhooks]);
    /// The scopes of a key of `API_KEY` and of the callers of an open server: all but the administration.
    pub const ENVIRONMENT: Self = Self(Self::DEFAULT.0 | Scope::Metrics.bit());

    /// The set of `scopes`.
    #[must_use]
    pub const fn of(scopes: &[Scope]) -> Self {
        let (mut bits, mut place) = (0, 0);
        while place < scopes.len() {
            bits |= scopes[place].bit();
            place += 1;
        }
        Self(bits)
    }

    /// Returns true if `scope` is in the set.
    #[must_use]
    pub const fn contains(self, scope: Scope) -> bool {
        self.0 & scope.bit() != 0
    }

    /// The scopes in the set.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.into_iter().filter(move |scope| self.contains(*scope))
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.iter().map(Scope::as_str).collect();
        f.write_str(&names.join(","))
    }
}

impl FromStr for Scopes {
    type Err = ScopesError;

    /// Refuses an empty list, and a name that it does not know.
    fn from_str(text: &str) -> Result<Self, ScopesError> {
        let scopes: Option<Vec<Scope>> = text.split(',').map(|name| scope(name.trim())).collect();
        scopes.map(|scopes| Self::of(&scopes)).ok_or(ScopesError)
    }
}

fn scope(name: &str) -> Option<Scope> {
    Scope::ALL
        .into_iter()
        .find(|scope| scope.as_str().eq_ignore_ascii_case(name))
}
