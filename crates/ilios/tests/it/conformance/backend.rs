use std::sync::Arc;

use ilios::model::Clock;
use ilios::store::{Durability, Store, StoreSettings};
use tempfile::TempDir;

/// A database of its own for one test, which any number of stores can open at once.
pub(super) trait Backend: Sized + Sync {
    /// An empty database.
    async fn create() -> Self;

    /// One more way to it, with a clock of its own; the schema is there.
    async fn open(&self, clock: Arc<dyn Clock>) -> Store;
}

/// A local SQLite file.
pub(super) struct LocalFile(TempDir);

impl Backend for LocalFile {
    async fn create() -> Self {
        Self(TempDir::new().expect("a temporary folder"))
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
