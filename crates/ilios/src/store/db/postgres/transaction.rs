use std::sync::Arc;

use deadpool::managed::Object;
use tokio_postgres::{Error, SimpleQueryMessage};

use super::super::{DbError, Row, Value};
use super::commit::{Commit, CommitMark};
use super::connection::{Connections, PgConnection, in_time};
use super::fault::{Fault, text};
use super::pipeline::{Prepared, each, in_order, parameters};
use super::{Failed, failed, values};
use crate::model::{Clock, Timestamp};

/// Access mode of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Writes; each statement sees what others have committed before it.
    Write,
    /// Reads one snapshot.
    Read,
}

/// A transaction on a connection.
pub struct PgTx {
    connection: Object<Connections>,
    now: Timestamp,
    /// Statements that go with the next one.
    queued: Vec<(&'static str, Vec<Value>)>,
    /// True if it may have changed something.
    wrote: bool,
    announces_jobs: bool,
    /// Fault of the last statement that failed.
    fault: Option<Fault>,
}

impl PgTx {
    pub(super) async fn begin(
        mut connection: Object<Connections>,
        mode: Mode,
        clock: Option<&Arc<dyn Clock>>,
    ) -> Result<Self, Error> {
        const SELECT_TIME: &str = "SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::BIGINT";
        let begin = match mode {
            // Not READ WRITE: an administrator who has made the database read-only means this program, too.
            Mode::Write => "BEGIN ISOLATION LEVEL READ COMMITTED",
            Mode::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        // Not to be used again should this future be dropped in between.
        connection.broken = true;
        let rows = connection
            .client
            .simple_query(&format!("{begin}; {SELECT_TIME}"))
            .await?;
        connection.broken = false;
        let said = rows.iter().find_map(|row| match row {
            SimpleQueryMessage::Row(row) => row.get(0)?.parse().ok(),
            _ => None,
        });
        let now = match (clock, said) {
            (Some(clock), _) => clock.now(),
            (None, Some(millis)) => Timestamp::from_millis(millis),
            // The server answers what it is asked; were it not to, no lease would ever be valid.
            (None, None) => Timestamp::from_millis(i64::MAX),
        };
        Ok(Self {
            connection,
            now,
            queued: Vec::new(),
            wrote: false,
            announces_jobs: false,
            fault: None,
        })
    }

    pub(in super::super) fn now(&self) -> Timestamp {
        self.now
    }

    pub(in super::super) fn announce_jobs(&mut self) {
        self.announces_jobs = true;
    }

    pub(super) fn announces_jobs(&self) -> bool {
        self.announces_jobs
    }

    /// Sends a statement along with the next one, or with the commit.
    pub(in super::super) fn run(&mut self, sql: &'static str, values: Vec<Value>) {
        self.wrote = true;
        self.queued.push((sql, values));
    }

    pub(in super::super) async fn execute(
        &mut self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<u64, DbError> {
        let queued = std::mem::take(&mut self.queued);
        let connection = &mut *self.connection;
        let outcome = in_time(async {
            let queued = prepared(connection, queued).await?;
            let statement = connection.prepared(sql).await?;
            let (client, values) = (&connection.client, parameters(&values));
            in_order(client, &queued, client.execute(&statement, &values)).await
        })
        .await;
        let changed = self.check(outcome)?;
        self.wrote |= changed > 0 && !only_reads(sql);
        Ok(changed)
    }

    pub(in super::super) async fn query(
        &mut self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<Vec<Row>, DbError> {
        let queued = std::mem::take(&mut self.queued);
        let connection = &mut *self.connection;
        let outcome = in_time(async {
            let queued = prepared(connection, queued).await?;
            let statement = connection.prepared(sql).await?;
            let (client, values) = (&connection.client, parameters(&values));
            in_order(client, &queued, client.query(&statement, &values)).await
        })
        .await;
        let rows = self.check(outcome)?;
        self.wrote |= !rows.is_empty() && !only_reads(sql);
        rows.iter().map(values::row).collect()
    }

    pub(in super::super) async fn query_each(
        &mut self,
        sql: &'static str,
        values: Vec<Vec<Value>>,
    ) -> Result<Vec<Vec<Row>>, DbError> {
        let queued = std::mem::take(&mut self.queued);
        let connection = &mut *self.connection;
        let outcome = in_time(async {
            let queued = prepared(connection, queued).await?;
            let statement = connection.prepared(sql).await?;
            let client = &connection.client;
            in_order(client, &queued, each(client, &statement, &values)).await
        })
        .await;
        let found = self.check(outcome)?;
        self.wrote |= found.iter().any(|rows| !rows.is_empty()) && !only_reads(sql);
        let rows = found.iter().map(|rows| rows.iter().map(values::row).collect());
        rows.collect()
    }

    pub(in super::super) async fn script(&mut self, sql: &'static str) -> Result<(), DbError> {
        self.wrote = true;
        // As long as it takes: a migration may rewrite a table.
        let unlimited = format!("SET LOCAL statement_timeout = 0; {sql}");
        let queued = std::mem::take(&mut self.queued);
        let connection = &mut *self.connection;
        let outcome = async {
            let queued = prepared(connection, queued).await?;
            let client = &connection.client;
            in_order(client, &queued, client.batch_execute(&unlimited)).await
        };
        let outcome = outcome.await;
        self.check(Some(outcome))
    }

    /// Returns true if there is a table of this name.
    pub(in super::super) async fn has_table(&mut self, name: &str) -> Result<bool, DbError> {
        let rows = self.query("SELECT 1 WHERE to_regclass(?1) IS NOT NULL", vec![name.into()]);
        Ok(!rows.await?.is_empty())
    }

    /// Keeps other processes from changing the schema until this transaction ends.
    pub(in super::super) async fn lock_schema(&mut self) -> Result<(), DbError> {
        let statement = "SELECT 1 FROM (SELECT pg_advisory_xact_lock(7303013338)) AS locked";
        self.query(statement, Vec::new()).await.map(drop)
    }

    /// Lets the commit write its number, although nothing else is written.
    pub(super) fn writes(&mut self) {
        self.wrote = true;
    }

    /// Ends it with nothing written.
    pub(super) async fn discard(mut self) {
        self.connection.broken |= !rolls_back(&self.connection).await;
    }

    /// Ends it with nothing written; tells whether running it again may help.
    pub(super) async fn roll_back(mut self, error: DbError) -> Failed {
        self.connection.broken |= !rolls_back(&self.connection).await;
        match (self.fault, error) {
            (Some(Fault::Away | Fault::ReadOnly | Fault::Contended), error) => Failed::Retry(error),
            (_, error) => Failed::Final(error),
        }
    }

    /// Commits, along with what is queued. The number of the commit is written too, so that it can be asked about.
    pub(super) async fn commit(mut self) -> Commit {
        let queued = std::mem::take(&mut self.queued);
        let connection = &mut *self.connection;
        let mark = CommitMark::next(connection);
        let sql = if self.wrote {
            connection.commits += 1;
            mark.commit()
        } else {
            "COMMIT".to_owned()
        };
        let outcome = in_time(async {
            let queued = prepared(connection, queued).await?;
            let client = &connection.client;
            in_order(client, &queued, client.batch_execute(&sql)).await
        });
        let (fault, text) = match outcome.await {
            Some(Ok(())) => return Commit::Done,
            Some(Err(error)) => (Fault::of(&error), text(&error)),
            None => (Fault::Away, "the commit was not answered in time".into()),
        };
        let rolled_back = fault != Fault::Away && rolls_back(connection).await;
        connection.broken |= !rolled_back || fault == Fault::ReadOnly;
        match (fault, self.wrote) {
            (Fault::Away, true) => Commit::Unknown(mark),
            (fault, _) => Commit::Refused(failed(fault, text)),
        }
    }

    /// Remembers what was the matter.
    fn check<T>(&mut self, outcome: Option<Result<T, Error>>) -> Result<T, DbError> {
        let error = match outcome {
            Some(Ok(value)) => return Ok(value),
            Some(Err(error)) => error,
            None => {
                self.connection.broken = true;
                self.fault = Some(Fault::Away);
                return Err(DbError::Unavailable("it did not answer in time".into()));
            }
        };
        let fault = Fault::of(&error);
        // Another server may be found in the place of one that only reads.
        self.connection.broken |= matches!(fault, Fault::Away | Fault::ReadOnly);
        self.fault = Some(fault);
        Err(match fault {
            Fault::Statement => DbError::Statement(text(&error)),
            Fault::Full => DbError::Full(text(&error)),
            _ => DbError::Unavailable(text(&error)),
        })
    }
}

/// Returns true if the connection is out of its transaction.
async fn rolls_back(connection: &PgConnection) -> bool {
    let rolled_back = in_time(connection.client.batch_execute("ROLLBACK")).await;
    matches!(rolled_back, Some(Ok(())))
}

async fn prepared(
    connection: &mut PgConnection,
    queued: Vec<(&'static str, Vec<Value>)>,
) -> Result<Vec<Prepared>, Error> {
    let mut prepared = Vec::with_capacity(queued.len());
    for (sql, values) in queued {
        prepared.push((connection.prepared(sql).await?, values));
    }
    Ok(prepared)
}

/// Returns true if a statement surely changes nothing. When in doubt false, which costs one question too many.
fn only_reads(sql: &str) -> bool {
    let sql = sql.trim_start();
    let changes = ["UPDATE", "INSERT", "DELETE"]
        .iter()
        .any(|verb| sql.contains(verb));
    sql.starts_with("SELECT") || (sql.starts_with("WITH") && !changes)
}
