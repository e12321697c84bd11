//! Where the server keeps what it has: rows in one of the databases, originals in a folder or on S3.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ilios::model::{Secret, SystemClock};
use ilios::store::{Durability, Store, StoreSettings};
use libsql::{Builder, Cipher, EncryptionConfig};
use tempfile::TempDir;

use crate::database::Database;
use crate::originals::Originals;
use crate::postgres_server::{PostgresServer, settings};
use crate::primary_server::PrimaryServer;
use crate::server::{Environment, variable};

const KEY: &str = "hunter2hunter2";

/// Where a server keeps what it has.
pub(crate) struct Storage {
    pub(crate) rows: Rows,
    pub(crate) originals: Originals,
}

/// Where documents and jobs are.
pub(crate) enum Rows {
    File,
    EncryptedFile,
    /// With the URL of one of the server's databases.
    Postgres(Arc<PostgresServer>, String),
    /// At a primary, with a copy in the server's folder.
    Replica(Arc<PrimaryServer>),
}

impl Storage {
    /// All of it in the server's folder.
    pub(crate) fn local() -> Self {
        Self {
            rows: Rows::File,
            originals: Originals::Local,
        }
    }

    /// Another one of the same kind with no rows yet.
    pub(crate) fn another(&self) -> Rows {
        match &self.rows {
            // What becomes of a document is the same in all of them.
            Rows::File | Rows::Replica(_) => Rows::File,
            Rows::EncryptedFile => Rows::EncryptedFile,
            Rows::Postgres(server, _) => Rows::Postgres(Arc::clone(server), server.new_database()),
        }
    }

    /// Whether a server that starts has the jobs of a dead one back at once: it knows that it is alone.
    pub(crate) fn takes_back_at_once(&self) -> bool {
        !matches!(self.rows, Rows::Postgres(..) | Rows::Replica(_))
    }

    /// How soon a server that was killed must be back, with its jobs where it is alone.
    pub(crate) fn recovery(&self) -> Duration {
        match self.rows {
            // The primary takes the place of its last transaction from it after five.
            Rows::Replica(_) => Duration::from_secs(8),
            _ => Duration::from_secs(2),
        }
    }

    /// What tells the server of it.
    pub(crate) fn environment(&self) -> Environment {
        let mut environment = self.rows.environment();
        environment.extend(self.originals.environment());
        environment
    }

    /// A look into the rows of the server whose data folder is `data`.
    pub(crate) async fn database(&self, data: &Path) -> Database {
        self.rows.open(data).await
    }

    /// What a killed server has left, which is left as it is: to open a file would be to repair it.
    pub(crate) async fn autopsy(&self, data: &Path) -> Option<(TempDir, Database)> {
        let folder = TempDir::new().expect("a temporary folder");
        if let Rows::Postgres(server, url) = &self.rows {
            let made = server.psql_at(url, "SELECT to_regclass('jobs') IS NOT NULL");
            if made != "t" {
                return None;
            }
        } else if let Rows::Replica(server) = &self.rows {
            let made = server
                .number("SELECT COUNT(*) FROM sqlite_master WHERE name = 'jobs'")
                .await;
            if made == 0 {
                return None;
            }
        } else {
            for file in ["ilios.db", "ilios.db-wal"] {
                // A server that was killed early has not made it.
                std::fs::copy(data.join(file), folder.path().join(file)).ok()?;
            }
        }
        let copy = self.rows.open(folder.path()).await;
        Some((folder, copy))
    }

    /// The server's store, once the server has ended.
    pub(crate) async fn store(&self, data: &Path) -> Store {
        let local = StoreSettings {
            clock: Arc::new(SystemClock),
            durability: Durability::Crash,
        };
        let file = data.join("ilios.db");
        let store = match &self.rows {
            Rows::File => Store::open_local(&file, &local).await,
            Rows::EncryptedFile => Store::open_encrypted(&file, Some(&Secret::new(KEY)), &local).await,
            Rows::Postgres(_, url) => Store::open_postgres(&settings(url, None)).await,
            Rows::Replica(server) => Store::open_replica(&server.settings(data, None)).await,
        };
        store.expect("a database")
    }
}

impl Rows {
    pub(crate) fn environment(&self) -> Environment {
        match self {
            Self::File => Vec::new(),
            Self::EncryptedFile => vec![variable("DB_ENCRYPTION_KEY", KEY)],
            // Nobody knows that the dead server is dead before its leases have run out.
            Self::Postgres(_, url) => vec![variable("DATABASE_URL", url), variable("LEASE_MILLIS", 1_500)],
            Self::Replica(server) => vec![
                variable("USE_EMBEDDED_REPLICA", true),
                variable("TURSO_DATABASE_URL", server.url()),
                variable("LEASE_MILLIS", 1_500),
            ],
        }
    }

    pub(crate) async fn open(&self, data: &Path) -> Database {
        let mut builder = Builder::new_local(data.join("ilios.db"));
        match self {
            Self::File => {}
            Self::EncryptedFile => {
                builder = builder.encryption_config(EncryptionConfig::new(Cipher::Aes256Cbc, KEY.into()));
            }
            Self::Postgres(_, url) => {
                let connected = tokio_postgres::connect(url, tokio_postgres::NoTls).await;
                let (client, connection) = connected.expect("a connection");
                tokio::spawn(connection);
                return Database::Postgres(client);
            }
            Self::Replica(server) => return Database::Primary(Arc::clone(server)),
        }
        let database = builder.build().await.expect("a database");
        let connection = database.connect().expect("a connection");
        let waits = connection.execute_batch("PRAGMA busy_timeout = 5000").await;
        waits.expect("it waits for others");
        Database::File(connection)
    }
}
