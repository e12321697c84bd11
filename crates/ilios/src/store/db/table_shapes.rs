use super::{DbError, Tx, postgres, sqlite};

/// Columns of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableShape {
    /// Its name.
    pub name: String,
    /// Its columns, in their order.
    pub columns: Vec<String>,
    /// The places of the primary key's columns.
    pub key: Vec<usize>,
}

impl Tx {
    /// The tables of the schema, by name.
    ///
    /// # Errors
    /// [`DbError`] when they cannot be found out.
    pub async fn table_shapes(&mut self) -> Result<Vec<TableShape>, DbError> {
        let sql = match self {
            Self::Sqlite(_) | Self::Primary(_) => sqlite::TABLE_COLUMNS,
            Self::Postgres(_) => postgres::TABLE_COLUMNS,
        };
        let mut shapes: Vec<TableShape> = Vec::new();
        let mut keys: Vec<Vec<(i64, usize)>> = Vec::new();
        for mut row in self.query(sql, Vec::new()).await? {
            let (table, column, place): (String, String, i64) = (row.take(0)?, row.take(1)?, row.take(2)?);
            if shapes.last().is_none_or(|last| last.name != table) {
                keys.push(Vec::new());
                shapes.push(TableShape {
                    name: table,
                    columns: Vec::new(),
                    key: Vec::new(),
                });
            }
            if let (Some(shape), Some(key)) = (shapes.last_mut(), keys.last_mut()) {
                if place > 0 {
                    key.push((place, shape.columns.len()));
                }
                shape.columns.push(column);
            }
        }
        for (shape, mut key) in shapes.iter_mut().zip(keys) {
            key.sort_unstable();
            shape.key = key.into_iter().map(|(_, column)| column).collect();
        }
        Ok(shapes)
    }
}
