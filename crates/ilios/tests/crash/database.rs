//! A look into the server's database, past the server.

use std::sync::Arc;

use libsql::Value;
use tokio_postgres::SimpleQueryMessage;

use crate::files::End;
use crate::primary_server::PrimaryServer;

/// A connection, whichever database it is to. Values are told as text.
pub(crate) enum Database {
    File(libsql::Connection),
    Postgres(tokio_postgres::Client),
    Primary(Arc<PrimaryServer>),
}

/// A row's values.
pub(crate) type Values = Vec<Option<String>>;

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
    async fn rows(&self, sql: &str) -> Vec<Values> {
        match self {
            Self::File(connection) => file_rows(connection, sql).await,
            Self::Primary(server) => server.sql(sql).await,
            Self::Postgres(client) => {
                let messages = client.simple_query(sql).await.expect("a query");
                let rows = messages.into_iter().filter_map(|message| match message {
                    SimpleQueryMessage::Row(row) => Some(row),
                    _ => None,
                });
                let values =
                    rows.map(|row| (0..row.len()).map(|at| row.get(at).map(str::to_owned)).collect());
                values.collect()
            }
        }
    }

    /// The only number of the only row.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        let rows = self.rows(sql).await;
        let number = rows.first().and_then(|row| row.first()?.as_deref()?.parse().ok());
        number.unwrap_or_else(|| panic!("{sql}: {rows:?}"))
    }

    pub(crate) async fn open_jobs(&self) -> i64 {
        self.number("SELECT COUNT(*) FROM jobs WHERE status IN ('pending', 'processing')")
            .await
    }

    pub(crate) async fn held_jobs(&self) -> Vec<HeldJob> {
        let sql = "SELECT id, attempt FROM jobs WHERE status = 'processing' ORDER BY id";
        let rows = self.rows(sql).await;
        let jobs = rows
            .into_iter()
            .map(|row| match <[Option<String>; 2]>::try_from(row) {
                Ok([Some(id), Some(attempt)]) => HeldJob {
                    id,
                    attempt: attempt.parse().expect("a number"),
                },
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
    pub(crate) async fn wrong_batches(&self) -> Vec<Values> {
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

async fn file_rows(connection: &libsql::Connection, sql: &str) -> Vec<Values> {
    let mut rows = connection.query(sql, ()).await.expect("a query");
    let mut found = Vec::new();
    while let Some(row) = rows.next().await.expect("a row") {
        let values = (0..row.column_count()).map(|column| row.get_value(column).expect("a value"));
        let texts = values.map(|value| match value {
            Value::Null => None,
            Value::Integer(number) => Some(number.to_string()),
            Value::Text(text) => Some(text),
            other => panic!("{other:?}"),
        });
        found.push(texts.collect());
    }
    found
}

fn found(row: Values) -> Found {
    let Ok([id, name, object_key, status, code, markdown, usage_records]) = <[_; 7]>::try_from(row) else {
        panic!("seven columns");
    };
    Found {
        id: id.expect("an id"),
        name: name.expect("a name"),
        object_key,
        usage_records: usage_records
            .and_then(|count| count.parse().ok())
            .expect("a count"),
        end: End {
            status: status.expect("a status"),
            code,
            markdown,
        },
    }
}
