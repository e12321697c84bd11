//! The thin seam to a database: statements with positional parameters (`?1`, `?2`, …) inside
//! transactions. What differs between backends stays in this folder.

mod lite;
mod value;

use std::path::Path;
use std::sync::Arc;

use futures::future::BoxFuture;

use crate::model::{Clock, Timestamp};

pub use value::{FromValue, Row, Value};

/// An open database.
#[derive(Clone)]
pub enum Db {
    /// A local SQLite file.
    Lite(lite::Lite),
}

/// A transaction in progress. It commits when the closure that was given it returns `Ok`.
pub enum Tx {
    /// On a local SQLite file.
    Lite(lite::LiteTx),
}

/// What a commit that was reported survives.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Durability {
    /// A power cut: each commit waits for the disk (`synchronous=FULL`).
    #[default]
    PowerCut,
    /// The end of the process, not that of the machine (`synchronous=NORMAL`).
    Crash,
}

/// Why a statement or a transaction did not succeed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum DbError {
    /// The database cannot be opened, is locked, full or gone. Nothing was written; try again later.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// A statement failed. Nothing was written; trying again will not help.
    #[error("the database refused a statement: {0}")]
    Statement(String),
    /// Somebody else was first: a row is there already. Nothing was written.
    #[error("there is such a row already")]
    Conflict,
    /// A row is not what this version expects.
    #[error("the database has another shape than expected: {0}")]
    Schema(String),
}

impl Db {
    /// Opens (and creates) the local SQLite file at `path`: write-ahead log, durable commits. `clock` is the
    /// database's time.
    ///
    /// Must be called within a tokio runtime.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] when the file cannot be opened or is no database.
    pub async fn open_local(
        path: &Path,
        clock: &Arc<dyn Clock>,
        durability: Durability,
    ) -> Result<Self, DbError> {
        lite::Lite::open(path, clock, durability).await.map(Self::Lite)
    }

    /// Runs `work` in a write transaction: all of it is durable when this returns `Ok`, none of it
    /// otherwise.
    ///
    /// # Errors
    /// What `work` returns, or that the commit failed.
    pub async fn write<T, F>(&self, work: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, DbError>> + Send + 'static,
    {
        match self {
            Self::Lite(lite) => lite.write(work).await,
        }
    }

    /// Runs `work`, which only reads, on a snapshot that waits for no writer.
    ///
    /// # Errors
    /// What `work` returns.
    pub async fn read<T, F>(&self, work: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, DbError>> + Send + 'static,
    {
        match self {
            Self::Lite(lite) => lite.read(work).await,
        }
    }

    /// Waits until every accepted write is done and closes the database.
    pub async fn close(self) {
        match self {
            Self::Lite(lite) => lite.close().await,
        }
    }
}

impl Tx {
    /// The database's time: all nodes that share the database agree on it, whatever their own clocks say.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::Lite(tx) => tx.now(),
        }
    }

    /// Runs a statement that returns no rows; answers how many rows it changed.
    ///
    /// # Errors
    /// [`DbError`] when the statement fails.
    pub async fn execute(&mut self, sql: &'static str, values: Vec<Value>) -> Result<u64, DbError> {
        match self {
            Self::Lite(tx) => tx.execute(sql, values).await,
        }
    }

    /// Runs a statement and returns its rows.
    ///
    /// # Errors
    /// [`DbError`] when the statement fails.
    pub async fn query(&mut self, sql: &'static str, values: Vec<Value>) -> Result<Vec<Row>, DbError> {
        match self {
            Self::Lite(tx) => tx.query(sql, values).await,
        }
    }

    /// Runs several statements without parameters, separated by `;`.
    ///
    /// # Errors
    /// [`DbError`] when one fails.
    pub async fn script(&mut self, sql: &'static str) -> Result<(), DbError> {
        match self {
            Self::Lite(tx) => tx.script(sql).await,
        }
    }
}
