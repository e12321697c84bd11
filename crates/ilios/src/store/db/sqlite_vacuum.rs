//! Gives the space of deleted rows in a local SQLite file back to the disk.
//!
//! SQLite keeps pages that are free for later. In a file with incremental auto-vacuum it can move the last pages into
//! the gaps, some at a time, and cut the file. A file that was made without it is written anew once.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use libsql::{Connection, Database};
use tokio::runtime::Handle;

use super::DbError;
use super::sqlite_tx::classify;

/// Bytes that may be free without being given back: what is deleted is mostly written again.
const MIN_FREE_BYTES: u64 = 1 << 20;
/// The largest file that is written anew at a start; what is larger takes too long.
const MAX_REWRITTEN: u64 = 256 << 20;
/// The mode `incremental` of `PRAGMA auto_vacuum`.
const INCREMENTAL_MODE: u64 = 2;

/// The space of a local database.
#[derive(Clone)]
pub(super) struct SqliteVacuum {
    pub(super) database: Arc<Database>,
    pub(super) path: PathBuf,
}

/// Ability of a database file to give its free space back to the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpaceMode {
    /// Its free space can be given back, perhaps from now on.
    Returnable,
    /// Its free space stays in it, for it is too large to be written anew at a start.
    TooLarge,
}

impl SqliteVacuum {
    /// The folder of the file.
    pub(super) fn folder(&self) -> PathBuf {
        let folder = self.path.parent().filter(|folder| *folder != Path::new(""));
        folder.unwrap_or(Path::new(".")).to_owned()
    }

    /// Gives up to `bytes` back to the disk; answers how many. The file itself is cut when its log is moved into it.
    pub(super) async fn vacuum(&self, bytes: u64) -> Result<u64, DbError> {
        self.on_a_connection(move |connection, runtime| {
            let pragma = |sql: &'static str| runtime.block_on(number(connection, sql));
            if pragma("PRAGMA auto_vacuum")? != INCREMENTAL_MODE {
                return Ok(0);
            }
            let page = pragma("PRAGMA page_size")?.max(1);
            let free = pragma("PRAGMA freelist_count")?;
            if free * page <= MIN_FREE_BYTES {
                return Ok(0);
            }
            let pages = (bytes / page).max(1);
            runtime.block_on(run(connection, &format!("PRAGMA incremental_vacuum({pages})")))?;
            Ok(free.saturating_sub(pragma("PRAGMA freelist_count")?) * page)
        })
        .await
    }

    /// Moves the log into the file and cuts both.
    pub(super) async fn truncate_wal(&self) -> Result<(), DbError> {
        self.on_a_connection(|connection, runtime| {
            runtime.block_on(run(connection, "PRAGMA wal_checkpoint(TRUNCATE)"))
        })
        .await
    }

    /// Makes the database able to give free space back. No other process may use the file.
    pub(super) async fn enable(&self) -> Result<SpaceMode, DbError> {
        let path = self.path.clone();
        self.on_a_connection(move |connection, runtime| {
            if runtime.block_on(number(connection, "PRAGMA auto_vacuum"))? == INCREMENTAL_MODE {
                return Ok(SpaceMode::Returnable);
            }
            let size = std::fs::metadata(&path).map_or(u64::MAX, |file| file.len());
            if size > MAX_REWRITTEN {
                return Ok(SpaceMode::TooLarge);
            }
            runtime.block_on(run(connection, "PRAGMA auto_vacuum = INCREMENTAL"))?;
            runtime.block_on(run(connection, "VACUUM"))?;
            Ok(SpaceMode::Returnable)
        })
        .await
    }

    /// Works on a connection of its own, off the runtime's threads: these statements are none of a transaction.
    async fn on_a_connection<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection, &Handle) -> Result<T, DbError> + Send + 'static,
    ) -> Result<T, DbError> {
        let (database, runtime) = (Arc::clone(&self.database), Handle::current());
        let path = self.path.clone();
        let done = tokio::task::spawn_blocking(move || {
            // SQLite would make a file that is missing.
            if std::fs::metadata(&path).map_or(0, |file| file.len()) == 0 {
                return Err(DbError::Unavailable("its file is gone".into()));
            }
            let connection = database.connect().map_err(classify)?;
            runtime.block_on(run(&connection, "PRAGMA busy_timeout = 5000"))?;
            work(&connection, &runtime)
        });
        done.await
            .unwrap_or_else(|error| Err(DbError::Unavailable(error.to_string())))
    }
}

/// Runs a statement to its end, whatever it answers.
async fn run(connection: &Connection, sql: &str) -> Result<(), DbError> {
    let mut rows = connection.query(sql, ()).await.map_err(classify)?;
    while rows.next().await.map_err(classify)?.is_some() {}
    Ok(())
}

async fn number(connection: &Connection, sql: &str) -> Result<u64, DbError> {
    let mut rows = connection.query(sql, ()).await.map_err(classify)?;
    match rows.next().await.map_err(classify)? {
        Some(row) => row.get::<u64>(0).map_err(classify),
        None => Ok(0),
    }
}
