use std::time::Duration;

use super::{Actor, Id, Scope, Scopes, Tenant, Timestamp};

/// Time for which a replaced key is accepted, where nobody says otherwise.
pub const DEFAULT_GRACE: Duration = Duration::from_secs(24 * 60 * 60);
/// The longest time for which a replaced key is accepted.
pub const MAX_GRACE: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Origin of an API key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// Made by an administrator.
    Live,
    /// Made by an administrator, for test data: it never spends, and its documents go after a day.
    Test,
    /// One of `API_KEY` whose tenant was named. It is accepted only as long as it is also in `API_KEY`.
    Environment,
}

/// API key as it is stored: its text is not in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id.
    pub id: Id,
    /// Owner of what is sent with it. That of a test key is the tenant of the test data.
    pub tenant: Tenant,
    /// Name that people gave it.
    pub name: String,
    /// Its permissions.
    pub scopes: Scopes,
    /// Its origin.
    pub kind: KeyKind,
    /// Moment at which it was made.
    pub created_at: Timestamp,
    /// Moment from which it is refused by plan; `None`: never.
    pub expires_at: Option<Timestamp>,
    /// Moment of its last use, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// Moment from which it is refused because somebody revoked or rotated it; may lie ahead.
    pub revoked_at: Option<Timestamp>,
}

/// State of an API key at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// It is accepted.
    Active,
    /// It is accepted for some time yet, having been replaced.
    Ending,
    /// It has expired.
    Expired,
    /// It was revoked.
    Revoked,
}

/// Tenant as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantEntry {
    /// Its id.
    pub tenant: Tenant,
    /// Name that people gave it, unique.
    pub name: String,
    /// Moment at which it was made or named.
    pub created_at: Timestamp,
}

/// Sender of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Owner of what is sent and asked for.
    pub tenant: Tenant,
    /// Name in the audit log.
    pub actor: Actor,
    /// Its permissions.
    pub scopes: Scopes,
}

impl KeyKind {
    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Test => "test",
            Self::Environment => "environment",
        }
    }

    /// The kind of a name; `None` for any other text.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let all = [Self::Live, Self::Test, Self::Environment];
        all.into_iter().find(|kind| kind.as_str() == name)
    }
}

impl KeyState {
    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Ending => "ending",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }

    /// Returns true if requests with the key are answered.
    #[must_use]
    pub const fn is_accepted(self) -> bool {
        matches!(self, Self::Active | Self::Ending)
    }
}

impl ApiKey {
    /// Its state at `now`.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> KeyState {
        match (self.revoked_at, self.expires_at) {
            (Some(revoked), _) if revoked <= now => KeyState::Revoked,
            (_, Some(expiry)) if expiry <= now => KeyState::Expired,
            (Some(_), _) => KeyState::Ending,
            (None, _) => KeyState::Active,
        }
    }
}

impl Caller {
    /// The one caller of an open server.
    #[must_use]
    pub fn anonymous() -> Self {
        Self::of_environment(Tenant::anonymous())
    }

    /// The holder of a key of `API_KEY`.
    #[must_use]
    pub fn of_environment(tenant: Tenant) -> Self {
        Self {
            actor: Actor::Tenant(tenant.short().to_owned()),
            tenant,
            scopes: Scopes::ENVIRONMENT,
        }
    }

    /// The holder of a stored key.
    #[must_use]
    pub fn of_key(key: ApiKey) -> Self {
        Self {
            tenant: key.tenant,
            actor: Actor::Key(key.id),
            scopes: key.scopes,
        }
    }

    /// Returns true if the caller has `scope`.
    #[must_use]
    pub const fn may(&self, scope: Scope) -> bool {
        self.scopes.contains(scope)
    }
}
