//! Local SQLite through libSQL: one writer thread that commits waiting transactions in groups, and a few
//! reader threads. libSQL works synchronously on the calling thread, which therefore is never one of
//! the runtime's.

use std::convert::Infallible;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use super::sqlite_files::{Connecting, Slot, SqliteFiles, lock};
use super::sqlite_tx::{SqliteTx, Unpack};
use super::sqlite_vacuum::SqliteVacuum;
use super::{DatabaseFault, DbError, Durability, Tx, local_file};
use crate::crash_point;
use crate::disk::{self, DiskFault};
use crate::model::{Clock, Secret};

/// Transactions that one commit may make durable together.
const MAX_GROUP_COMMIT: usize = 256;
/// Transactions that may wait for a thread; more wait in their callers.
const MAX_QUEUED: usize = 1_024;
const READER_THREADS: usize = 2;
/// Timeout of the empty transaction that [`Sqlite::check`] sends through the writer.
const CHECK_TIMEOUT: Duration = Duration::from_millis(1_500);

/// Said to a new file, before it has a first page: it gives the space of deleted rows back (see [`SqliteVacuum`]).
const NEW_FILE: &str = "PRAGMA auto_vacuum = INCREMENTAL;";
/// A checkpoint every 16 MB keeps the cost of moving the log into the file low while bounding the log.
const PRAGMAS: &str = "PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON;
    PRAGMA wal_autocheckpoint = 4000; PRAGMA temp_store = MEMORY;";

/// Table, column and place in the primary key (0 for none) of all columns but those of a replica's own table.
pub(super) const TABLE_COLUMNS: &str = "SELECT m.name, c.name, c.pk
    FROM sqlite_master m JOIN pragma_table_info(m.name) c
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'commit_marks'
    ORDER BY m.name, c.cid";

/// Tells a caller how its transaction ended, once the outcome of the commit is known.
type Reply = Box<dyn FnOnce(Result<(), DbError>) + Send>;
/// Runs inside an open transaction; answers whether it succeeded.
type Task = Box<dyn FnOnce(&mut Tx) -> (bool, Reply) + Send>;

/// A local SQLite file.
#[derive(Clone)]
pub struct Sqlite {
    writer: async_channel::Sender<Task>,
    readers: Readers,
    threads: Threads,
    pub(super) space: SqliteVacuum,
    files: Arc<SqliteFiles>,
}

type Threads = Arc<Mutex<Vec<JoinHandle<()>>>>;

/// Threads that read a SQLite file, each transaction one snapshot.
#[derive(Clone)]
pub(super) struct Readers {
    tasks: async_channel::Sender<Task>,
    threads: Threads,
    slots: Vec<Slot>,
}

/// Tells when all readers have closed their connections.
///
/// SQLite moves the log into the file when the last connection closes. Two that close at the same moment each see
/// the other as still open, and the log stays behind. So the writer closes its connection after all others.
pub(super) struct ReadersEnded(async_channel::Receiver<Infallible>);

impl Sqlite {
    pub(super) async fn open(
        path: &Path,
        key: Option<&Secret>,
        clock: &Arc<dyn Clock>,
        durability: Durability,
    ) -> Result<Self, DbError> {
        let is_new = std::fs::metadata(path).map_or(0, |file| file.len()) == 0;
        let database = local_file::open(path, key).await?;
        let unreadable = |error| local_file::unreadable(&error, path, key);
        let (writer, writes) = async_channel::bounded(MAX_QUEUED);
        let pragmas = pragmas(durability);
        let first = if is_new { NEW_FILE } else { "" };
        let tx = SqliteTx::connect(&database, &format!("{first}{pragmas}"), clock, Ok)
            .await
            .map_err(unreadable)?;
        let (readers, readers_ended) = Readers::open(&database, &pragmas, clock, Ok)
            .await
            .map_err(unreadable)?;
        let database = Arc::new(database);
        let slot = Arc::new(Mutex::new(Some(Tx::Sqlite(tx))));
        let connecting = Connecting {
            database: Arc::clone(&database),
            pragmas,
            clock: Arc::clone(clock),
        };
        let slots = std::iter::once(&slot).chain(&readers.slots).map(Arc::clone);
        let files = Arc::new(SqliteFiles::new(path, connecting, slots.collect())?);
        let (runtime, of_writer) = (Handle::current(), Arc::clone(&files));
        let thread = spawn("db-writer", move || {
            write_groups(&runtime, &of_writer, &slot, &writes);
            readers_ended.wait();
            close_connection(&slot);
        })?;
        Ok(Self {
            writer,
            readers,
            threads: Arc::new(Mutex::new(vec![thread])),
            space: SqliteVacuum {
                database,
                path: path.to_owned(),
            },
            files,
        })
    }

    pub(super) async fn write<T, F>(&self, work: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, DbError>> + Send + 'static,
    {
        send(&self.writer, work).await
    }

    pub(super) async fn read<T, F>(&self, work: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, DbError>> + Send + 'static,
    {
        if self.files.is_damaged() {
            return Err(DbError::Unavailable("its file was overwritten or cut".into()));
        }
        self.readers.read(work).await
    }

    /// Checks that the database can be written now: commits an empty transaction, then writes to the folder of the
    /// file.
    pub(super) async fn check(&self) -> Result<(), DatabaseFault> {
        let nothing = self.write(|_| Box::pin(std::future::ready(Ok(()))));
        match tokio::time::timeout(CHECK_TIMEOUT, nothing).await {
            Ok(Ok(())) => {}
            Ok(Err(DbError::Damaged(_))) => return Err(DatabaseFault::Damaged),
            Ok(Err(_)) => return Err(self.files.fault().unwrap_or(DatabaseFault::Unavailable)),
            Err(_) => return Err(self.files.fault().unwrap_or(DatabaseFault::Silent)),
        }
        let folder = self.space.folder();
        let tried = tokio::task::spawn_blocking(move || disk::try_out(&folder)).await;
        match tried {
            Ok(Ok(())) => Ok(()),
            Ok(Err(DiskFault::Full)) => Err(DatabaseFault::DiskFull),
            Ok(Err(DiskFault::Io(_))) | Err(_) => Err(DatabaseFault::Unavailable),
        }
    }

    /// Ends its threads; transactions that wait for the writer are committed first.
    pub(super) async fn close(self) {
        self.readers.close().await;
        self.writer.close();
        join(&self.threads).await;
    }
}

impl Readers {
    /// Starts them with connections to `database` on which `pragmas` are run first. `unpack` is applied to each value.
    pub(super) async fn open(
        database: &libsql::Database,
        pragmas: &str,
        clock: &Arc<dyn Clock>,
        unpack: Unpack,
    ) -> Result<(Self, ReadersEnded), libsql::Error> {
        let (sender, tasks) = async_channel::bounded(MAX_QUEUED);
        let (open, ended) = async_channel::bounded(1);
        let (mut threads, mut slots) = (
            Vec::with_capacity(READER_THREADS),
            Vec::with_capacity(READER_THREADS),
        );
        for _ in 0..READER_THREADS {
            let tx = SqliteTx::connect(database, pragmas, clock, unpack).await?;
            let slot = Arc::new(Mutex::new(Some(Tx::Sqlite(tx))));
            slots.push(Arc::clone(&slot));
            let (runtime, tasks, open) = (Handle::current(), tasks.clone(), open.clone());
            let thread = spawn("db-reader", move || {
                read_each(&runtime, &slot, &tasks);
                close_connection(&slot);
                drop(open);
            });
            threads.push(thread.map_err(|error| libsql::Error::ConnectionFailed(error.to_string()))?);
        }
        let readers = Self {
            tasks: sender,
            threads: Arc::new(Mutex::new(threads)),
            slots,
        };
        Ok((readers, ReadersEnded(ended)))
    }

    pub(super) async fn read<T, F>(&self, work: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, DbError>> + Send + 'static,
    {
        send(&self.tasks, work).await
    }

    /// Ends them once what was begun is read.
    pub(super) async fn close(&self) {
        self.tasks.close();
        join(&self.threads).await;
    }
}

impl ReadersEnded {
    fn wait(&self) {
        // Nothing is ever sent: an error says that the last sender, and with it the last reader, is gone.
        let _ = self.0.recv_blocking();
    }
}

async fn join(threads: &Threads) {
    let threads = std::mem::take(&mut *threads.lock().unwrap_or_else(PoisonError::into_inner));
    let joined = tokio::task::spawn_blocking(move || threads.into_iter().try_for_each(JoinHandle::join));
    if !matches!(joined.await, Ok(Ok(()))) {
        tracing::error!("a database thread ended by a panic");
    }
}

fn pragmas(durability: Durability) -> String {
    let synchronous = match durability {
        Durability::PowerCut => "FULL",
        Durability::Crash => "NORMAL",
    };
    format!("{PRAGMAS} PRAGMA synchronous = {synchronous};")
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, DbError> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(work)
        .map_err(|error| DbError::Unavailable(error.to_string()))
}

async fn send<T, F>(threads: &async_channel::Sender<Task>, work: F) -> Result<T, DbError>
where
    T: Send + 'static,
    F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, DbError>> + Send + 'static,
{
    let closed = || DbError::Unavailable("the transaction was given up, or it is shutting down".into());
    let (sender, receiver) = oneshot::channel();
    let runtime = Handle::current();
    let task: Task = Box::new(move |tx| {
        let outcome = runtime.block_on(work(tx));
        let succeeded = outcome.is_ok();
        let reply: Reply = Box::new(move |committed| {
            // The caller may have gone away; its transaction stands all the same.
            drop(sender.send(committed.and(outcome)));
        });
        (succeeded, reply)
    });
    threads.send(task).await.map_err(|_| closed())?;
    receiver.await.map_err(|_| closed())?
}

/// Commits whatever waits as one group, so that many callers share the price of one durable commit. Each
/// stays atomic by a savepoint of its own.
fn write_groups(runtime: &Handle, files: &SqliteFiles, slot: &Slot, tasks: &async_channel::Receiver<Task>) {
    while let Ok(first) = tasks.recv_blocking() {
        let group: Vec<Task> = std::iter::once(first)
            .chain(std::iter::from_fn(|| tasks.try_recv().ok()))
            .take(MAX_GROUP_COMMIT)
            .collect();
        let mut replies = Vec::with_capacity(group.len());
        // Waiting tasks are dropped where the files are not there, which their senders notice.
        let outcome = files.ensure(runtime).and_then(|()| match lock(slot).as_mut() {
            Some(tx) => run_group(runtime, files, tx, group, &mut replies),
            None => Err(DbError::Unavailable("it is not open".into())),
        });
        for reply in replies {
            reply(outcome.clone());
        }
    }
}

/// Runs a group and commits it. A task that is dropped unrun tells its caller that the database is gone.
fn run_group(
    runtime: &Handle,
    files: &SqliteFiles,
    tx: &mut Tx,
    group: Vec<Task>,
    replies: &mut Vec<Reply>,
) -> Result<(), DbError> {
    files.waits_for_lock(true);
    let begun = control(runtime, tx, "BEGIN IMMEDIATE").and_then(|()| files.ensure_whole(runtime, tx));
    files.begun(&begun);
    let ran = begun.and_then(|()| run_tasks(runtime, tx, group, replies));
    let outcome = ran.and_then(|()| {
        crash_point::reach("before_commit");
        control(runtime, tx, "COMMIT")
    });
    crash_point::reach("after_commit");
    if outcome.is_err() {
        // Nothing to add when this fails too: then no transaction is open, or the next BEGIN tells.
        drop(control(runtime, tx, "ROLLBACK"));
    }
    outcome
}

fn run_tasks(
    runtime: &Handle,
    tx: &mut Tx,
    group: Vec<Task>,
    replies: &mut Vec<Reply>,
) -> Result<(), DbError> {
    for task in group {
        control(runtime, tx, "SAVEPOINT task")?;
        let (succeeded, reply) = task(tx);
        replies.push(reply);
        if matches!(tx, Tx::Sqlite(lite) if lite.is_autocommit()) {
            return Err(DbError::Unavailable("it gave up the transaction".into()));
        }
        if !succeeded {
            control(runtime, tx, "ROLLBACK TO task")?;
        }
        control(runtime, tx, "RELEASE task")?;
    }
    Ok(())
}

fn read_each(runtime: &Handle, slot: &Slot, tasks: &async_channel::Receiver<Task>) {
    while let Ok(task) = tasks.recv_blocking() {
        let mut replies = Vec::with_capacity(1);
        let mut held = lock(slot);
        let Some(tx) = held.as_mut() else {
            continue;
        };
        let outcome = control(runtime, tx, "BEGIN").and_then(|()| {
            replies.push(task(tx).1);
            control(runtime, tx, "COMMIT").inspect_err(|_| {
                // As above: the next BEGIN tells when this fails too.
                drop(control(runtime, tx, "ROLLBACK"));
            })
        });
        drop(held);
        for reply in replies {
            reply(outcome.clone());
        }
    }
}

/// Closes a connection whose thread ends.
fn close_connection(slot: &Slot) {
    drop(lock(slot).take());
}

fn control(runtime: &Handle, tx: &mut Tx, sql: &'static str) -> Result<(), DbError> {
    runtime.block_on(tx.execute(sql, Vec::new())).map(drop)
}
