//! Database of documents, batches, jobs and usage: each method is one atomic transition, with its SQL beside it. No
//! transaction leaks out.

mod audit;
mod batches;
mod cancel;
mod claim;
mod conversion_parts;
pub mod db;
mod delete;
mod document_counts;
mod document_models;
mod documents;
mod fence;
mod files;
mod find_documents;
mod finish;
mod idempotency;
mod images;
mod keys;
mod leases;
mod lists;
mod migrate;
mod nodes;
mod objects;
mod ocr_jobs;
mod ping;
mod provider_batches;
mod provider_lines;
mod queue_groups;
mod queue_state;
mod reconcile;
mod reconvert;
mod retention;
mod retry;
mod settings;
mod submit;
mod tenant_rotation;
mod transfer;
mod transitions;
mod uploads;
mod usage;
mod usage_of_all;
pub mod v2;
mod vacuum;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use db::{Db, DbError, Tx};
use futures::future::BoxFuture;
use tokio::sync::watch;

use crate::model::{Clock, Secret};
use tenant_rotation::TenantRotation;

pub use cancel::Cancelled;
pub use db::{DatabaseFault, Durability, PostgresSettings, ReplicaSettings, SpaceMode, is_copy};
pub use delete::Deleted;
pub use document_counts::DocumentCounts;
pub use documents::StoredDocument;
pub use files::FileLimits;
pub use finish::{JobOutcome, NextClaim, Settled};
pub use idempotency::{IdempotencyKey, StoredRequest};
pub use keys::{KeyFilter, KeyLookup, KeyRefusal, NewApiKey, Rotation, TenantChoice};
pub use lists::{BatchFilter, Cursor, DocumentFilter, ListPage, TimeRange};
pub use migrate::{Migrated, SCHEMA_VERSION};
pub use nodes::{Node, SeenNode};
pub use objects::OpenUpload;
pub use ocr_jobs::NewOcrJob;
pub use provider_batches::ProviderUpdate;
pub use queue_groups::QueueGroup;
pub use queue_state::QueueState;
pub use reconcile::UsageDay;
pub use reconvert::Reconverted;
pub use retention::DueDocument;
pub use retry::Retried;
pub use submit::{CompletedDocument, NewBatch, NewDocument, NewProviderBatch};
pub use transfer::Table;
pub use transitions::{CompletedJob, DocumentOutcome, DocumentOutcome as LineOutcome};
pub use uploads::{AwaitedUpload, UploadCompleted};
pub use usage::{UsageGroup, UsageTotals};
pub use usage_of_all::UsageKey;

/// The database of documents and usage records.
#[derive(Clone)]
pub struct Store {
    db: Db,
    rotation: Arc<TenantRotation>,
}

/// Settings of a database.
#[derive(Clone)]
pub struct StoreSettings {
    /// The database's time, where it has no clock of its own.
    pub clock: Arc<dyn Clock>,
    /// Durability of a commit.
    pub durability: Durability,
}

/// Reason an operation of the store failed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The database failed.
    #[error(transparent)]
    Database(DbError),
    /// Another transaction was first: nothing was written.
    #[error("somebody else was first")]
    Conflict,
    /// A result is larger than the database takes: nothing was written.
    #[error("the result is larger than the database takes")]
    TooLarge,
    /// The database is one of version 2.1.
    #[error(
        "it is a database of Ilios 2.1, which this version does not touch: name another one and bring everything over \
         with `ilios db import-v2`, as docs/migrating-from-2.md says"
    )]
    OfVersion2,
    /// The database was written by a newer version of the program.
    #[error("the database has schema version {found}, this program knows up to {known}; install a newer one")]
    NewerSchema {
        /// Version in the database.
        found: i64,
        /// Newest version known here.
        known: i64,
    },
}

/// Action of the caller after a failed operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disposition {
    /// Try again later.
    Retry,
    /// Stop trying.
    GiveUp,
}

impl From<DbError> for StoreError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Conflict => Self::Conflict,
            DbError::TooLarge(_) => Self::TooLarge,
            error => Self::Database(error),
        }
    }
}

impl StoreError {
    /// Action of the caller.
    #[must_use]
    pub fn disposition(&self) -> Disposition {
        match self {
            Self::Database(DbError::Unavailable(_) | DbError::Full(_)) | Self::Conflict => Disposition::Retry,
            Self::Database(_) | Self::TooLarge | Self::OfVersion2 | Self::NewerSchema { .. } => {
                Disposition::GiveUp
            }
        }
    }
}

impl Store {
    /// Opens the local database at `path`, creating it and its folder when they are missing. Must be called
    /// within a tokio runtime.
    ///
    /// # Errors
    /// [`StoreError::Database`] when the folder or the file cannot be opened.
    pub async fn open_local(path: &Path, settings: &StoreSettings) -> Result<Self, StoreError> {
        Self::open_encrypted(path, None, settings).await
    }

    /// As [`Self::open_local`], of a file that is encrypted with `key` where there is one.
    ///
    /// # Errors
    /// [`StoreError::Database`], also when the file has another key.
    pub async fn open_encrypted(
        path: &Path,
        key: Option<&Secret>,
        settings: &StoreSettings,
    ) -> Result<Self, StoreError> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)
                .map_err(|error| DbError::Unavailable(format!("{}: {error}", folder.display())))?;
        }
        Ok(Self {
            db: Db::open_local(path, key, &settings.clock, settings.durability).await?,
            rotation: Arc::default(),
        })
    }

    /// Connects to a PostgreSQL database, which any number of processes share. Must be called within a tokio
    /// runtime.
    ///
    /// # Errors
    /// [`StoreError::Database`] when it cannot be reached or refuses the login.
    pub async fn open_postgres(settings: &PostgresSettings) -> Result<Self, StoreError> {
        Ok(Self {
            db: Db::open_postgres(settings).await?,
            rotation: Arc::default(),
        })
    }

    /// Opens the local copy of a libSQL primary, which any number of processes share, each with a copy of its own. Must
    /// be called within a tokio runtime.
    ///
    /// # Errors
    /// [`StoreError::Database`] when the primary cannot be reached and there is no copy of it yet, when it refuses
    /// the login, or when another process has the copy.
    pub async fn open_replica(settings: &ReplicaSettings) -> Result<Self, StoreError> {
        Ok(Self {
            db: Db::open_replica(settings).await?,
            rotation: Arc::default(),
        })
    }

    /// Fetches what other processes have written, unless that was done within the last `recent`. Answers whether a
    /// second look may find something new; `false` where every look does.
    ///
    /// # Errors
    /// [`StoreError::Database`] when it cannot be fetched.
    pub async fn catch_up(&self, recent: Duration) -> Result<bool, StoreError> {
        Ok(self.db.catch_up(recent).await?)
    }

    /// Reason nothing can be written although reads work; `None` when all is well.
    pub async fn degraded(&self) -> Option<String> {
        self.db.degraded().await
    }

    /// Age of the local replica; `None` where there is none, or nothing in it yet.
    #[must_use]
    pub fn copy_age(&self) -> Option<Duration> {
        self.db.copy_age()
    }

    /// Changes when another process may have queued a job; `None` where no other shares the database.
    #[must_use]
    pub fn job_notifications(&self) -> Option<watch::Receiver<u64>> {
        self.db.job_notifications()
    }

    /// As [`Db::write`].
    async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, DbError>> + Clone + Send + 'static,
    {
        Ok(self.db.write(work).await?)
    }

    /// Finishes accepted writes and closes the database.
    pub async fn close(self) {
        self.db.close().await;
    }
}
