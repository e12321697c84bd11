use super::db::Row;
use super::{Store, StoreError};
use crate::model::{Id, Tenant};

/// Jobs of the whole system.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct QueueState {
    /// Jobs that wait, counted up to the limit that was asked for.
    pub pending: u64,
    /// Jobs that a worker has.
    pub processing: u64,
}

/// The most jobs that are counted ahead of a document.
const MAX_COUNTED_POSITION: u32 = 10_000;

impl Store {
    /// Counts the jobs that wait and run; at most `limit` waiting ones, so that the cost is bounded.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn queue_state(&self, limit: u64) -> Result<QueueState, StoreError> {
        let sql =
            "SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM jobs WHERE status = 'pending' LIMIT ?1) AS waiting),
                    (SELECT COUNT(*) FROM jobs WHERE status = 'processing')";
        let state = |mut row: Row| {
            Ok(QueueState {
                pending: row.take(0)?,
                processing: row.take(1)?,
            })
        };
        let found = self.db.one(sql, vec![limit.into()], state).await?;
        Ok(found.unwrap_or_default())
    }

    /// Number of pending jobs of each tenant. Counts at most `limit` jobs in total, so that the cost is bounded.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn pending_by_tenant(&self, limit: u64) -> Result<Vec<(Tenant, u64)>, StoreError> {
        let sql = "SELECT tenant, COUNT(*) FROM
                 (SELECT tenant FROM jobs WHERE status = 'pending' LIMIT ?1) AS waiting
             GROUP BY tenant";
        let count = |mut row: Row| Ok((Tenant::stored(row.take(0)?), row.take(1)?));
        Ok(self.db.all(sql, vec![limit.into()], count).await?)
    }

    /// The place of a pending document in the line of its tenant: 1 for the next one, 10,001 for every place
    /// beyond the ten thousandth. `None` when its job does not wait.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn queue_position(&self, document: &Id) -> Result<Option<u64>, StoreError> {
        let sql = "SELECT (SELECT COUNT(*) FROM
                        (SELECT 1 FROM jobs a
                         WHERE a.status = 'pending' AND a.tenant = j.tenant AND a.priority > j.priority
                         LIMIT ?2) AS urgent),
                    (SELECT COUNT(*) FROM
                        (SELECT 1 FROM jobs a
                         WHERE a.status = 'pending' AND a.tenant = j.tenant AND a.priority = j.priority
                           AND (a.scheduled_at, a.id) < (j.scheduled_at, j.id) LIMIT ?2) AS older)
             FROM jobs j WHERE j.document_id = ?1 AND j.status = 'pending'";
        let values = vec![document.as_str().into(), MAX_COUNTED_POSITION.into()];
        let position = |mut row: Row| {
            let ahead = row.take::<u64>(0)? + row.take::<u64>(1)?;
            Ok(ahead.min(MAX_COUNTED_POSITION.into()) + 1)
        };
        Ok(self.db.one(sql, values, position).await?)
    }
}
