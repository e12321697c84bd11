use super::{Id, Timestamp};

/// Doer of what the audit log records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Holder of a stored API key, by its id.
    Key(Id),
    /// Tenant whose key is not stored: one of `API_KEY`, or everybody on an open server. Its short form.
    Tenant(String),
    /// Holder of `ADMIN_KEY`.
    AdminKey,
    /// User of the command line on the server's machine.
    CommandLine,
    /// The server itself.
    Server,
}

/// Recorded action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// An API key was made.
    CreateKey,
    /// An API key was revoked.
    RevokeKey,
    /// An API key was replaced by another.
    RotateKey,
    /// The tenant of an environment key was named.
    AdoptKey,
    /// A tenant got another name.
    RenameTenant,
    /// A document was deleted by its owner.
    DeleteDocument,
    /// Usage records or the audit log were downloaded, or the database exported.
    Export,
    /// The server started, with these settings.
    Start,
}

/// Entry of the audit log. Entries are only ever added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its id.
    pub id: Id,
    /// Moment of the action.
    pub created_at: Timestamp,
    /// Doer, as text.
    pub actor: String,
    /// Name of the action.
    pub action: String,
    /// Id of what it was done to; empty where there is nothing to name.
    pub subject: String,
    /// Further facts in words.
    pub details: String,
}

/// Action to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAudit {
    /// Id of the entry.
    pub id: Id,
    /// Doer.
    pub actor: Actor,
    /// Action.
    pub action: Action,
    /// Id of what it is done to.
    pub subject: String,
    /// Further facts in words, without secrets.
    pub details: String,
}

impl Actor {
    /// The doer as text: `key:ID`, `tenant:SHORT`, `admin-key`, `command-line` or `server`.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Key(id) => format!("key:{id}"),
            Self::Tenant(short) => format!("tenant:{short}"),
            Self::AdminKey => "admin-key".to_owned(),
            Self::CommandLine => "command-line".to_owned(),
            Self::Server => "server".to_owned(),
        }
    }
}

impl Action {
    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CreateKey => "key.create",
            Self::RevokeKey => "key.revoke",
            Self::RotateKey => "key.rotate",
            Self::AdoptKey => "key.adopt",
            Self::RenameTenant => "tenant.rename",
            Self::DeleteDocument => "document.delete",
            Self::Export => "export",
            Self::Start => "server.start",
        }
    }
}
