use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::parse::Parser;
use crate::model::Secret;

/// Where documents and jobs are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseConfig {
    /// In a file of this machine.
    Local {
        /// The file.
        file: PathBuf,
        /// What it is encrypted with.
        key: Option<Secret>,
    },
    /// In a PostgreSQL database.
    Postgres(PostgresConfig),
}

/// A PostgreSQL database and how it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostgresConfig {
    /// Where it is.
    pub url: Secret,
    /// The most connections.
    pub connections: usize,
    /// How long an operation goes on trying while the server is away or overloaded.
    pub timeout: Duration,
}

/// What a node does.
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
        let file = parser.text("LOCAL_DB_PATH");
        let file = file.map_or_else(|| data.join("ilios.db"), PathBuf::from);
        let connections = parser.number("DATABASE_CONNECTIONS", 10, 1..=1_000);
        let timeout = Duration::from_secs(parser.number("DATABASE_TIMEOUT", 10, 1..=600));
        let url = parser.value("DATABASE_URL", None, |text| {
            let scheme = text.split_once("://").map(|(scheme, _)| scheme);
            matches!(scheme, Some("postgres" | "postgresql")).then(|| Some(Secret::new(text)))
        });
        let key = parser.text("DB_ENCRYPTION_KEY").map(Secret::new);
        let Some(url) = url else {
            return Self::Local { file, key };
        };
        if key.is_some() {
            parser.fault(
                "DB_ENCRYPTION_KEY",
                "encrypts a local database, not that of DATABASE_URL; unset one of the two".into(),
            );
        }
        Self::Postgres(PostgresConfig {
            url,
            connections,
            timeout,
        })
    }
}

impl fmt::Display for DatabaseConfig {
    /// Where it is, without passwords.
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
        }
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
