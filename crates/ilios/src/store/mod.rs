//! What is kept: each method is one atomic transition, with its SQL beside it. No transaction leaks out.

pub mod db;
mod documents;
mod migrate;
mod ping;
mod usage;

use std::path::Path;

use db::{Db, DbError};

pub use documents::{CompletedDocument, StoredDocument};
pub use migrate::{Migrated, SCHEMA_VERSION};

/// The database of documents and usage records.
#[derive(Clone)]
pub struct Store {
    db: Db,
}

/// Why the store did not do what it was asked.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbError),
    /// The database was written by a newer version of the program.
    #[error("the database has schema version {found}, this program knows up to {known}; install a newer one")]
    NewerSchema {
        /// Version in the database.
        found: i64,
        /// Newest version known here.
        known: i64,
    },
}

/// What the caller of a failed operation does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disposition {
    /// Try again later.
    Retry,
    /// Stop trying.
    GiveUp,
}

impl StoreError {
    /// What the caller does next.
    #[must_use]
    pub fn disposition(&self) -> Disposition {
        match self {
            Self::Database(DbError::Unavailable(_)) => Disposition::Retry,
            Self::Database(_) | Self::NewerSchema { .. } => Disposition::GiveUp,
        }
    }
}

impl Store {
    /// Opens the local database at `path`, creating it and its folder when they are missing. Must be called
    /// within a tokio runtime.
    ///
    /// # Errors
    /// [`StoreError::Database`] when the folder or the file cannot be opened.
    pub async fn open_local(path: &Path) -> Result<Self, StoreError> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)
                .map_err(|error| DbError::Unavailable(format!("{}: {error}", folder.display())))?;
        }
        Ok(Self {
            db: Db::open_local(path).await?,
        })
    }

    /// Finishes accepted writes and closes the database.
    pub async fn close(self) {
        self.db.close().await;
    }
}
