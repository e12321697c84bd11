//! The connections of a local database, and whether its files are still those that they work with.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;

use super::file_guard::{FileFault, FileGuard, Signature};
use super::sqlite_tx::SqliteTx;
use super::{DatabaseFault, DbError, FromValue, Row, Tx};
use crate::model::Clock;

/// A connection, which its thread has for the time of a transaction; `None` while there is none to have.
pub(super) type Slot = Arc<Mutex<Option<Tx>>>;

/// The largest file that is looked through before it is taken for the one that was there.
const MAX_CHECKED_BYTES: u64 = 1 << 30;

/// For how long a file must not change until it counts as restored: another process may be writing it.
const STABLE_TIME: Duration = Duration::from_millis(300);

/// Settings of new connections.
pub(super) struct Connecting {
    pub(super) database: Arc<libsql::Database>,
    pub(super) pragmas: String,
    pub(super) clock: Arc<dyn Clock>,
}

/// The files and all connections to them.
pub(super) struct SqliteFiles {
    path: PathBuf,
    connecting: Connecting,
    slots: Vec<Slot>,
    state: Mutex<State>,
    /// True from the start of a write transaction until it has the lock. Stays true after an attempt that did not get
    /// it, most likely because another process holds it.
    locked: AtomicBool,
}

struct State {
    guard: FileGuard,
    fault: Option<FileFault>,
    /// True if the last transaction could not be begun, for the file was found damaged.
    is_damaged: bool,
    /// A file in the place of ours, and when it was seen first in this state.
    seen: Option<(Signature, Instant)>,
    /// A file in the place of ours that is none of ours.
    refused: Option<Signature>,
}

impl SqliteFiles {
    /// The files of a database to which `slots` are connected.
    pub(super) fn new(path: &Path, connecting: Connecting, slots: Vec<Slot>) -> Result<Self, DbError> {
        let guard = FileGuard::new(path)
            .map_err(|error| DbError::Unavailable(format!("{}: {error}", path.display())))?;
        let state = State {
            guard,
            fault: None,
            is_damaged: false,
            seen: None,
            refused: None,
        };
        Ok(Self {
            path: path.to_owned(),
            connecting,
            slots,
            state: Mutex::new(state),
            locked: AtomicBool::new(false),
        })
    }

    /// Ensures that the next commit goes to a file that is there. Called by the writer between two transactions. A
    /// database that was restored meanwhile is opened.
    pub(super) fn ensure(&self, runtime: &Handle) -> Result<(), DbError> {
        let mut state = lock(&self.state);
        let found = match state.guard.verify() {
            Ok(()) => Ok(()),
            Err(fault) => self.repair(&mut state, runtime, fault),
        };
        if found.err() != state.fault {
            match found {
                Ok(()) => tracing::warn!("the database's file is there again"),
                Err(fault) => tracing::error!("nothing is written to the database: {fault}"),
            }
        }
        state.fault = found.err();
        found.map_err(|fault| DbError::Unavailable(fault.to_string()))
    }

    /// Sees to it that no part of the file is missing. Called by the writer once it has the lock.
    pub(super) fn ensure_whole(&self, runtime: &Handle, tx: &mut Tx) -> Result<(), DbError> {
        let pages: u64 = runtime.block_on(number(tx, "PRAGMA page_count"))?;
        let page: u64 = runtime.block_on(number(tx, "PRAGMA page_size"))?;
        if lock(&self.state).guard.has_all(pages * page) {
            return Ok(());
        }
        Err(DbError::Damaged("a part of its file is missing".into()))
    }

    /// Notes how the begin of a transaction has ended.
    pub(super) fn begun(&self, begun: &Result<(), DbError>) {
        self.waits_for_lock(matches!(begun, Err(DbError::Unavailable(_))));
        let mut state = lock(&self.state);
        let is_damaged = matches!(begun, Err(DbError::Damaged(_)));
        match begun {
            Err(error) if is_damaged && !state.is_damaged => {
                tracing::error!(%error, "nothing is written to the database");
            }
            Ok(()) if state.is_damaged => tracing::warn!("the database's file is whole again"),
            _ => {}
        }
        state.is_damaged = is_damaged;
    }

    /// Notes whether the writer waits for the lock.
    pub(super) fn waits_for_lock(&self, waits: bool) {
        self.locked.store(waits, Ordering::Relaxed);
    }

    /// Returns the reason the writer cannot work, as far as the files and the lock tell; `None` if there is none.
    pub(super) fn fault(&self) -> Option<DatabaseFault> {
        let state = lock(&self.state);
        let fault = state.fault.map(|fault| match fault {
            FileFault::Missing => DatabaseFault::Missing,
            FileFault::Replaced => DatabaseFault::Replaced,
            FileFault::Damaged => DatabaseFault::Damaged,
        });
        let damaged = state.is_damaged.then_some(DatabaseFault::Damaged);
        fault.or(damaged).or_else(|| {
            self.locked
                .load(Ordering::Relaxed)
                .then_some(DatabaseFault::Locked)
        })
    }

    /// Returns true if the file was found overwritten or cut when it was looked at last: what is read of it then may be
    /// anything, and a connection would remember it when the file is whole again.
    pub(super) fn is_damaged(&self) -> bool {
        let state = lock(&self.state);
        state.is_damaged || state.fault == Some(FileFault::Damaged)
    }

    fn repair(&self, state: &mut State, runtime: &Handle, fault: FileFault) -> Result<(), FileFault> {
        let same = state.guard.is_same_file();
        // The file of ours is not to be opened once more: see [`FileGuard`].
        let signature = if same { None } else { state.guard.signature() };
        if fault == FileFault::Damaged || !(same || state.is_restored(signature)) {
            return Err(fault);
        }
        match self.reopen(same, runtime) {
            Ok(()) if same => state.guard.forget_log(),
            Ok(()) => match FileGuard::new(&self.path) {
                Ok(guard) => state.guard = guard,
                Err(_) => return Err(fault),
            },
            Err(error) => {
                tracing::error!(%error, "the database's files have changed and cannot be opened");
                state.refused = signature;
                return Err(if same { fault } else { FileFault::Replaced });
            }
        }
        state.refused = None;
        tracing::warn!("opened the database's files anew, for they are others than before");
        state.guard.verify()
    }

    /// Exchanges all connections, each when its transaction has ended.
    ///
    /// Closing the last connection to a file moves the log into it and deletes the log *by its name*. That is right for
    /// the file that was opened, whose log alone has lost its name. Where another file is in its place, the log of this
    /// name is that file's: then the old connections are left open, as are their files, which nothing else can reach.
    fn reopen(&self, same: bool, runtime: &Handle) -> Result<(), DbError> {
        let mut held: Vec<MutexGuard<'_, Option<Tx>>> = self.slots.iter().map(|slot| lock(slot)).collect();
        let old = held.iter_mut().find_map(|slot| slot.as_mut());
        let version = old.and_then(|tx| runtime.block_on(schema_version(tx)).ok());
        if same {
            if let Some(tx) = held.iter_mut().find_map(|slot| slot.as_mut()) {
                runtime.block_on(move_log(tx))?;
            }
            for slot in &mut held {
                **slot = None;
            }
        }
        let mut fresh = Vec::with_capacity(held.len());
        for _ in &held {
            fresh.push(self.connect(runtime)?);
        }
        if let Some(tx) = fresh.first_mut().filter(|_| !same) {
            runtime.block_on(self.inspect(tx, version))?;
        }
        for (slot, tx) in held.iter_mut().zip(fresh) {
            if let Some(old) = slot.replace(tx) {
                std::mem::forget(old);
            }
        }
        Ok(())
    }

    fn connect(&self, runtime: &Handle) -> Result<Tx, DbError> {
        let Connecting {
            database,
            pragmas,
            clock,
        } = &self.connecting;
        let connected = runtime.block_on(SqliteTx::connect(database, pragmas, clock, Ok));
        connected.map(Tx::Sqlite).map_err(super::sqlite_tx::classify)
    }

    /// Checks that another file is this database, restored: it has the same schema version and, unless it is larger
    /// than `MAX_CHECKED_BYTES`, passes SQLite's quick check.
    async fn inspect(&self, tx: &mut Tx, version: Option<i64>) -> Result<(), DbError> {
        let found = schema_version(tx).await?;
        if version.is_some_and(|version| version != found) {
            return Err(DbError::Schema(format!("it has schema {found}")));
        }
        if std::fs::metadata(&self.path).is_ok_and(|file| file.len() <= MAX_CHECKED_BYTES) {
            let is_sound = |mut row: Row| Ok(row.take::<String>(0).is_ok_and(|said| said == "ok"));
            if tx.one("PRAGMA quick_check(1)", Vec::new(), is_sound).await? != Some(true) {
                return Err(DbError::Damaged("it does not fit its log".into()));
            }
        }
        Ok(())
    }
}

impl State {
    /// Returns true if the file in the place of ours may be opened: it has not changed for `STABLE_TIME`, and was not
    /// refused in this state before.
    fn is_restored(&mut self, signature: Option<Signature>) -> bool {
        let Some(signature) = signature else {
            self.seen = None;
            return false;
        };
        match self.seen {
            Some((seen, since)) if seen == signature => {
                since.elapsed() >= STABLE_TIME && self.refused != Some(signature)
            }
            _ => {
                self.seen = Some((signature, Instant::now()));
                false
            }
        }
    }
}

async fn schema_version(tx: &mut Tx) -> Result<i64, DbError> {
    number(tx, "SELECT COALESCE(MAX(version), 0) FROM schema_migrations").await
}

/// The first value of the first row.
async fn number<T: FromValue + Default>(tx: &mut Tx, sql: &'static str) -> Result<T, DbError> {
    let number = tx.one(sql, Vec::new(), |mut row| row.take(0)).await?;
    Ok(number.unwrap_or_default())
}

/// Moves all of the log into the file.
async fn move_log(tx: &mut Tx) -> Result<(), DbError> {
    let counts = |mut row: Row| Ok((row.take::<i64>(1), row.take::<i64>(2)));
    let sql = "PRAGMA wal_checkpoint(PASSIVE)";
    match tx.one(sql, Vec::new(), counts).await? {
        Some((Ok(pages), Ok(moved))) if pages == moved => Ok(()),
        _ => Err(DbError::Unavailable(
            "the log cannot be moved into the file".into(),
        )),
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
