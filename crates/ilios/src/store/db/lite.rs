//! Local SQLite through libSQL: one writer thread that commits waiting transactions in groups, and a few
//! reader threads. libSQL works synchronously on the calling thread, which therefore is never one of
//! the runtime's.

use std::collections::HashMap;
use std::convert::Infallible;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use futures::future::BoxFuture;
use libsql::{Connection, Statement};
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use super::{DbError, Durability, Row, Tx, Value, local_file};
use crate::crash_point;
use crate::model::{Clock, Secret, Timestamp};

/// Transactions that one commit may make durable together.
const GROUP: usize = 256;
/// Transactions that may wait for a thread; more wait in their callers.
const WAITING: usize = 1_024;
const READERS: usize = 2;

/// A checkpoint every 16 MB keeps the cost of moving the log into the file low while bounding the log.
const PRAGMAS: &str = "PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON;
    PRAGMA wal_autocheckpoint = 4000; PRAGMA temp_store = MEMORY;";

/// Table, column and place in the primary key (0 for none) of all columns but those of a replica's own table.
pub(super) const TABLE_COLUMNS: &str = "SELECT m.name, c.name, c.pk
    FROM sqlite_master m JOIN pragma_table_info(m.name) c
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'commit_marks'
    ORDER BY m.name, c.cid";

pub(super) const HAS_TABLE: &str = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?1";

/// Tells a caller how its transaction ended, once the outcome of the commit is known.
type Reply = Box<dyn FnOnce(Result<(), DbError>) + Send>;
/// Runs inside an open transaction; answers whether it succeeded.
type Task = Box<dyn FnOnce(&mut Tx) -> (bool, Reply) + Send>;

/// A local SQLite file.
#[derive(Clone)]
pub struct Lite {
    writer: async_channel::Sender<Task>,
    readers: Readers,
    threads: Threads,
}

type Threads = Arc<Mutex<Vec<JoinHandle<()>>>>;

/// Threads that read a SQLite file, each transaction one snapshot.
#[derive(Clone)]
pub(super) struct Readers {
    tasks: async_channel::Sender<Task>,
    threads: Threads,
}

/// Tells when all readers have closed their connections.
///
/// SQLite moves the log into the file when the last connection closes. Two that close at the same moment each see
/// the other as still open, and the log stays behind. So the writer closes its connection after all others.
pub(super) struct ReadersEnded(async_channel::Receiver<Infallible>);

/// Bytes of parameters that a prepared statement may keep.
const KEPT: usize = 256 * 1024;

/// A connection with its prepared statements.
pub struct LiteTx {
    connection: Connection,
    statements: HashMap<&'static str, Statement>,
    clock: Arc<dyn Clock>,
    /// What is done with each value that is read.
    unpack: Unpack,
}

/// How a value is read that the database keeps in another form.
type Unpack = fn(Value) -> Result<Value, DbError>;

impl Lite {
    pub(super) async fn open(
        path: &Path,
        key: Option<&Secret>,
        clock: &Arc<dyn Clock>,
        durability: Durability,
    ) -> Result<Self, DbError> {
        let database = local_file::open(path, key).await?;
        let unreadable = |error| local_file::unreadable(&error, path, key);
        let (writer, writes) = async_channel::bounded(WAITING);
        let pragmas = pragmas(durability);
        let tx = LiteTx::connect(&database, &pragmas, clock, Ok)
            .await
            .map_err(unreadable)?;
        let (readers, readers_ended) = Readers::open(&database, &pragmas, clock, Ok)
            .await
            .map_err(unreadable)?;
        let runtime = Handle::current();
        let thread = spawn("db-writer", move || {
            let mut tx = Tx::Lite(tx);
            write_groups(&runtime, &mut tx, &writes);
            readers_ended.wait();
        })?;
        Ok(Self {
            writer,
            readers,
            threads: Arc::new(Mutex::new(vec![thread])),
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
        self.readers.read(work).await
    }

    /// Ends its threads; transactions that wait for the writer are committed first.
    pub(super) async fn close(self) {
        self.readers.close().await;
        self.writer.close();
        join(&self.threads).await;
    }
}

impl Readers {
    /// Starts them with connections to `database` on which `pragmas` are run first. `unpack` is done with each value.
    pub(super) async fn open(
        database: &libsql::Database,
        pragmas: &str,
        clock: &Arc<dyn Clock>,
        unpack: Unpack,
    ) -> Result<(Self, ReadersEnded), libsql::Error> {
        let (sender, tasks) = async_channel::bounded(WAITING);
        let (open, ended) = async_channel::bounded(1);
        let mut threads = Vec::with_capacity(READERS);
        for _ in 0..READERS {
            let tx = LiteTx::connect(database, pragmas, clock, unpack).await?;
            let (runtime, tasks, open) = (Handle::current(), tasks.clone(), open.clone());
            let thread = spawn("db-reader", move || {
                read_each(&runtime, tx, &tasks);
                drop(open);
            });
            threads.push(thread.map_err(|error| libsql::Error::ConnectionFailed(error.to_string()))?);
        }
        let readers = Self {
            tasks: sender,
            threads: Arc::new(Mutex::new(threads)),
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
fn write_groups(runtime: &Handle, tx: &mut Tx, tasks: &async_channel::Receiver<Task>) {
    while let Ok(first) = tasks.recv_blocking() {
        let group: Vec<Task> = std::iter::once(first)
            .chain(std::iter::from_fn(|| tasks.try_recv().ok()))
            .take(GROUP)
            .collect();
        let mut replies = Vec::with_capacity(group.len());
        let outcome = run_group(runtime, tx, group, &mut replies);
        for reply in replies {
            reply(outcome.clone());
        }
    }
}

/// Runs a group and commits it. A task that is dropped unrun tells its caller that the database is gone.
fn run_group(
    runtime: &Handle,
    tx: &mut Tx,
    group: Vec<Task>,
    replies: &mut Vec<Reply>,
) -> Result<(), DbError> {
    control(runtime, tx, "BEGIN IMMEDIATE")?;
    let outcome = run_tasks(runtime, tx, group, replies).and_then(|()| {
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
        if matches!(tx, Tx::Lite(lite) if lite.connection.is_autocommit()) {
            return Err(DbError::Unavailable("it gave up the transaction".into()));
        }
        if !succeeded {
            control(runtime, tx, "ROLLBACK TO task")?;
        }
        control(runtime, tx, "RELEASE task")?;
    }
    Ok(())
}

fn read_each(runtime: &Handle, tx: LiteTx, tasks: &async_channel::Receiver<Task>) {
    let mut tx = Tx::Lite(tx);
    while let Ok(task) = tasks.recv_blocking() {
        let mut replies = Vec::with_capacity(1);
        let outcome = control(runtime, &mut tx, "BEGIN").and_then(|()| {
            replies.push(task(&mut tx).1);
            control(runtime, &mut tx, "COMMIT").inspect_err(|_| {
                // As above: the next BEGIN tells when this fails too.
                drop(control(runtime, &mut tx, "ROLLBACK"));
            })
        });
        for reply in replies {
            reply(outcome.clone());
        }
    }
}

fn control(runtime: &Handle, tx: &mut Tx, sql: &'static str) -> Result<(), DbError> {
    runtime.block_on(tx.execute(sql, Vec::new())).map(drop)
}

impl LiteTx {
    async fn connect(
        database: &libsql::Database,
        pragmas: &str,
        clock: &Arc<dyn Clock>,
        unpack: Unpack,
    ) -> Result<Self, libsql::Error> {
        let connection = database.connect()?;
        connection.execute_batch(pragmas).await?;
        Ok(Self {
            connection,
            statements: HashMap::new(),
            clock: Arc::clone(clock),
            unpack,
        })
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) async fn execute(&mut self, sql: &'static str, values: Vec<Value>) -> Result<u64, DbError> {
        let large = is_large(&values);
        let statement = self.prepared(sql).await?;
        let changed = statement.execute(parameters(values)).await;
        statement.reset();
        self.forget(sql, large);
        changed.map(|rows| rows as u64).map_err(classify)
    }

    pub(super) async fn query(&mut self, sql: &'static str, values: Vec<Value>) -> Result<Vec<Row>, DbError> {
        let large = is_large(&values);
        let statement = self.prepared(sql).await?;
        let rows = collect(statement, parameters(values)).await;
        statement.reset();
        self.forget(sql, large);
        let unpacked = |Row(values)| {
            let values = values.into_iter().map(self.unpack);
            values.collect::<Result<_, _>>().map(Row)
        };
        rows.map_err(classify)?.into_iter().map(unpacked).collect()
    }

    pub(super) async fn script(&mut self, sql: &'static str) -> Result<(), DbError> {
        self.connection
            .execute_batch(sql)
            .await
            .map(drop)
            .map_err(classify)
    }

    pub(super) async fn has_table(&mut self, name: &str) -> Result<bool, DbError> {
        Ok(!self.query(HAS_TABLE, vec![name.into()]).await?.is_empty())
    }

    /// A statement keeps its parameters until it is given others: one with large ones is not kept.
    fn forget(&mut self, sql: &'static str, large: bool) {
        if large {
            self.statements.remove(sql);
        }
    }

    async fn prepared(&mut self, sql: &'static str) -> Result<&Statement, DbError> {
        if !self.statements.contains_key(sql) {
            let text = without_row_locks(sql);
            let statement = self.connection.prepare(&text).await.map_err(classify)?;
            self.statements.insert(sql, statement);
        }
        self.statements
            .get(sql)
            .ok_or_else(|| DbError::Statement("it was not prepared".into()))
    }
}

fn is_large(values: &[Value]) -> bool {
    let bytes = values.iter().map(|value| match value {
        Value::Text(text) => text.len(),
        Value::Blob(bytes) => bytes.len(),
        Value::Null | Value::Integer(_) | Value::Real(_) => 0,
    });
    bytes.sum::<usize>() > KEPT
}

/// SQLite has one writer and no locks of rows.
pub(super) fn without_row_locks(sql: &str) -> String {
    sql.replace(" FOR UPDATE SKIP LOCKED", "")
}

async fn collect(statement: &Statement, values: Vec<libsql::Value>) -> Result<Vec<Row>, libsql::Error> {
    let mut rows = statement.query(values).await?;
    let mut collected = Vec::new();
    while let Some(row) = rows.next().await? {
        let columns = (0..row.column_count()).map(|column| row.get_value(column).map(value));
        collected.push(Row(columns.collect::<Result<_, _>>()?));
    }
    Ok(collected)
}

fn parameters(values: Vec<Value>) -> Vec<libsql::Value> {
    let parameter = |value| match value {
        Value::Null => libsql::Value::Null,
        Value::Integer(number) => libsql::Value::Integer(number),
        Value::Real(number) => libsql::Value::Real(number),
        Value::Text(text) => libsql::Value::Text(text),
        Value::Blob(bytes) => libsql::Value::Blob(bytes),
    };
    values.into_iter().map(parameter).collect()
}

fn value(value: libsql::Value) -> Value {
    match value {
        libsql::Value::Null => Value::Null,
        libsql::Value::Integer(number) => Value::Integer(number),
        libsql::Value::Real(number) => Value::Real(number),
        libsql::Value::Text(text) => Value::Text(text),
        libsql::Value::Blob(bytes) => Value::Blob(bytes),
    }
}

fn unavailable(error: libsql::Error) -> DbError {
    DbError::Unavailable(error.to_string())
}

/// Sorts an error by SQLite's primary result code (<https://sqlite.org/rescode.html>): what a later try
/// may heal is unavailability.
fn classify(error: libsql::Error) -> DbError {
    const BUSY: i32 = 5;
    const LOCKED: i32 = 6;
    const READ_ONLY: i32 = 8;
    const IO: i32 = 10;
    const FULL: i32 = 13;
    const CANNOT_OPEN: i32 = 14;
    const CORRUPT: i32 = 11;
    const NOT_A_DATABASE: i32 = 26;
    match &error {
        libsql::Error::SqliteFailure(code, _) if matches!(code & 0xff, CORRUPT | NOT_A_DATABASE) => {
            DbError::Damaged(error.to_string())
        }
        libsql::Error::SqliteFailure(code, _)
            if matches!(code & 0xff, BUSY | LOCKED | READ_ONLY | IO | FULL | CANNOT_OPEN) =>
        {
            unavailable(error)
        }
        _ => DbError::Statement(error.to_string()),
    }
}
