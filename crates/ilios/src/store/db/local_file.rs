//! Operations on a local database file as a whole: opening it with its key, copying it while others work with it,
//! checking it, changing its key.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use libsql::{Builder, Cipher, Connection, Database, EncryptionConfig};
use tempfile::TempPath;
use tokio::runtime::Handle;

use super::DbError;
use crate::model::Secret;

/// Time for which a lock of the file is waited for.
const BUSY_TIMEOUT_PRAGMA: &str = "PRAGMA busy_timeout = 5000";

/// First bytes of an unencrypted SQLite file (<https://sqlite.org/fileformat.html>).
const MAGIC: &[u8] = b"SQLite format 3\0";
/// The largest page that SQLite knows, bytes.
const MAX_PAGE_BYTES: u64 = 65_536;

/// Opens the file, encrypted with `key` where there is one.
pub(super) async fn open(path: &Path, key: Option<&Secret>) -> Result<Database, DbError> {
    check_key(path, key).await?;
    build(path, key)
        .await
        .map_err(|error| unreadable(&error, path, key))
}

async fn build(path: &Path, key: Option<&Secret>) -> Result<Database, libsql::Error> {
    let mut builder = Builder::new_local(path);
    if let Some(key) = key {
        let bytes = bytes::Bytes::from(key.reveal().to_owned());
        builder = builder.encryption_config(EncryptionConfig::new(Cipher::Aes256Cbc, bytes));
    }
    builder.build().await
}

/// Refuses a wrong key before SQLite opens the file. A connection that closes as the last one moves the log, which a
/// killed process has left, into the file; it does so through its cipher, so with a wrong key it destroys both.
async fn check_key(path: &Path, key: Option<&Secret>) -> Result<(), DbError> {
    let begin = first_page(path).map_err(|error| failed(path, &error))?;
    match key {
        _ if begin.is_empty() => Ok(()),
        Some(key) if !begin.starts_with(MAGIC) => try_key(path, &begin, key).await,
        None if begin.starts_with(MAGIC) => Ok(()),
        key => Err(DbError::Unavailable(
            wrong_key(key, begin.starts_with(MAGIC)).to_owned(),
        )),
    }
}

/// Tries the key on a copy of the first page, which has no log beside it.
async fn try_key(path: &Path, page: &[u8], key: &Secret) -> Result<(), DbError> {
    let folder = tempfile::Builder::new()
        .prefix(".key-check-")
        .tempdir_in(folder_of(path));
    let folder = folder.map_err(|error| failed(path, &error))?;
    let copy = folder.path().join("page");
    std::fs::write(&copy, page).map_err(|error| failed(&copy, &error))?;
    let read = async {
        let connection = build(&copy, Some(key)).await?.connect()?;
        connection
            .execute_batch("SELECT COUNT(*) FROM sqlite_master")
            .await
    };
    match read.await {
        Err(error) if is_no_database(&error) => Err(unreadable(&error, path, Some(key))),
        // The other pages are missing: an error that says so has read the first.
        _ => Ok(()),
    }
}

/// The beginning of the file, at least its first page; nothing for a file that is not there yet.
fn first_page(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut page = Vec::new();
    match File::open(path) {
        Ok(file) => file.take(MAX_PAGE_BYTES).read_to_end(&mut page).map(|_| page),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(page),
        Err(error) => Err(error),
    }
}

fn is_no_database(error: &libsql::Error) -> bool {
    const NOT_A_DATABASE: i32 = 26;
    matches!(error, libsql::Error::SqliteFailure(code, _) if code & 0xff == NOT_A_DATABASE)
}

/// Converts an error of the first access to a file: if the file cannot be read as a database, the message tells the
/// operator what may be wrong with the key.
pub(in crate::store) fn unreadable(error: &libsql::Error, path: &Path, key: Option<&Secret>) -> DbError {
    if !is_no_database(error) {
        return DbError::Unavailable(error.to_string());
    }
    DbError::Unavailable(wrong_key(key, is_plain(path)).to_owned())
}

/// Returns true if the file begins as unencrypted SQLite files do.
pub(in crate::store) fn is_plain(path: &Path) -> bool {
    first_page(path).is_ok_and(|page| page.starts_with(MAGIC))
}

fn wrong_key(key: Option<&Secret>, is_plain: bool) -> &'static str {
    match (key, is_plain) {
        (Some(_), true) => {
            "it is not encrypted, but DB_ENCRYPTION_KEY is set: unset it, or encrypt the file with `ilios db encrypt`"
        }
        (Some(_), false) => {
            "DB_ENCRYPTION_KEY is not the key that it is encrypted with, or it is not a database"
        }
        (None, _) => "it is not a database, or it is encrypted: then set DB_ENCRYPTION_KEY",
    }
}

/// Copies the database at `path` to the new file `target`, as it is at one moment; servers go on writing.
/// The copy has the same key. With `replace` it takes the place of a file that is there, but never of the database.
///
/// # Errors
/// [`DbError::Unavailable`] when either file cannot be used, or the copy does not check out.
pub async fn copy(path: PathBuf, key: Option<Secret>, target: PathBuf, replace: bool) -> Result<(), DbError> {
    apart(move |runtime| {
        for part in own_files(&path) {
            if is_same(&part, &target) {
                return Err(failed(&target, &"it is the database itself"));
            }
        }
        if target.is_dir() {
            return Err(failed(&target, &"it is a folder"));
        }
        let is_there = || failed(&target, &"it is there already; --force replaces it");
        if !replace && target.symlink_metadata().is_ok() {
            return Err(is_there());
        }
        let part = Part::with_suffix(&target)?;
        let source = Plain::open(runtime, &path, key.as_ref())?;
        source.vacuum_into(part.path())?;
        drop(source);
        Plain::open(runtime, part.path(), key.as_ref())?.check()?;
        match part.settle(&target, replace) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(is_there()),
            settled => settled.map_err(|error| failed(&target, &error)),
        }
    })
    .await
}

/// Looks through the whole file; answers the number of rows a table.
///
/// # Errors
/// [`DbError::Unavailable`] with what is wrong with it.
pub async fn check(path: PathBuf, key: Option<Secret>) -> Result<Vec<(String, i64)>, DbError> {
    apart(move |runtime| {
        let file = Plain::open(runtime, &path, key.as_ref())?;
        file.check()?;
        file.counts()
    })
    .await
}

/// Writes the file anew without gaps, such that it gives the space of what is deleted from now on back. No other
/// process may use it.
///
/// # Errors
/// [`DbError::Unavailable`]; the file is then as before.
pub async fn compact(path: PathBuf, key: Option<Secret>) -> Result<(), DbError> {
    apart(move |runtime| {
        let file = Plain::open(runtime, &path, key.as_ref())?;
        file.run("PRAGMA auto_vacuum = INCREMENTAL")?;
        file.run("VACUUM")
    })
    .await
}

/// Encrypts the file with `new` instead of `old`; without `new` it is plain afterwards. No other process may use it. A
/// copy is changed and takes the file's place in one step.
///
/// # Errors
/// [`DbError::Unavailable`]; the file is then as before.
pub async fn change_key(path: PathBuf, old: Option<Secret>, new: Option<Secret>) -> Result<(), DbError> {
    apart(move |runtime| {
        let part = Part::with_suffix(&path)?;
        part.share_as(&path).map_err(|error| failed(&path, &error))?;
        let source = Plain::open(runtime, &path, old.as_ref())?;
        // Ends the log beside the file: the next database of this name must not find it.
        source.run("PRAGMA journal_mode = DELETE")?;
        source.vacuum_into(part.path())?;
        drop(source);
        let copy = Plain::open(runtime, part.path(), old.as_ref())?;
        let key = new.as_ref().map_or("", Secret::reveal).replace('\'', "''");
        copy.run(&format!("PRAGMA rekey = '{key}'"))?;
        drop(copy);
        Plain::open(runtime, part.path(), new.as_ref())?.check()?;
        part.settle(&path, true).map_err(|error| failed(&path, &error))
    })
    .await
}

/// One connection, used on a thread of its own.
struct Plain<'a> {
    runtime: &'a Handle,
    path: &'a Path,
    key: Option<&'a Secret>,
    connection: Connection,
}

impl<'a> Plain<'a> {
    fn open(runtime: &'a Handle, path: &'a Path, key: Option<&'a Secret>) -> Result<Self, DbError> {
        let database = runtime.block_on(open(path, key))?;
        let connection = database
            .connect()
            .map_err(|error| unreadable(&error, path, key))?;
        let plain = Self {
            runtime,
            path,
            key,
            connection,
        };
        plain.run(BUSY_TIMEOUT_PRAGMA)?;
        plain.run("SELECT COUNT(*) FROM sqlite_master")?;
        Ok(plain)
    }

    fn run(&self, sql: &str) -> Result<(), DbError> {
        let ran = self.runtime.block_on(self.connection.execute_batch(sql));
        ran.map(drop)
            .map_err(|error| unreadable(&error, self.path, self.key))
    }

    fn vacuum_into(&self, target: &Path) -> Result<(), DbError> {
        let target = target
            .to_str()
            .ok_or_else(|| failed(target, &"the name is no text"))?;
        let copied = self
            .runtime
            .block_on(self.connection.execute("VACUUM INTO ?1", [target]));
        copied
            .map(drop)
            .map_err(|error| unreadable(&error, self.path, self.key))
    }

    /// The first column of each row, as text.
    fn texts(&self, sql: &str) -> Result<Vec<String>, DbError> {
        let rows = self.runtime.block_on(async {
            let mut rows = self.connection.query(sql, ()).await?;
            let mut found = Vec::new();
            while let Some(row) = rows.next().await? {
                found.push(match row.get_value(0)? {
                    libsql::Value::Text(text) => text,
                    libsql::Value::Integer(number) => number.to_string(),
                    _ => String::new(),
                });
            }
            Ok(found)
        });
        rows.map_err(|error: libsql::Error| unreadable(&error, self.path, self.key))
    }

    fn check(&self) -> Result<(), DbError> {
        let damage = self.texts("PRAGMA integrity_check(10)")?;
        if damage != ["ok"] {
            return Err(failed(
                self.path,
                &format!("it is damaged: {}", damage.join("; ")),
            ));
        }
        match self.texts("PRAGMA foreign_key_check")?.first() {
            None => Ok(()),
            Some(table) => Err(failed(self.path, &format!("a row of `{table}` belongs to none"))),
        }
    }

    fn counts(&self) -> Result<Vec<(String, i64)>, DbError> {
        let tables = self.texts("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")?;
        let mut counts = Vec::with_capacity(tables.len());
        for table in tables {
            let count = self.texts(&format!("SELECT COUNT(*) FROM \"{table}\""))?;
            let count = count.first().and_then(|count| count.parse().ok());
            counts.push((table, count.unwrap_or_default()));
        }
        Ok(counts)
    }
}

/// libSQL works on the calling thread, which therefore is none of the runtime's.
async fn apart<T: Send + 'static>(
    work: impl FnOnce(&Handle) -> Result<T, DbError> + Send + 'static,
) -> Result<T, DbError> {
    let runtime = Handle::current();
    let done = tokio::task::spawn_blocking(move || work(&runtime)).await;
    done.unwrap_or_else(|error| Err(DbError::Unavailable(error.to_string())))
}

/// The files that a database is made of.
fn own_files(path: &Path) -> [PathBuf; 4] {
    ["", "-wal", "-shm", "-journal"].map(|ending| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        name.into()
    })
}

/// Returns true if both paths lead to the same existing file, also by symbolic or hard links.
fn is_same(one: &Path, other: &Path) -> bool {
    match (std::fs::canonicalize(one), std::fs::canonicalize(other)) {
        (Ok(real), Ok(other_real)) if real == other_real => true,
        (Ok(_), Ok(_)) => is_linked(one, other),
        _ => false,
    }
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

#[cfg(unix)]
fn is_linked(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let file = |path| std::fs::metadata(path).map(|file| (file.dev(), file.ino()));
    matches!((file(one), file(other)), (Ok(one), Ok(other)) if one == other)
}

#[cfg(not(unix))]
fn is_linked(_one: &Path, _other: &Path) -> bool {
    false
}

/// Temporary file that takes the place of a database once it is complete. Removed if it does not get that far.
struct Part(TempPath);

impl Part {
    /// An empty file beside `path` that only its owner may read, under an unused name; in place of what a killed
    /// process has left.
    fn with_suffix(path: &Path) -> Result<Self, DbError> {
        let mut name = std::ffi::OsString::from(".");
        name.push(path.file_name().unwrap_or_default());
        name.push(".ilios-part");
        let part = path.with_file_name(name);
        match std::fs::remove_file(&part) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(&part, &error)),
            _ => {}
        }
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let made = options
            .open(&part)
            .and_then(|_| TempPath::try_from_path(part.clone()));
        made.map(Self).map_err(|error| failed(&part, &error))
    }

    fn path(&self) -> &Path {
        &self.0
    }

    /// Lets those read and write it who may with `path`.
    fn share_as(&self, path: &Path) -> io::Result<()> {
        let permissions = std::fs::metadata(path)?.permissions();
        std::fs::set_permissions(&self.0, permissions)
    }

    /// Gives it its name, durably.
    fn settle(self, target: &Path, replace: bool) -> io::Result<()> {
        let folder = folder_of(target);
        File::open(&self.0)?.sync_all()?;
        if replace {
            self.0.persist(target)?;
        } else {
            self.0.persist_noclobber(target)?;
        }
        File::open(folder)?.sync_all()
    }
}

fn failed(path: &Path, why: &dyn std::fmt::Display) -> DbError {
    DbError::Unavailable(format!("{}: {why}", path.display()))
}
