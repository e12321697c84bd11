use super::fields::Fields;
use super::source::{apart, unreadable};
use super::{IMPORT_NAME, OldDatabase, OldTable};
use crate::model::Id;
use crate::store::db::{DbError, Value};

/// Rows that are read at once.
const ROWS_PER_READ: usize = 200;
/// Bytes of rows that are in memory at once, beyond the last row.
const MAX_BLOCK_BYTES: usize = 8 << 20;

/// The next rows of a table.
pub struct Block {
    /// Rows in the order of the table.
    pub rows: Vec<Fields>,
    /// Number of the row after which the next block begins; `None` at the end of the table.
    pub next: Option<i64>,
}

impl OldDatabase {
    /// Number of rows of a table; none where there is no such table.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] when the file is damaged.
    pub async fn count(&self, table: OldTable) -> Result<u64, DbError> {
        if !self.has(table) {
            return Ok(0);
        }
        let sql = format!("SELECT COUNT(*) FROM \"{}\"", table.name());
        let connection = self.connection.clone();
        let counted = apart(move |runtime| {
            runtime.block_on(async {
                let mut rows = connection.query(&sql, ()).await?;
                rows.next().await?.map_or(Ok(0), |row| row.get::<u64>(0))
            })
        });
        counted.await.map_err(|error| self.damaged(&error))
    }

    /// The rows after the row `after` (`i64::MIN` for the first ones).
    ///
    /// # Errors
    /// [`DbError::Unavailable`] when the file is damaged.
    pub async fn block(&self, table: OldTable, after: i64) -> Result<Block, DbError> {
        if !self.has(table) {
            return Ok(Block {
                rows: Vec::new(),
                next: None,
            });
        }
        let sql = self.select(table, table.columns());
        let connection = self.connection.clone();
        let read = apart(move |runtime| runtime.block_on(rows(&connection, &sql, after)));
        let (found, more) = read.await.map_err(|error| self.damaged(&error))?;
        let next = found.last().map(|(number, _)| *number).filter(|_| more);
        let rows = found
            .into_iter()
            .map(|(number, values)| Fields::new(table, number, values));
        Ok(Block {
            rows: rows.collect(),
            next,
        })
    }

    /// The ids that the rows after the row `after` have with us, and after which row the next ones begin.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] when the file is damaged.
    pub async fn ids(&self, table: OldTable, after: i64) -> Result<(Vec<Id>, Option<i64>), DbError> {
        if !self.has(table) {
            return Ok((Vec::new(), None));
        }
        let sql = self.select(table, &["id"]);
        let connection = self.connection.clone();
        let read = apart(move |runtime| runtime.block_on(rows(&connection, &sql, after)));
        let (found, more) = read.await.map_err(|error| self.damaged(&error))?;
        let next = found.last().map(|(number, _)| *number).filter(|_| more);
        let ids = found
            .into_iter()
            .map(|(number, values)| Fields::new(table, number, values).id());
        Ok((ids.collect(), next))
    }

    /// A name that tells this database from others, and stays while it is imported.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] when the file is damaged.
    pub async fn name(&self) -> Result<String, DbError> {
        let mut text = String::new();
        for table in OldTable::ALL {
            let (ids, _) = self.ids(table, i64::MIN).await?;
            text.extend(ids.first().map(|id| format!("{}/{id} ", table.name())));
        }
        Ok(format!("{IMPORT_NAME}{}", Id::standing_for(&text)))
    }

    /// Text is read as its bytes: SQLite does not see to it that it is UTF-8.
    fn select(&self, table: OldTable, names: &[&str]) -> String {
        let columns = self.columns.get(table.name());
        let column = |name: &&str| {
            let there = columns.is_some_and(|columns| columns.iter().any(|column| column == name));
            if there {
                format!(
                    "CASE WHEN typeof(\"{name}\") = 'text' THEN CAST(\"{name}\" AS BLOB) ELSE \"{name}\" END"
                )
            } else {
                "NULL".to_owned()
            }
        };
        let list: Vec<String> = names.iter().map(column).collect();
        format!(
            "SELECT rowid, {} FROM \"{}\" WHERE rowid > ?1 ORDER BY rowid",
            list.join(", "),
            table.name()
        )
    }

    fn damaged(&self, error: &libsql::Error) -> DbError {
        unreadable(error, self.file(), None)
    }
}

type Numbered = (i64, Vec<Value>);

/// As many rows as fit, and whether there may be more.
async fn rows(
    connection: &libsql::Connection,
    sql: &str,
    after: i64,
) -> Result<(Vec<Numbered>, bool), libsql::Error> {
    let mut rows = connection.query(sql, [after]).await?;
    let (mut found, mut bytes) = (Vec::new(), 0);
    while let Some(row) = rows.next().await? {
        let mut values = Vec::new();
        for column in 1..row.column_count() {
            let value = match row.get_value(column)? {
                libsql::Value::Null => Value::Null,
                libsql::Value::Integer(number) => Value::Integer(number),
                libsql::Value::Real(number) => Value::Real(number),
                libsql::Value::Text(text) => Value::Text(text),
                libsql::Value::Blob(blob) => text(blob),
            };
            if let Value::Text(text) = &value {
                bytes += text.len();
            }
            values.push(value);
        }
        found.push((row.get::<i64>(0)?, values));
        if found.len() == ROWS_PER_READ || bytes >= MAX_BLOCK_BYTES {
            return Ok((found, true));
        }
    }
    Ok((found, false))
}

/// Decodes a text. Bytes that are not UTF-8, and NUL, which PostgreSQL stores in no text, become U+FFFD.
fn text(bytes: Vec<u8>) -> Value {
    let text = String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    Value::Text(if text.contains('\0') {
        text.replace('\0', "\u{fffd}")
    } else {
        text
    })
}
