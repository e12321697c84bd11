//! A look into the server's database, past the server.

use std::path::Path;

use libsql::{Connection, Value};

use crate::files::End;

pub(crate) struct Database(Connection);

/// A document with what belongs to it.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) object_key: Option<String>,
    pub(crate) usage_records: i64,
    pub(crate) end: End,
}

/// A job that somebody works on, or did when the server ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct HeldJob {
    pub(crate) id: String,
    pub(crate) attempt: i64,
}

impl Database {
    /// The database of the server whose data folder is `data`.
    pub(crate) async fn open(data: &Path) -> Self {
        let database = libsql::Builder::new_local(data.join("ilios.db")).build().await;
        let connection = database.expect("a database").connect().expect("a connection");
        let waits = connection.execute_batch("PRAGMA busy_timeout = 5000").await;
        waits.expect("it waits for others");
        Self(connection)
    }

    /// A copy of what a killed server has left, which is left as it is: to open it would be to repair it.
    pub(crate) async fn autopsy(data: &Path) -> Option<(tempfile::TempDir, Self)> {
        let folder = tempfile::TempDir::new().expect("a temporary folder");
        for file in ["ilios.db", "ilios.db-wal"] {
            // A server that was killed early has not made it.
            std::fs::copy(data.join(file), folder.path().join(file)).ok()?;
        }
        let copy = Self::open(folder.path()).await;
        Some((folder, copy))
    }

    async fn rows(&self, sql: &str) -> Vec<Vec<Value>> {
        let mut rows = self.0.query(sql, ()).await.expect("a query");
        let mut found = Vec::new();
        while let Some(row) = rows.next().await.expect("a row") {
            let columns = 0..row.column_count();
            found.push(
                columns
                    .map(|column| row.get_value(column).expect("a value"))
                    .collect(),
            );
        }
        found
    }

    /// The only number of the only row.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        let rows = self.rows(sql).await;
        match rows.first().and_then(|row| row.first()) {
            Some(Value::Integer(number)) => *number,
            other => panic!("{sql}: {other:?}"),
        }
    }

    pub(crate) async fn open_jobs(&self) -> i64 {
        self.number("SELECT COUNT(*) FROM jobs WHERE status IN ('pending', 'processing')")
            .await
    }

    pub(crate) async fn held_jobs(&self) -> Vec<HeldJob> {
        let sql = "SELECT id, attempt FROM jobs WHERE status = 'processing' ORDER BY id";
        let rows = self.rows(sql).await;
        let jobs = rows.into_iter().map(|row| match <[Value; 2]>::try_from(row) {
            Ok([Value::Text(id), Value::Integer(attempt)]) => HeldJob { id, attempt },
            other => panic!("{other:?}"),
        });
        jobs.collect()
    }

    pub(crate) async fn documents(&self) -> Vec<Found> {
        let rows = self
            .rows(
                "SELECT d.id, d.file_name, d.object_key, d.status, d.error_code, c.markdown,
                     (SELECT COUNT(*) FROM usage_records u WHERE u.document_id = d.id)
                 FROM documents d LEFT JOIN document_contents c ON c.document_id = d.id ORDER BY d.id",
            )
            .await;
        rows.into_iter().map(found).collect()
    }

    /// Batches with what is wrong with them.
    pub(crate) async fn wrong_batches(&self) -> Vec<Vec<Value>> {
        self.rows(
            "SELECT b.id, b.status, b.completed_at, MAX(d.processed_at), COUNT(*), COUNT(d.error_code)
             FROM batches b JOIN documents d ON d.batch_id = b.id GROUP BY b.id
             HAVING b.completed_at IS NULL
                 OR b.completed_at NOT BETWEEN MAX(d.processed_at) AND MAX(d.processed_at) + 1000
                 OR b.status <> CASE WHEN COUNT(*) = COUNT(d.error_code) THEN 'failed' ELSE 'completed' END",
        )
        .await
    }
}

fn found(row: Vec<Value>) -> Found {
    let text = |value: &Value| match value {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    };
    Found {
        id: text(&row[0]).expect("an id"),
        name: text(&row[1]).expect("a name"),
        object_key: text(&row[2]),
        usage_records: row[6].as_integer().copied().expect("a count"),
        end: End {
            status: text(&row[3]).expect("a status"),
            code: text(&row[4]),
            markdown: text(&row[5]),
        },
    }
}
