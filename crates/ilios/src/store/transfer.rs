//! Whole tables, row by row, to carry a database to another one.

use super::db::{DbError, TableShape, Tx, Value};
use super::settings::read_setting;
use super::{Store, StoreError};

/// The setting that marks a database into which an import is not finished.
const UNFINISHED_IMPORT: &str = "unfinished_import";
/// Settings of an installation rather than of the data: neither copied nor counted.
const LOCAL_SETTINGS: [&str; 2] = [UNFINISHED_IMPORT, "objects_folder"];
/// Tables of this installation alone.
const LOCAL_TABLES: [&str; 2] = ["schema_migrations", "nodes"];
/// Tables to which others refer go first.
const REFERENCED_TABLES: [&str; 4] = ["batches", "documents", "jobs", "provider_batches"];

/// A table with the statements that read and fill it.
#[derive(Debug, Clone)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns.
    pub columns: Vec<String>,
    /// The places of the primary key's columns.
    key: Vec<usize>,
    first: &'static str,
    next: &'static str,
    insert: &'static str,
}

impl Store {
    /// All tables that are carried, in an order in which they can be filled.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn tables(&self) -> Result<Vec<Table>, StoreError> {
        let shapes = self.db.read(|tx| Box::pin(tx.table_shapes())).await?;
        let carried = shapes
            .into_iter()
            .filter(|shape| !LOCAL_TABLES.contains(&shape.name.as_str()));
        let mut tables: Vec<Table> = carried.map(Table::new).collect();
        tables.sort_by_key(|table| {
            let place = REFERENCED_TABLES.iter().position(|name| *name == table.name);
            (place.unwrap_or(REFERENCED_TABLES.len()), table.name.clone())
        });
        Ok(tables)
    }

    /// Up to `limit` rows of `table` after the row `after`, in the order of the primary key.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn rows(
        &self,
        table: &Table,
        after: Option<&Vec<Value>>,
        limit: u32,
    ) -> Result<Vec<Vec<Value>>, StoreError> {
        let (sql, mut values) = match after {
            None => (table.first, Vec::new()),
            Some(row) => (table.next, table.key_of(row)),
        };
        values.push(limit.into());
        Ok(self.db.all(sql, values, |row| Ok(row.into_values())).await?)
    }

    /// Adds rows; those whose key is there already stay as they are.
    ///
    /// # Errors
    /// [`StoreError::Database`]; then none was added.
    pub async fn add_rows(&self, table: &Table, rows: Vec<Vec<Value>>) -> Result<(), StoreError> {
        let insert = table.insert;
        self.write(move |tx| {
            Box::pin(async move {
                for row in rows {
                    tx.run(insert, row).await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// Makes an empty database ready to be filled from the archive `name`, or goes on with it. Answers the other
    /// archive whose import is unfinished, or `Some("")` when there are documents already.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn begin_import(&self, name: &str) -> Result<Option<String>, StoreError> {
        let name = name.to_owned();
        self.write(move |tx| Box::pin(begin(tx, name, false))).await
    }

    /// Makes a database ready to be added to from the database `name`, or goes on with it. Answers another import that
    /// is unfinished.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn begin_merge(&self, name: &str) -> Result<Option<String>, StoreError> {
        let name = name.to_owned();
        self.write(move |tx| Box::pin(begin(tx, name, true))).await
    }

    /// The archive whose import is not finished.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn unfinished_import(&self) -> Result<Option<String>, StoreError> {
        let read = self.db.read(|tx| Box::pin(read_setting(tx, UNFINISHED_IMPORT)));
        Ok(read.await?)
    }

    /// Marks the import as finished.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn end_import(&self) -> Result<(), StoreError> {
        self.write(|tx| {
            Box::pin(tx.execute(
                "DELETE FROM settings WHERE name = ?1",
                vec![UNFINISHED_IMPORT.into()],
            ))
        })
        .await
        .map(drop)
    }
}

/// Marks a database as one that is being filled from `name`: an empty one, or with `adds` any.
async fn begin(tx: &mut Tx, name: String, adds: bool) -> Result<Option<String>, DbError> {
    if let Some(begun) = read_setting(tx, UNFINISHED_IMPORT).await? {
        return Ok(Some(begun).filter(|other| *other != name));
    }
    if !adds {
        let taken = "SELECT 1 WHERE EXISTS (SELECT 1 FROM documents) OR EXISTS (SELECT 1 FROM usage_records)
            OR EXISTS (SELECT 1 FROM batches)";
        if tx.exists(taken, Vec::new()).await? {
            return Ok(Some(String::new()));
        }
        // What a first start has made up; the archive brings its own.
        tx.execute("DELETE FROM settings", Vec::new()).await?;
    }
    let sql = "INSERT INTO settings (name, value) VALUES (?1, ?2)";
    tx.run(sql, vec![UNFINISHED_IMPORT.into(), name.into()]).await?;
    Ok(None)
}

impl Table {
    fn new(shape: TableShape) -> Self {
        let TableShape { name, columns, key } = shape;
        let list = columns.join(", ");
        let order: Vec<&str> = key.iter().map(|&place| columns[place].as_str()).collect();
        let order = order.join(", ");
        let numbers = |count: usize| {
            let numbers: Vec<String> = (1..=count).map(|number| format!("?{number}")).collect();
            numbers.join(", ")
        };
        let after = numbers(key.len());
        let limit = key.len() + 1;
        // Statements live as long as the program; there are three a table.
        let first = format!("SELECT {list} FROM {name} ORDER BY {order} LIMIT ?1");
        let next =
            format!("SELECT {list} FROM {name} WHERE ({order}) > ({after}) ORDER BY {order} LIMIT ?{limit}");
        let insert = format!(
            "INSERT INTO {name} ({list}) VALUES ({}) ON CONFLICT DO NOTHING",
            numbers(columns.len())
        );
        Self {
            first: first.leak(),
            next: next.leak(),
            insert: insert.leak(),
            name,
            columns,
            key,
        }
    }

    fn key_of(&self, row: &[Value]) -> Vec<Value> {
        let value = |&place: &usize| row.get(place).cloned().unwrap_or(Value::Null);
        self.key.iter().map(value).collect()
    }

    /// Returns true if a row is copied: settings of the installation are not.
    #[must_use]
    pub fn carries(&self, row: &[Value]) -> bool {
        let name = match self.key_of(row).first() {
            Some(Value::Text(name)) => name.clone(),
            _ => return true,
        };
        self.name != "settings" || !LOCAL_SETTINGS.contains(&name.as_str())
    }
}
