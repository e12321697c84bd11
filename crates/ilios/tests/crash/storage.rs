//! Where the server keeps what it has: rows in one of the databases, originals in a folder or on S3.

use std::path::Path;
use std::sync::Arc;

use ilios::model::{Secret, SystemClock};
use ilios::store::{Durability, Store, StoreSettings};
use libsql::{Builder, Cipher, EncryptionConfig};
use tempfile::TempDir;

use crate::database::Database;
use crate::originals::Originals;
use crate::postgres_server::{PostgresServer, settings};
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
            Rows::File => Rows::File,
            Rows::EncryptedFile => Rows::EncryptedFile,
            Rows::Postgres(server, _) => Rows::Postgres(Arc::clone(server), server.new_database()),
        }
    }

    /// Whether a server that starts has the jobs of a dead one back at once: it knows that it is alone.
    pub(crate) fn takes_back_at_once(&self) -> bool {
        !matches!(self.rows, Rows::Postgres(..))
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
        }
        let database = builder.build().await.expect("a database");
        let connection = database.connect().expect("a connection");
        let waits = connection.execute_batch("PRAGMA busy_timeout = 5000").await;
        waits.expect("it waits for others");
        Database::File(connection)
    }
}
