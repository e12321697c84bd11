use std::sync::{Arc, Mutex};

use ilios::model::{Clock, Secret};
use ilios::store::{Durability, Store, StoreSettings};
use tempfile::TempDir;

use crate::postgres_server::{PostgresServer, settings};
use crate::primary_server::PrimaryServer;

/// A database of its own for one test, which any number of stores can open at once.
pub(super) trait Backend: Sized + Sync {
    /// Of so many random histories one is run here, for a database that is further away.
    const ONE_HISTORY_IN: u32 = 1;

    /// Of so much work so much is done here.
    const WORK_DIVISOR: usize = 1;

    /// An empty database.
    async fn create() -> Self;

    /// Another empty database, in the same place.
    async fn another(&self) -> Self;

    /// One more way to it, with a clock of its own; the schema is there.
    async fn open(&self, clock: Arc<dyn Clock>) -> Store;
}

/// A local SQLite file.
pub(super) struct LocalFile(TempDir);

impl Backend for LocalFile {
    async fn create() -> Self {
        Self(TempDir::new().expect("a temporary folder"))
    }

    async fn another(&self) -> Self {
        Self::create().await
    }

    async fn open(&self, clock: Arc<dyn Clock>) -> Store {
        let settings = StoreSettings {
            clock,
            // Nobody cuts the power of a test, and each commit would wait for the disk.
            durability: Durability::Crash,
        };
        let path = self.0.path().join("ilios.db");
        let store = Store::open_local(&path, &settings).await.expect("a database");
        store.migrate().await.expect("migrations run");
        store
    }
}

/// An encrypted SQLite file.
pub(super) struct EncryptedFile(TempDir);

impl Backend for EncryptedFile {
    const ONE_HISTORY_IN: u32 = 4;

    async fn create() -> Self {
        Self(TempDir::new().expect("a temporary folder"))
    }

    async fn another(&self) -> Self {
        Self::create().await
    }

    async fn open(&self, clock: Arc<dyn Clock>) -> Store {
        let settings = StoreSettings {
            clock,
            durability: Durability::Crash,
        };
        let (path, key) = (self.0.path().join("ilios.db"), Secret::new("it's a key"));
        let store = Store::open_encrypted(&path, Some(&key), &settings).await;
        let store = store.expect("a database");
        store.migrate().await.expect("migrations run");
        store
    }
}

/// A database on a PostgreSQL server, whose time is the test's.
pub(super) struct Postgres {
    server: Arc<PostgresServer>,
    url: String,
}

impl Backend for Postgres {
    const ONE_HISTORY_IN: u32 = 8;

    async fn create() -> Self {
        let server = Arc::new(PostgresServer::start().await);
        Self {
            url: server.url(),
            server,
        }
    }

    async fn another(&self) -> Self {
        Self {
            server: Arc::clone(&self.server),
            url: self.server.new_database(),
        }
    }

    async fn open(&self, clock: Arc<dyn Clock>) -> Store {
        let settings = settings(&self.url, Some(clock));
        let store = Store::open_postgres(&settings).await.expect("a database");
        store.migrate().await.expect("migrations run");
        store
    }
}

/// A libSQL primary, of which each store has a copy; its time is the test's.
pub(super) struct Replica {
    server: Arc<PrimaryServer>,
    kept: Arc<Kept>,
}

/// What stays while the test runs.
#[derive(Default)]
struct Kept {
    copies: Mutex<Vec<TempDir>>,
    servers: Mutex<Vec<Arc<PrimaryServer>>>,
}

impl Backend for Replica {
    const ONE_HISTORY_IN: u32 = 16;
    const WORK_DIVISOR: usize = 5;

    async fn create() -> Self {
        Self {
            server: Arc::new(PrimaryServer::start().await),
            kept: Arc::default(),
        }
    }

    async fn another(&self) -> Self {
        let another = Self {
            kept: Arc::clone(&self.kept),
            ..Self::create().await
        };
        let mut servers = self.kept.servers.lock().expect("nobody panics");
        servers.push(Arc::clone(&another.server));
        drop(servers);
        another
    }

    async fn open(&self, clock: Arc<dyn Clock>) -> Store {
        let folder = TempDir::new().expect("a temporary folder");
        let settings = self.server.settings(folder.path(), Some(clock));
        self.kept.copies.lock().expect("nobody panics").push(folder);
        let store = Store::open_replica(&settings).await.expect("a database");
        store.migrate().await.expect("migrations run");
        store
    }
}
