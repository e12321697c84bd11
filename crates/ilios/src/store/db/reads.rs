use std::time::Duration;

use super::{Db, DbError, Row, Tx, Value};

impl Db {
    /// The database once it has what other processes have written: for what decides about more than an answer.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] when what others have written cannot be fetched.
    pub async fn latest(&self) -> Result<&Self, DbError> {
        self.catch_up(Duration::ZERO).await?;
        Ok(self)
    }

    /// As [`Tx::one`], in a read transaction of its own.
    ///
    /// # Errors
    /// As [`Tx::one`].
    pub async fn one<T>(
        &self,
        sql: &'static str,
        values: Vec<Value>,
        map: impl FnOnce(Row) -> Result<T, DbError> + Send,
    ) -> Result<Option<T>, DbError> {
        let rows = self.rows(sql, values).await?;
        rows.into_iter().next().map(map).transpose()
    }

    /// As [`Tx::all`], in a read transaction of its own.
    ///
    /// # Errors
    /// As [`Tx::all`].
    pub async fn all<T>(
        &self,
        sql: &'static str,
        values: Vec<Value>,
        map: impl FnMut(Row) -> Result<T, DbError> + Send,
    ) -> Result<Vec<T>, DbError> {
        self.rows(sql, values).await?.into_iter().map(map).collect()
    }

    async fn rows(&self, sql: &'static str, values: Vec<Value>) -> Result<Vec<Row>, DbError> {
        self.read(move |tx| Box::pin(tx.query(sql, values))).await
    }
}

impl Tx {
    /// Runs a statement and returns its first row, converted by `map`; `None` when it has no rows.
    ///
    /// # Errors
    /// [`DbError`] when the statement or `map` fails.
    pub async fn one<T>(
        &mut self,
        sql: &'static str,
        values: Vec<Value>,
        map: impl FnOnce(Row) -> Result<T, DbError> + Send,
    ) -> Result<Option<T>, DbError> {
        let rows = self.query(sql, values).await?;
        rows.into_iter().next().map(map).transpose()
    }

    /// Runs a statement and returns its rows, converted by `map`.
    ///
    /// # Errors
    /// [`DbError`] when the statement or `map` fails.
    pub async fn all<T>(
        &mut self,
        sql: &'static str,
        values: Vec<Value>,
        map: impl FnMut(Row) -> Result<T, DbError> + Send,
    ) -> Result<Vec<T>, DbError> {
        self.query(sql, values).await?.into_iter().map(map).collect()
    }

    /// Returns true if a statement has rows.
    ///
    /// # Errors
    /// [`DbError`] when the statement fails.
    pub async fn exists(&mut self, sql: &'static str, values: Vec<Value>) -> Result<bool, DbError> {
        Ok(!self.query(sql, values).await?.is_empty())
    }
}
