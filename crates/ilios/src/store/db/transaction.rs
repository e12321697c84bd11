use super::{DbError, Row, Tx, Value, sqlite_tx};
use crate::model::Timestamp;

impl Tx {
    /// The database's time: all nodes that share the database agree on it, whatever their own clocks say.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::Sqlite(tx) => tx.now(),
            Self::Postgres(tx) => tx.now(),
            Self::Primary(tx) => tx.now(),
        }
    }

    /// The time of leases and of when jobs are due: on a local database, which one process works with, the steady time
    /// of that process, so that no change of its clock costs work; else as [`Self::now`].
    #[must_use]
    pub fn lease_now(&self) -> Timestamp {
        match self {
            Self::Sqlite(tx) => tx.lease_now(),
            Self::Postgres(_) | Self::Primary(_) => self.now(),
        }
    }

    /// Runs a statement that returns no rows; answers how many rows it changed.
    ///
    /// # Errors
    /// [`DbError`] when the statement fails.
    pub async fn execute(&mut self, sql: &'static str, values: Vec<Value>) -> Result<u64, DbError> {
        match self {
            Self::Sqlite(tx) => tx.execute(sql, values).await,
            Self::Postgres(tx) => tx.execute(sql, values).await,
            Self::Primary(tx) => tx.execute(sql, values).await,
        }
    }

    /// Runs a statement whose outcome is not needed. It may be sent with the next one or the commit, and when it fails,
    /// these do.
    ///
    /// # Errors
    /// [`DbError`] when the statement fails.
    pub async fn run(&mut self, sql: &'static str, values: Vec<Value>) -> Result<(), DbError> {
        match self {
            Self::Sqlite(tx) => tx.execute(sql, values).await.map(drop),
            Self::Postgres(tx) => {
                tx.run(sql, values);
                Ok(())
            }
            Self::Primary(tx) => {
                tx.run(sql, values);
                Ok(())
            }
        }
    }

    /// Runs a statement and returns its rows.
    ///
    /// # Errors
    /// [`DbError`] when the statement fails.
    pub async fn query(&mut self, sql: &'static str, values: Vec<Value>) -> Result<Vec<Row>, DbError> {
        match self {
            Self::Sqlite(tx) => tx.query(sql, values).await,
            Self::Postgres(tx) => tx.query(sql, values).await,
            Self::Primary(tx) => tx.query(sql, values).await,
        }
    }

    /// Runs a statement once with each of the values; answers the rows of each. None may depend on another one's effect:
    /// they may be on their way at once.
    ///
    /// # Errors
    /// [`DbError`] when one fails.
    pub async fn query_each(
        &mut self,
        sql: &'static str,
        values: Vec<Vec<Value>>,
    ) -> Result<Vec<Vec<Row>>, DbError> {
        match self {
            Self::Sqlite(tx) => {
                let mut found = Vec::with_capacity(values.len());
                for values in values {
                    found.push(tx.query(sql, values).await?);
                }
                Ok(found)
            }
            Self::Postgres(tx) => tx.query_each(sql, values).await,
            Self::Primary(tx) => tx.query_each(sql, values).await,
        }
    }

    /// Runs several statements without parameters, separated by `;`.
    ///
    /// # Errors
    /// [`DbError`] when one fails.
    pub async fn script(&mut self, sql: &'static str) -> Result<(), DbError> {
        match self {
            Self::Sqlite(tx) => tx.script(sql).await,
            Self::Postgres(tx) => tx.script(sql).await,
            Self::Primary(tx) => tx.script(sql).await,
        }
    }

    /// Returns true if there is a table of this name.
    ///
    /// # Errors
    /// [`DbError`] when it cannot be found out.
    pub async fn has_table(&mut self, name: &str) -> Result<bool, DbError> {
        match self {
            Self::Sqlite(tx) => tx.has_table(name).await,
            Self::Postgres(tx) => tx.has_table(name).await,
            Self::Primary(tx) => {
                let rows = tx.query(sqlite_tx::HAS_TABLE, vec![name.into()]).await?;
                Ok(!rows.is_empty())
            }
        }
    }

    /// Keeps other processes from changing the schema until this transaction ends.
    ///
    /// # Errors
    /// [`DbError`] when it cannot be locked.
    pub async fn lock_schema(&mut self) -> Result<(), DbError> {
        match self {
            // No other connection writes a SQLite database during this transaction.
            Self::Sqlite(_) | Self::Primary(_) => Ok(()),
            Self::Postgres(tx) => tx.lock_schema().await,
        }
    }

    /// Tells other processes, once this transaction has committed, that there is a new job.
    pub fn announce_jobs(&mut self) {
        match self {
            Self::Sqlite(_) | Self::Primary(_) => {}
            Self::Postgres(tx) => tx.announce_jobs(),
        }
    }
}
