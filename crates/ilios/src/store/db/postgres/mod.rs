//! PostgreSQL: a pool of connections, each transaction on one of them. A transaction that the server could not
//! run to its end is run again; a commit that was not answered is asked about.

mod address;
mod check;
mod commit;
mod connection;
mod fault;
mod job_notifier;
mod pipeline;
mod placeholders;
mod tls;
mod transaction;
mod values;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use deadpool::managed::{Pool, PoolError, TimeoutType};
use futures::future::BoxFuture;
use tokio::sync::watch;
use tokio_util::task::TaskTracker;

use super::transaction_retry::{Failed, resolve_commit, run_detached, run_until_settled};
use super::{DbError, Tx};
use crate::crash_point;
use crate::model::{Clock, Secret};
use address::Address;
use commit::Commit;
use connection::Connections;
use fault::Fault;
use job_notifier::JobNotifier;
use transaction::Mode;

pub(super) use transaction::PgTx;

/// Table, column and place in the primary key (0 for none) of all columns but those of this module's own table.
pub(super) const TABLE_COLUMNS: &str =
    "SELECT c.table_name::TEXT, c.column_name::TEXT, COALESCE(k.ordinal_position, 0)::BIGINT
     FROM information_schema.columns c
     LEFT JOIN (information_schema.key_column_usage k JOIN information_schema.table_constraints t
             ON t.constraint_schema = k.constraint_schema AND t.constraint_name = k.constraint_name
                AND t.table_name = k.table_name AND t.constraint_type = 'PRIMARY KEY')
         ON k.table_schema = c.table_schema AND k.table_name = c.table_name AND k.column_name = c.column_name
     WHERE c.table_schema = current_schema() AND c.table_name <> 'commit_marks'
     ORDER BY c.table_name, c.ordinal_position";

/// Settings of a PostgreSQL database.
#[derive(Clone)]
pub struct PostgresSettings {
    /// `postgres://user:password@host:port/database?sslmode=…`.
    pub url: Secret,
    /// The most connections of this process, beside one that listens.
    pub connections: usize,
    /// Time for which an operation is retried while the server is away or overloaded.
    pub retry_timeout: Duration,
    /// The time, where it is not to be the server's: for tests.
    pub clock: Option<Arc<dyn Clock>>,
}

/// A PostgreSQL database.
#[derive(Clone)]
pub struct Postgres {
    pool: Pool<Connections>,
    clock: Option<Arc<dyn Clock>>,
    retry_timeout: Duration,
    running: TaskTracker,
    notifier: JobNotifier,
    /// True once its disk was full, until there is room again.
    full: Arc<AtomicBool>,
}

impl Postgres {
    /// Connects; waits up to the settings' `retry_timeout` for a server that is about to start.
    pub(super) async fn open(settings: &PostgresSettings) -> Result<Self, DbError> {
        let address = Address::parse(settings.url.reveal()).map_err(DbError::Unavailable)?;
        let connections = Connections::new(&address)?;
        let notifier = JobNotifier::start(connections.clone());
        let pool = Pool::builder(connections)
            .max_size(settings.connections)
            .wait_timeout(Some(settings.retry_timeout))
            .runtime(deadpool::Runtime::Tokio1)
            .build()
            .map_err(|error| DbError::Unavailable(error.to_string()))?;
        let postgres = Self {
            pool,
            clock: settings.clock.clone(),
            retry_timeout: settings.retry_timeout,
            running: TaskTracker::new(),
            notifier,
            full: Arc::default(),
        };
        postgres
            .write(|tx| Box::pin(async move { tx.query("SELECT 1", Vec::new()).await.map(drop) }))
            .await?;
        Ok(postgres)
    }

    pub(super) async fn write<T, F>(&self, work: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, DbError>> + Clone + Send + 'static,
    {
        self.run(Mode::Write, work).await
    }

    pub(super) async fn read<T, F>(&self, work: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, DbError>> + Clone + Send + 'static,
    {
        self.run(Mode::Read, work).await
    }

    /// Notifications of jobs that other processes have queued.
    pub(super) fn job_notifications(&self) -> watch::Receiver<u64> {
        self.notifier.job_notifications()
    }

    pub(super) async fn close(self) {
        self.running.close();
        self.running.wait().await;
        self.notifier.stop();
        self.pool.close();
    }

    async fn run<T, F>(&self, mode: Mode, work: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, DbError>> + Clone + Send + 'static,
    {
        let postgres = self.clone();
        run_detached(&self.running, async move {
            let postgres = &postgres;
            let settled = run_until_settled(postgres.retry_timeout, move || {
                postgres.attempt(mode, work.clone())
            })
            .await;
            if matches!(settled, Err(DbError::Full(_))) {
                postgres.full.store(true, Ordering::Relaxed);
            }
            settled
        })
        .await
    }

    async fn begin(&self, mode: Mode) -> Result<PgTx, Failed> {
        let connection = self.pool.get().await.map_err(unconnected)?;
        let begun = PgTx::begin(connection, mode, self.clock.as_ref()).await;
        begun.map_err(|error| failed(Fault::of(&error), fault::text(&error)))
    }

    async fn attempt<T, F>(&self, mode: Mode, work: F) -> Result<T, Failed>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, DbError>>,
    {
        let mut tx = Tx::Postgres(Box::new(Box::pin(self.begin(mode)).await?));
        let outcome = work(&mut tx).await;
        let Tx::Postgres(tx) = tx else {
            return Err(Failed::Final(DbError::Schema(
                "another backend's transaction".into(),
            )));
        };
        let value = match outcome {
            Ok(value) => value,
            Err(error) => return Err(tx.roll_back(error).await),
        };
        let announces = tx.announces_jobs();
        reach("before_commit", mode);
        let committed = tx.commit().await;
        reach("after_commit", mode);
        match committed {
            Commit::Done => {}
            Commit::Refused(error) => return Err(error),
            Commit::Unknown(mark) => resolve_commit(|| mark.committed(&self.pool)).await?,
        }
        if announces {
            self.notifier.announce();
        }
        Ok(value)
    }
}

fn reach(place: &str, mode: Mode) {
    if mode == Mode::Write {
        crash_point::reach(place);
    }
}

fn failed(fault: Fault, text: String) -> Failed {
    match fault {
        Fault::Statement => Failed::Final(DbError::Statement(text)),
        Fault::Refused => Failed::Final(DbError::Unavailable(text)),
        Fault::Full => Failed::Final(DbError::Full(text)),
        Fault::Away | Fault::ReadOnly | Fault::Contended => Failed::Retry(DbError::Unavailable(text)),
    }
}

fn unconnected(error: PoolError<tokio_postgres::Error>) -> Failed {
    match error {
        PoolError::Backend(error) => match Fault::of(&error) {
            // What opening a connection is refused with, nothing but an administrator changes.
            Fault::Statement => Failed::Final(DbError::Unavailable(fault::text(&error))),
            other => failed(other, fault::text(&error)),
        },
        PoolError::Timeout(TimeoutType::Wait) => {
            Failed::Final(DbError::Unavailable("all connections are in use".into()))
        }
        error => Failed::Final(DbError::Unavailable(error.to_string())),
    }
}
