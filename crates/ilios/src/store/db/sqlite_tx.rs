//! A connection to a SQLite file, in a transaction: its statements are prepared once.

use std::collections::HashMap;
use std::sync::Arc;

use libsql::{Connection, Statement};

use super::{DbError, Row, Value};
use crate::model::{Clock, Timestamp};

pub(super) const HAS_TABLE: &str = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?1";

/// Bytes of parameters that a prepared statement may keep.
const MAX_CACHED_PARAMETER_BYTES: usize = 256 * 1024;

/// A connection with its prepared statements.
pub struct SqliteTx {
    connection: Connection,
    statements: HashMap<&'static str, Statement>,
    clock: Arc<dyn Clock>,
    /// Conversion that is applied to each value read.
    unpack: Unpack,
}

/// Converts a value from its stored form, which may be compressed, to the one that was written.
pub(super) type Unpack = fn(Value) -> Result<Value, DbError>;

impl SqliteTx {
    pub(super) async fn connect(
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

    /// Returns true if no transaction is open.
    pub(super) fn is_autocommit(&self) -> bool {
        self.connection.is_autocommit()
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) fn lease_now(&self) -> Timestamp {
        self.clock.steady()
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
    bytes.sum::<usize>() > MAX_CACHED_PARAMETER_BYTES
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
pub(super) fn classify(error: libsql::Error) -> DbError {
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
