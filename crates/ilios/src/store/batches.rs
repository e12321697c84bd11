use super::db::{DbError, Row, Tx};
use super::documents::{document, parsed, select_documents};
use super::{Store, StoreError};
use crate::model::{Batch, Document, Id, Priority, Progress, Tenant, Timestamp};

/// A query for what [`batch`] reads, of the table `batches` under the name `b`. The counts are made of the
/// documents themselves, so they are exact at every moment.
macro_rules! select_batches {
    ($rest:literal) => {
        concat!(
            "SELECT b.id, b.tenant, b.priority, b.status, b.created_at, b.completed_at, \
         (SELECT COUNT(*) FROM documents d WHERE d.batch_id = b.id), \
         (SELECT COUNT(*) FROM documents d WHERE d.batch_id = b.id AND d.status = 'pending'), \
         (SELECT COUNT(*) FROM documents d WHERE d.batch_id = b.id AND d.status = 'processing'), \
         (SELECT COUNT(*) FROM documents d WHERE d.batch_id = b.id \
              AND d.status IN ('completed', 'archived') AND d.error_code IS NULL)",
            $rest
        )
    };
}
pub(super) use select_batches;

impl Store {
    /// The batch `id` of `tenant`, if there is one.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn batch(&self, tenant: &Tenant, id: &Id) -> Result<Option<Batch>, StoreError> {
        let values = vec![id.as_str().into(), tenant.as_str().into()];
        let sql = select_batches!(" FROM batches b WHERE b.id = ?1 AND b.tenant = ?2");
        Ok(self.db.one(sql, values, batch).await?)
    }

    /// The documents of the batch `id` of `tenant` in the order in which they were sent.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn batch_documents(&self, tenant: &Tenant, id: &Id) -> Result<Vec<Document>, StoreError> {
        let values = vec![id.as_str().into(), tenant.as_str().into()];
        let sql = select_documents!(
            " FROM documents d WHERE d.batch_id = ?1 AND d.tenant = ?2 ORDER BY d.batch_position"
        );
        Ok(self.db.all(sql, values, document).await?)
    }
}

impl Store {
    /// Of the next `limit` batches behind the id `after`, forgets those that have no documents any more and that no
    /// provider works on. Answers the last id that was looked at, `None` once there are no more.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_empty_batches(
        &self,
        after: &str,
        limit: u32,
    ) -> Result<(u64, Option<String>), StoreError> {
        let sql = "SELECT b.id, (SELECT COUNT(*) FROM
                 (SELECT 1 FROM documents d WHERE d.batch_id = b.id LIMIT 1) AS documents)
             FROM batches b WHERE b.id > ?1 ORDER BY b.id LIMIT ?2";
        let values = vec![after.into(), limit.into()];
        let read = |mut row: Row| Ok((row.take(0)?, row.take::<i64>(1)?));
        let found: Vec<(String, i64)> = self.db.latest().await?.all(sql, values, read).await?;
        let is_full = found.len() == limit as usize;
        let last = found.last().filter(|_| is_full).map(|(id, _)| id.clone());
        let empty = found.into_iter().filter(|(_, documents)| *documents == 0);
        let empty: Vec<String> = empty.map(|(id, _)| id).collect();
        let mut forgotten = 0;
        if !empty.is_empty() {
            forgotten = self.write(move |tx| Box::pin(delete_batches(tx, empty))).await?;
        }
        Ok((forgotten, last))
    }
}

async fn delete_batches(tx: &mut Tx, ids: Vec<String>) -> Result<u64, DbError> {
    let mut forgotten = 0;
    for id in ids {
        tx.run(
            "DELETE FROM provider_batches WHERE batch_id = ?1 AND ended_at IS NOT NULL
                 AND NOT EXISTS (SELECT 1 FROM provider_batch_documents d
                                 WHERE d.provider_batch_id = provider_batches.id)",
            vec![id.as_str().into()],
        )
        .await?;
        forgotten += tx
            .execute(
                "DELETE FROM batches WHERE id = ?1
                     AND NOT EXISTS (SELECT 1 FROM documents d WHERE d.batch_id = ?1)
                     AND NOT EXISTS (SELECT 1 FROM provider_batches p WHERE p.batch_id = ?1)",
                vec![id.into()],
            )
            .await?;
    }
    Ok(forgotten)
}

pub(super) fn batch(mut row: Row) -> Result<Batch, DbError> {
    let (total, pending, processing, completed): (u64, u64, u64, u64) =
        (row.take(6)?, row.take(7)?, row.take(8)?, row.take(9)?);
    Ok(Batch {
        id: parsed(&row.take::<String>(0)?)?,
        tenant: Tenant::stored(row.take(1)?),
        priority: parsed::<Priority>(&row.take::<i64>(2)?.to_string())?,
        status: parsed(&row.take::<String>(3)?)?,
        created_at: Timestamp::from_millis(row.take(4)?),
        completed_at: row.take::<Option<i64>>(5)?.map(Timestamp::from_millis),
        progress: Progress {
            total,
            pending,
            processing,
            completed,
            failed: total - pending - processing - completed,
        },
    })
}
