//! The thin seam to a database: statements with positional parameters (`?1`, `?2`, …) inside
//! transactions. What differs between backends stays in this folder: there is one text of SQL, with
//! ` FOR UPDATE SKIP LOCKED` where rows are to be locked.

mod database_fault;
mod error;
mod file_guard;
pub mod local_file;
mod postgres;
mod reads;
mod replica;
mod sqlite;
mod sqlite_files;
mod sqlite_tx;
mod sqlite_vacuum;
mod table_shapes;
mod transaction;
mod transaction_retry;
mod value;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::sync::watch;

use crate::model::{Clock, Secret};

pub use database_fault::DatabaseFault;
pub use error::DbError;
pub use postgres::PostgresSettings;
pub use replica::{ReplicaSettings, is_copy};
pub use sqlite_vacuum::SpaceMode;
pub use table_shapes::TableShape;
pub use value::{FromValue, Row, Value};

/// An open database.
#[derive(Clone)]
pub enum Db {
    /// A local SQLite file.
    Sqlite(sqlite::Sqlite),
    /// A PostgreSQL database, which other processes may use too.
    Postgres(postgres::Postgres),
    /// A local copy of a libSQL primary, which other processes may use too.
    Replica(replica::Replica),
}

/// A transaction in progress. It commits when the closure that was given it returns `Ok`.
pub enum Tx {
    /// On a local SQLite file.
    Sqlite(sqlite_tx::SqliteTx),
    /// On PostgreSQL.
    Postgres(Box<postgres::PgTx>),
    /// On a libSQL primary.
    Primary(Box<replica::PrimaryTx>),
}

/// Durability of a commit that was reported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Durability {
    /// A power cut: each commit waits for the disk (`synchronous=FULL`).
    #[default]
    PowerCut,
    /// The end of the process, not that of the machine (`synchronous=NORMAL`).
    Crash,
}

impl Db {
    /// Opens (and creates) the local SQLite file at `path`, encrypted with `key` where there is one: write-ahead
    /// log, durable commits. `clock` is the database's time.
    ///
    /// Must be called within a tokio runtime.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] when the file cannot be opened, is no database or has another key.
    pub async fn open_local(
        path: &Path,
        key: Option<&Secret>,
        clock: &Arc<dyn Clock>,
        durability: Durability,
    ) -> Result<Self, DbError> {
        sqlite::Sqlite::open(path, key, clock, durability)
            .await
            .map(Self::Sqlite)
    }

    /// Connects to a PostgreSQL database. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] when it cannot be reached within the settings' `retry_timeout` or refuses the login.
    pub fn open_postgres(settings: &PostgresSettings) -> BoxFuture<'_, Result<Self, DbError>> {
        Box::pin(async move { postgres::Postgres::open(settings).await.map(Self::Postgres) })
    }

    /// Opens a local copy of a libSQL primary. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] when the primary cannot be reached within the settings' `retry_timeout` and there is no
    /// copy of it yet, when it refuses the login, or when the file is something else.
    pub fn open_replica(settings: &ReplicaSettings) -> BoxFuture<'_, Result<Self, DbError>> {
        Box::pin(async move { replica::Replica::open(settings).await.map(Self::Replica) })
    }

    /// Brings a local copy of a primary up to what the primary has now, unless it was within the last `recent`.
    /// Answers whether there may be something new; `false` where nothing is copied.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] when the primary is away.
    pub async fn catch_up(&self, recent: Duration) -> Result<bool, DbError> {
        match self {
            Self::Sqlite(_) | Self::Postgres(_) => Ok(false),
            Self::Replica(replica) => Box::pin(replica.catch_up(recent)).await,
        }
    }

    /// Reason nothing can be written although reads work; `None` when all is well.
    pub async fn degraded(&self) -> Option<String> {
        match self {
            Self::Sqlite(_) | Self::Postgres(_) => None,
            Self::Replica(replica) => replica.degraded().await,
        }
    }

    /// Age of the local replica; `None` where nothing is copied.
    #[must_use]
    pub fn copy_age(&self) -> Option<Duration> {
        match self {
            Self::Sqlite(_) | Self::Postgres(_) => None,
            Self::Replica(replica) => replica.age(),
        }
    }

    /// Changes when another process may have queued a job; `None` where there is no other.
    #[must_use]
    pub fn job_notifications(&self) -> Option<watch::Receiver<u64>> {
        match self {
            // What is queued at a primary is found by looking.
            Self::Sqlite(_) | Self::Replica(_) => None,
            Self::Postgres(postgres) => Some(postgres.job_notifications()),
        }
    }

    /// Runs `work` in a write transaction: all of it is durable when this returns `Ok`, none of it
    /// otherwise. Where others were in the way or the connection broke, it is run again.
    ///
    /// # Errors
    /// What `work` returns, or that the commit failed.
    pub fn write<T, F>(&self, work: F) -> BoxFuture<'_, Result<T, DbError>>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, DbError>> + Clone + Send + 'static,
    {
        match self {
            Self::Sqlite(lite) => Box::pin(lite.write(work)),
            Self::Postgres(postgres) => Box::pin(postgres.write(work)),
            Self::Replica(replica) => Box::pin(replica.write(work)),
        }
    }

    /// Runs `work`, which only reads, on a snapshot that waits for no writer.
    ///
    /// # Errors
    /// What `work` returns.
    pub fn read<T, F>(&self, work: F) -> BoxFuture<'_, Result<T, DbError>>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, DbError>> + Clone + Send + 'static,
    {
        match self {
            Self::Sqlite(lite) => Box::pin(lite.read(work)),
            Self::Postgres(postgres) => Box::pin(postgres.read(work)),
            Self::Replica(replica) => Box::pin(replica.read(work)),
        }
    }

    /// Checks that the database can be used now. A local one commits an empty transaction and writes to its folder;
    /// PostgreSQL commits a transaction that writes; the copy of a primary only runs a query.
    ///
    /// # Errors
    /// [`DatabaseFault`].
    pub async fn check(&self) -> Result<(), DatabaseFault> {
        match self {
            Self::Sqlite(lite) => lite.check().await,
            Self::Postgres(postgres) => Box::pin(postgres.check()).await,
            Self::Replica(_) => {
                let look = self.one("SELECT 1", Vec::new(), Ok).await;
                look.map(drop).map_err(|_| DatabaseFault::Unavailable)
            }
        }
    }

    /// Gives up to `bytes` that no row needs back to the disk; answers how many it did.
    ///
    /// # Errors
    /// [`DbError`] when the database fails.
    pub async fn incremental_vacuum(&self, bytes: u64) -> Result<u64, DbError> {
        match self {
            Self::Sqlite(lite) => lite.space.vacuum(bytes).await,
            Self::Postgres(_) | Self::Replica(_) => Ok(0),
        }
    }

    /// Makes a local database able to give space back; no other process may use it.
    ///
    /// # Errors
    /// [`DbError`] when the file cannot be written anew.
    pub async fn enable_incremental_vacuum(&self) -> Result<SpaceMode, DbError> {
        match self {
            Self::Sqlite(lite) => lite.space.enable().await,
            Self::Postgres(_) | Self::Replica(_) => Ok(SpaceMode::Returnable),
        }
    }

    /// Moves all of a local database's log into its file.
    ///
    /// # Errors
    /// [`DbError`] when the database fails.
    pub async fn truncate_wal(&self) -> Result<(), DbError> {
        match self {
            Self::Sqlite(lite) => lite.space.truncate_wal().await,
            Self::Postgres(_) | Self::Replica(_) => Ok(()),
        }
    }

    /// Waits until every accepted write is done and closes the database.
    pub async fn close(self) {
        match self {
            Self::Sqlite(lite) => lite.close().await,
            Self::Postgres(postgres) => Box::pin(postgres.close()).await,
            Self::Replica(replica) => Box::pin(replica.close()).await,
        }
    }
}
