use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::parse::Parser;
use crate::model::Secret;
use crate::store::{Durability, PostgresSettings, ReplicaSettings};

/// Database of documents and jobs.
#[derive(Clone)]
pub enum DatabaseConfig {
    /// In a file of this machine.
    Local {
        /// The file.
        file: PathBuf,
        /// Encryption key.
        key: Option<Secret>,
    },
    /// In a PostgreSQL database.
    Postgres(PostgresSettings),
    /// At a libSQL primary, with a copy of it on this machine.
    Replica(ReplicaSettings),
}

/// Role of a node.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Role {
    /// It answers requests and converts what is queued.
    #[default]
    All,
    /// It answers requests.
    Api,
    /// It converts what is queued.
    Worker,
}

impl DatabaseConfig {
    pub(super) fn read(parser: &mut Parser<'_>, data: &Path) -> Self {
        let file = |name: &str| {
            let given = parser.text("LOCAL_DB_PATH");
            given.map_or_else(|| data.join(name), PathBuf::from)
        };
        let (file, copy) = (file("ilios.db"), file("replica.db"));
        let sync_interval = Duration::from_secs(parser.number("TURSO_SYNC_INTERVAL", 60, 1..=86_400));
        let connections = parser.number("DATABASE_CONNECTIONS", 10, 1..=1_000);
        let retry_timeout = Duration::from_secs(parser.number("DATABASE_TIMEOUT", 10, 1..=600));
        let url = parser.value("DATABASE_URL", None, |text| {
            let scheme = text.split_once("://").map(|(scheme, _)| scheme);
            matches!(scheme, Some("postgres" | "postgresql")).then(|| Some(Secret::new(text)))
        });
        let key = parser.text("DB_ENCRYPTION_KEY").map(Secret::new);
        if parser.flag("USE_EMBEDDED_REPLICA") {
            if url.is_some() {
                parser.fault(
                    "USE_EMBEDDED_REPLICA",
                    "keeps the database at TURSO_DATABASE_URL, and DATABASE_URL names another; unset one of the two"
                        .into(),
                );
            }
            return Self::Replica(ReplicaSettings {
                file: copy,
                key,
                url: primary(parser),
                token: parser.header_secret("TURSO_AUTH_TOKEN"),
                sync_interval,
                retry_timeout,
                clock: None,
            });
        }
        let Some(url) = url else {
            return Self::Local { file, key };
        };
        if key.is_some() {
            parser.fault(
                "DB_ENCRYPTION_KEY",
                "encrypts a local database, not that of DATABASE_URL; unset one of the two".into(),
            );
        }
        Self::Postgres(PostgresSettings {
            url,
            connections,
            retry_timeout,
            clock: None,
        })
    }
}

/// The address of the primary. It holds no secret, so it may be shown.
fn primary(parser: &mut Parser<'_>) -> String {
    const PRIMARY_URL_VARIABLE: &str = "TURSO_DATABASE_URL";
    let url = parser
        .needed(PRIMARY_URL_VARIABLE, "USE_EMBEDDED_REPLICA")
        .to_owned();
    if url.is_empty() {
        return url;
    }
    parser.value(PRIMARY_URL_VARIABLE, String::new(), |text| {
        let (scheme, place) = text.split_once("://")?;
        let place = place.trim_end_matches('/');
        let is_place = !place.is_empty() && !place.contains(['@', '?', '#', '/', ' ']);
        (matches!(scheme, "libsql" | "https" | "http") && is_place).then(|| text.to_owned())
    })
}

impl fmt::Display for DatabaseConfig {
    /// Shows its location, without passwords.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Local { file, .. } => write!(f, "{}", file.display()),
            Self::Postgres(postgres) => {
                let url = postgres.url.reveal();
                let place = url.split_once("://").map_or("", |(_, place)| place);
                let place = place.split('?').next().unwrap_or_default();
                let place = place.rsplit_once('@').map_or(place, |(_, place)| place);
                write!(f, "PostgreSQL at {place}")
            }
            Self::Replica(replica) => write!(f, "{} with its copy {}", replica.url, replica.file.display()),
        }
    }
}

impl fmt::Debug for DatabaseConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Reads `full` or `normal`.
pub(super) fn durability(text: &str) -> Option<Durability> {
    match text.to_ascii_lowercase().as_str() {
        "full" => Some(Durability::PowerCut),
        "normal" => Some(Durability::Crash),
        _ => None,
    }
}

impl Role {
    /// Reads `all`, `api` or `worker`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "all" => Some(Self::All),
            "api" => Some(Self::Api),
            "worker" => Some(Self::Worker),
            _ => None,
        }
    }

    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Api => "api",
            Self::Worker => "worker",
        }
    }
}
