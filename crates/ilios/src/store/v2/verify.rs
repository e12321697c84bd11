use std::collections::BTreeMap;

use crate::model::{Id, MicroCents};
use crate::store::db::{Row, Value};
use crate::store::{Store, StoreError};

impl Store {
    /// For each of these documents whether it is there.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn documents_known(&self, ids: &[Id]) -> Result<Vec<bool>, StoreError> {
        let rows = self.each("SELECT 1 FROM documents WHERE id = ?1", ids).await?;
        Ok(rows.iter().map(|rows| !rows.is_empty()).collect())
    }

    /// Counts the documents with these ids that exist, by status.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn documents_there(&self, ids: &[Id]) -> Result<BTreeMap<String, u64>, StoreError> {
        let mut counted = BTreeMap::new();
        let rows = self
            .each("SELECT status FROM documents WHERE id = ?1", ids)
            .await?;
        for mut row in rows.into_iter().flatten() {
            *counted.entry(row.take(0)?).or_default() += 1;
        }
        Ok(counted)
    }

    /// Counts the batches with these ids that exist.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn batches_there(&self, ids: &[Id]) -> Result<u64, StoreError> {
        let rows = self.each("SELECT 1 FROM batches WHERE id = ?1", ids).await?;
        Ok(rows.iter().flatten().count() as u64)
    }

    /// Counts the usage records with these ids that exist, and sums up their cost.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn usage_there(&self, ids: &[Id]) -> Result<(u64, MicroCents), StoreError> {
        let rows = self
            .each("SELECT total FROM usage_records WHERE id = ?1", ids)
            .await?;
        let (mut count, mut total) = (0, MicroCents::default());
        for mut row in rows.into_iter().flatten() {
            count += 1;
            total = total + MicroCents::new(row.take(0)?);
        }
        Ok((count, total))
    }

    /// The rows of a statement for each id.
    async fn each(&self, sql: &'static str, ids: &[Id]) -> Result<Vec<Vec<Row>>, StoreError> {
        let values: Vec<Vec<Value>> = ids.iter().map(|id| vec![id.as_str().into()]).collect();
        let latest = self.db.latest().await?;
        Ok(latest
            .read(move |tx| Box::pin(tx.query_each(sql, values)))
            .await?)
    }
}
