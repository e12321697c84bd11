use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use libsql::{Builder, Cipher, Connection, EncryptionConfig, OpenFlags};
use tempfile::TempDir;
use tokio::runtime::Handle;

use super::{OldTable, tells_old};
use crate::model::Secret;
use crate::store::db::{DbError, local_file};

/// Prefix of the names of the folders that hold copies.
const COPY_PREFIX: &str = "import-v2-";
/// Suffixes of the files that SQLite keeps beside a database while it is open, and after a crash.
const LOG_SUFFIXES: [&str; 2] = ["-wal", "-journal"];

/// A database of version 2.1, to be read.
pub struct OldDatabase {
    pub(super) connection: Connection,
    pub(super) columns: HashMap<String, Vec<String>>,
    file: PathBuf,
    /// The file and its logs when they were opened.
    state: Vec<State>,
    /// The copy that is read, where there are logs; gone when this is dropped.
    _copy: Option<TempDir>,
}

/// Length and time of the last change; `None` for a file that is not there.
type State = Option<(u64, SystemTime)>;

/// Returns true if `file` is a database of version 2.1, plain or encrypted with `key`; false also if it cannot be
/// opened. If its log has to be read, file and log are copied to `scratch`.
pub async fn is_old(file: &Path, key: Option<&Secret>, scratch: &Path) -> bool {
    if std::fs::metadata(file).is_err() {
        return false;
    }
    // The tables of a file that was used for a while are in the file itself.
    let found = match Reader::in_place(file, key).await {
        Ok(reader) => reader.columns().await.unwrap_or_default(),
        Err(_) => HashMap::new(),
    };
    if !found.is_empty() || logs(file).is_empty() {
        return is_old_of(&found);
    }
    let copied = OldDatabase::open(file, key, scratch).await;
    copied.is_ok_and(|old| is_old_of(&old.columns))
}

fn is_old_of(columns: &HashMap<String, Vec<String>>) -> bool {
    tells_old(
        columns
            .iter()
            .map(|(name, columns)| (name.as_str(), columns.as_slice())),
    )
}

impl OldDatabase {
    /// Opens `file`, plain or encrypted with `key`, without changing it or leaving anything beside it. Where there
    /// is a log, a copy in `scratch` is read.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] when it is missing, is no database, has another key or is being written.
    pub async fn open(file: &Path, key: Option<&Secret>, scratch: &Path) -> Result<Self, DbError> {
        std::fs::metadata(file).map_err(|error| failed(file, &error))?;
        let state = state(file);
        let logs = logs(file);
        let (reader, copy) = if logs.is_empty() {
            (Reader::in_place(file, key).await?, None)
        } else {
            let copy = copied(file, &logs, scratch)?;
            if self::state(file) != state {
                return Err(busy(file));
            }
            let reader = Reader::of_copy(&copy.path().join("old.db"), key).await?;
            (reader, Some(copy))
        };
        let columns = reader
            .columns()
            .await
            .map_err(|error| unreadable(&error, file, key))?;
        Ok(Self {
            connection: reader.0,
            columns,
            file: file.to_owned(),
            state,
            _copy: copy,
        })
    }

    /// Returns true if it has the tables of version 2.1.
    #[must_use]
    pub fn is_old(&self) -> bool {
        is_old_of(&self.columns)
    }

    /// Refuses a file that was written since it was opened.
    ///
    /// # Errors
    /// [`DbError::Unavailable`].
    pub fn require_unchanged(&self) -> Result<(), DbError> {
        if state(&self.file) == self.state {
            Ok(())
        } else {
            Err(busy(&self.file))
        }
    }

    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    pub(super) fn has(&self, table: OldTable) -> bool {
        self.columns.contains_key(table.name())
    }
}

/// Deletes copies that imports which were killed have left in `scratch`.
pub fn sweep_copies(scratch: &Path) {
    let Ok(entries) = std::fs::read_dir(scratch) else {
        return;
    };
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with(COPY_PREFIX) {
            // What cannot be deleted now is tried at the next import.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

/// A connection that writes nothing.
struct Reader(Connection);

impl Reader {
    /// On the file itself. `immutable` has SQLite take no lock and make no file; the logs are not read.
    async fn in_place(file: &Path, key: Option<&Secret>) -> Result<Self, DbError> {
        let name = std::path::absolute(file).map_err(|error| failed(file, &error))?;
        let name = name
            .to_str()
            .ok_or_else(|| failed(file, &"the name is no text"))?;
        let name = name.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
        let uri = format!("file:{name}?immutable=1");
        Self::open(&uri, file, key, OpenFlags::SQLITE_OPEN_READ_ONLY).await
    }

    /// On a copy of the file with its logs, which SQLite may work into it.
    async fn of_copy(copy: &Path, key: Option<&Secret>) -> Result<Self, DbError> {
        let name = copy
            .to_str()
            .ok_or_else(|| failed(copy, &"the name is no text"))?;
        Self::open(name, copy, key, OpenFlags::SQLITE_OPEN_READ_WRITE).await
    }

    async fn open(name: &str, file: &Path, key: Option<&Secret>, flags: OpenFlags) -> Result<Self, DbError> {
        // A file in clear is read whatever key is set.
        let key = key.filter(|_| !local_file::is_plain(file)).cloned();
        let unreadable = |error: libsql::Error| unreadable(&error, file, key.as_ref());
        let mut builder = Builder::new_local(name).flags(flags);
        if let Some(key) = &key {
            let bytes = bytes::Bytes::from(key.reveal().to_owned());
            builder = builder.encryption_config(EncryptionConfig::new(Cipher::Aes256Cbc, bytes));
        }
        let database = builder.build().await.map_err(unreadable)?;
        let connection = database.connect().map_err(unreadable)?;
        Ok(Self(connection))
    }

    /// The columns of all tables.
    async fn columns(&self) -> Result<HashMap<String, Vec<String>>, libsql::Error> {
        let sql = "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
                   WHERE m.type = 'table' ORDER BY m.name, c.cid";
        let connection = self.0.clone();
        let mut columns: HashMap<String, Vec<String>> = HashMap::new();
        let found = apart(move |runtime| {
            runtime.block_on(async {
                let mut rows = connection.query(sql, ()).await?;
                let mut found = Vec::new();
                while let Some(row) = rows.next().await? {
                    found.push((row.get::<String>(0)?, row.get::<String>(1)?));
                }
                Ok(found)
            })
        });
        for (table, column) in found.await? {
            columns.entry(table).or_default().push(column);
        }
        Ok(columns)
    }
}

/// libSQL works on the calling thread, which therefore is none of the runtime's.
pub(super) async fn apart<T: Send + 'static>(
    work: impl FnOnce(&Handle) -> Result<T, libsql::Error> + Send + 'static,
) -> Result<T, libsql::Error> {
    let runtime = Handle::current();
    let done = tokio::task::spawn_blocking(move || work(&runtime)).await;
    done.unwrap_or_else(|error| Err(libsql::Error::ConnectionFailed(error.to_string())))
}

fn copied(file: &Path, logs: &[PathBuf], scratch: &Path) -> Result<TempDir, DbError> {
    let failed = |error: std::io::Error| failed(file, &error);
    std::fs::create_dir_all(scratch).map_err(failed)?;
    let folder = tempfile::Builder::new()
        .prefix(COPY_PREFIX)
        .tempdir_in(scratch)
        .map_err(failed)?;
    let target = folder.path().join("old.db");
    // The log first: what is worked into the file meanwhile shows in its state.
    for log in logs {
        let ending = log
            .to_string_lossy()
            .rsplit('-')
            .next()
            .map(|ending| format!("-{ending}"));
        std::fs::copy(log, with_suffix(&target, &ending.unwrap_or_default())).map_err(failed)?;
    }
    std::fs::copy(file, &target).map_err(failed)?;
    Ok(folder)
}

/// The logs beside a file that hold something.
fn logs(file: &Path) -> Vec<PathBuf> {
    let logs = LOG_SUFFIXES.iter().map(|ending| with_suffix(file, ending));
    logs.filter(|log| std::fs::metadata(log).is_ok_and(|log| log.len() > 0))
        .collect()
}

fn state(file: &Path) -> Vec<State> {
    let one = |path: &Path| {
        let metadata = std::fs::metadata(path).ok()?;
        Some((metadata.len(), metadata.modified().ok()?))
    };
    std::iter::once(one(file))
        .chain(LOG_SUFFIXES.iter().map(|ending| one(&with_suffix(file, ending))))
        .collect()
}

fn with_suffix(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

pub(super) fn unreadable(error: &libsql::Error, file: &Path, key: Option<&Secret>) -> DbError {
    match local_file::unreadable(error, file, key) {
        DbError::Unavailable(text) => failed(file, &text),
        error => error,
    }
}

fn busy(file: &Path) -> DbError {
    failed(
        file,
        &"it is being written: stop the server that uses it and import it again",
    )
}

fn failed(file: &Path, why: &dyn std::fmt::Display) -> DbError {
    DbError::Unavailable(format!("{}: {why}", file.display()))
}
