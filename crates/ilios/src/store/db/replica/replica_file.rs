use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures::future::BoxFuture;
use libsql::{Builder, Cipher, Database, EncryptionConfig};

use super::super::sqlite::Readers;
use super::super::{DbError, Tx};
use super::ReplicaSettings;
use super::connector::Connector;
use super::primary_client::http;
use super::text_compression::unpack;
use crate::model::{Clock, Secret};

/// Suffix of the metadata file that libSQL keeps beside a replica; tells a replica from a database of its own.
const METADATA_SUFFIX: &str = "-client_wal_index";
/// Other files that belong to it.
const OTHER_SUFFIXES: [&str; 4] = ["-wal", "-shm", "-info", "-boot"];
/// Nothing is set on connections through which a primary is written: they would refuse it.
const PRAGMAS: &str = "PRAGMA busy_timeout = 5000; PRAGMA query_only = ON; PRAGMA temp_store = MEMORY;";

/// The files of a copy that are open.
#[derive(Clone)]
pub(super) struct ReplicaFile {
    readers: Readers,
    database: Arc<Database>,
}

/// Reason a replica cannot be opened.
pub(super) enum Unusable {
    /// It is damaged or has another key. It can be made anew.
    Damaged(String),
    /// It is no copy, so that it must not be made anew; or it cannot be made.
    Final(DbError),
}

impl ReplicaFile {
    pub(super) async fn open(settings: &ReplicaSettings, clock: &Arc<dyn Clock>) -> Result<Self, Unusable> {
        let file = &settings.file;
        prepare(file)?;
        let token = settings.token.as_ref().map_or("", Secret::reveal).to_owned();
        let mut builder = Builder::new_remote_replica(file, http(&settings.url), token)
            .connector(Connector::new().map_err(Unusable::Final)?)
            .read_your_writes(false);
        let mut reading = Builder::new_local(file);
        if let Some(key) = &settings.key {
            let key = Bytes::from(key.reveal().to_owned());
            let encryption = EncryptionConfig::new(Cipher::Aes256Cbc, key);
            builder = builder.encryption_config(encryption.clone());
            reading = reading.encryption_config(encryption);
        }
        let unusable = |error: libsql::Error| unusable(&error, file);
        let database = builder.build().await.map_err(unusable)?;
        let reading = reading.build().await.map_err(unusable)?;
        // The primary has all that the copy's log may keep.
        let (readers, _ended) = Readers::open(&reading, PRAGMAS, clock, unpack)
            .await
            .map_err(unusable)?;
        let local = Self {
            readers,
            database: Arc::new(database),
        };
        match local.tables().await {
            Ok(_) => Ok(local),
            Err(error) => {
                local.close().await;
                Err(match error {
                    DbError::Damaged(text) => Unusable::Damaged(text),
                    error => Unusable::Final(error),
                })
            }
        }
    }

    /// Number of tables; 0 before the first synchronization.
    pub(super) async fn tables(&self) -> Result<i64, DbError> {
        let count = "SELECT COUNT(*) FROM sqlite_master";
        let tables = self.read(move |tx| Box::pin(tx.one(count, Vec::new(), |mut row| row.take(0))));
        Ok(tables.await?.unwrap_or(0))
    }

    pub(super) async fn read<T, F>(&self, work: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, DbError>> + Send + 'static,
    {
        self.readers.read(work).await
    }

    /// Takes over what the primary has written since the last time; answers up to which frame.
    pub(super) async fn synchronize(&self) -> Result<u64, DbError> {
        let database = Arc::clone(&self.database);
        // It is not to be dropped in the middle, and a panic in it not to end more than it.
        let synchronized = tokio::spawn(async move { database.sync().await }).await;
        match synchronized {
            Ok(Ok(replicated)) => Ok(replicated.frame_no().unwrap_or_default()),
            Ok(Err(error)) if is_damage(&error) => Err(DbError::Damaged(error.to_string())),
            Ok(Err(error)) => Err(DbError::Unavailable(error.to_string())),
            Err(error) => Err(DbError::Damaged(format!("libSQL gave up: {error}"))),
        }
    }

    /// Ends what reads it.
    pub(super) async fn close(&self) {
        self.readers.close().await;
    }
}

/// Keeps other processes off a copy while it exists.
pub(super) fn lock(file: &Path) -> Result<File, DbError> {
    let failed = |error: &dyn std::fmt::Display| DbError::Unavailable(format!("{}: {error}", file.display()));
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(|error| failed(&error))?;
    }
    let mut options = File::options();
    let lock = options
        .create(true)
        .truncate(false)
        .write(true)
        .open(with_suffix(file, ".lock"));
    let lock = lock.map_err(|error| failed(&error))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(DbError::InUse(format!(
            "{}; give this one a DATA_DIR or LOCAL_DB_PATH of its own",
            file.display()
        ))),
        Err(TryLockError::Error(error)) => Err(failed(&error)),
    }
}

/// Ensures that libSQL finds a replica, or nothing.
fn prepare(file: &Path) -> Result<(), Unusable> {
    let failed = |error: std::io::Error| {
        let text = format!("{}: {error}", file.display());
        Unusable::Final(DbError::Unavailable(text))
    };
    let length = std::fs::metadata(file).map(|file| file.len()).ok();
    let is_copy = is_copy(file);
    match length {
        Some(length) if length > 0 && !is_copy => Err(Unusable::Final(DbError::Unavailable(format!(
            "{} is a database of its own and no copy of a primary; name another file in LOCAL_DB_PATH",
            file.display()
        )))),
        Some(_) if is_copy => Ok(()),
        // What is left of a copy is none.
        _ => remove(file).map_err(failed),
    }
}

/// Returns true if a file is a replica of a primary, or the rest of one.
#[must_use]
pub fn is_copy(file: &Path) -> bool {
    with_suffix(file, METADATA_SUFFIX).exists()
}

/// Deletes a copy with all that belongs to it.
pub(super) fn remove(file: &Path) -> std::io::Result<()> {
    let gone = |path: &Path| match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    };
    gone(file)?;
    // Last, as it says that the rest may be deleted.
    OTHER_SUFFIXES
        .iter()
        .chain([&METADATA_SUFFIX])
        .try_for_each(|ending| gone(&with_suffix(file, ending)))
}

fn with_suffix(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn unusable(error: &libsql::Error, file: &Path) -> Unusable {
    let text = error.to_string();
    if is_damage(error) {
        Unusable::Damaged(text)
    } else {
        Unusable::Final(DbError::Unavailable(format!("{}: {text}", file.display())))
    }
}

/// Returns true if an error says that the file is damaged or has another key. Errors of replication are text alone: in
/// libsql 0.10.0 that of SQLite.
fn is_damage(error: &libsql::Error) -> bool {
    const CORRUPT: i32 = 11;
    const NOT_A_DATABASE: i32 = 26;
    let text = error.to_string();
    matches!(error, libsql::Error::SqliteFailure(code, _) if matches!(code & 0xff, CORRUPT | NOT_A_DATABASE))
        || ["malformed", "not a database"]
            .iter()
            .any(|words| text.contains(words))
}

/// Returns true if a replica may have lost writes to a power cut: libSQL does not wait for the disk, so that after a
/// restart of the machine a copy cannot be trusted.
pub(super) fn written_before_reboot(file: &Path) -> bool {
    let written = std::fs::read_to_string(with_suffix(file, "-boot"));
    matches!((written, boot_id()), (Ok(written), Some(now)) if written != now)
}

/// Notes in which life of the machine the copy was made.
pub(super) fn record_boot_id(file: &Path) {
    let Some(boot_id) = boot_id() else {
        return;
    };
    if let Err(error) = std::fs::write(with_suffix(file, "-boot"), boot_id) {
        tracing::warn!(%error, "the replica cannot be marked as made in this life of the machine");
    }
}

fn boot_id() -> Option<String> {
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn run(file: &Path, sql: &str) -> Result<(), libsql::Error> {
        let database = Builder::new_local(file).build().await?;
        database.connect()?.execute_batch(sql).await.map(drop)
    }

    #[tokio::test]
    async fn damage_is_told_by_the_text_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let (garbage, torn) = (folder.path().join("garbage.db"), folder.path().join("torn.db"));
        std::fs::write(&garbage, [0x5a; 8192]).expect("a file");
        let table =
            "PRAGMA page_size = 4096; CREATE TABLE numbers (number BIGINT); INSERT INTO numbers VALUES (1)";
        run(&torn, table).await.expect("a database");
        let mut pages = std::fs::read(&torn).expect("the database");
        pages[4096..].fill(0x5a);
        std::fs::write(&torn, pages).expect("it is written");
        for file in [garbage, torn] {
            let error = run(&file, "SELECT * FROM numbers").await;
            let text = error.expect_err("it is damaged").to_string();
            assert!(
                is_damage(&libsql::Error::Replication(text.clone().into())),
                "{text}"
            );
        }
    }
}
