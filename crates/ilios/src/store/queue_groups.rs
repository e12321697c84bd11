use super::db::{DbError, Row};
use super::documents::from_json;
use super::{Store, StoreError};
use crate::model::{ConversionOptions, Tenant, Timestamp};

/// Jobs of one tenant with the same options, in the same state.
#[derive(Debug, Clone)]
pub struct QueueGroup {
    /// The tenant.
    pub tenant: Tenant,
    /// Its name, where it has one.
    pub name: Option<String>,
    /// Options of the conversions.
    pub options: ConversionOptions,
    /// True if workers have the jobs, false if they wait.
    pub processing: bool,
    /// Number of jobs.
    pub jobs: u64,
    /// Earliest moment at which one of them was due.
    pub due_since: Timestamp,
}

/// Groups of the pending jobs that are due first, at most ?1 of them, and of all that are processed. Sorted by an
/// index that has all columns of it, so that only so many rows are read.
macro_rules! groups {
    ($condition:literal) => {
        concat!(
            "SELECT j.tenant, t.name, COALESCE(d.reconversion, d.options), j.status, COUNT(*), MIN(j.scheduled_at)
             FROM (SELECT id FROM
                       (SELECT id FROM jobs WHERE status = 'pending'",
            $condition,
            "           ORDER BY scheduled_at LIMIT ?1) AS waiting
                   UNION ALL SELECT id FROM jobs WHERE status = 'processing'",
            $condition,
            "      ) AS open
             JOIN jobs j ON j.id = open.id
             JOIN documents d ON d.id = j.document_id
             LEFT JOIN tenants t ON t.id = j.tenant
             GROUP BY j.tenant, t.name, COALESCE(d.reconversion, d.options), j.status"
        )
    };
}

impl Store {
    /// Groups of the jobs that wait and run, those of `tenant` alone if there is one. Only the `limit` jobs that are
    /// due first are counted of those that wait, so that the cost is bounded.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn queue_groups(
        &self,
        tenant: Option<&Tenant>,
        limit: u64,
    ) -> Result<Vec<QueueGroup>, StoreError> {
        let found = match tenant {
            None => self.db.all(groups!(""), vec![limit.into()], group).await?,
            Some(tenant) => {
                let values = vec![limit.into(), tenant.as_str().into()];
                self.db.all(groups!(" AND tenant = ?2"), values, group).await?
            }
        };
        Ok(found)
    }

    /// The earliest moment at which a pending job of `tenant` was due.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn oldest_pending(&self, tenant: &Tenant) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT MIN(scheduled_at) FROM jobs WHERE status = 'pending' AND tenant = ?1";
        let moment = |mut row: Row| row.take::<Option<i64>>(0);
        let found = self.db.one(sql, vec![tenant.as_str().into()], moment).await?;
        Ok(found.flatten().map(Timestamp::from_millis))
    }
}

fn group(mut row: Row) -> Result<QueueGroup, DbError> {
    Ok(QueueGroup {
        tenant: Tenant::stored(row.take(0)?),
        name: row.take(1)?,
        options: from_json(&row.take::<String>(2)?)?,
        processing: row.take::<String>(3)? == "processing",
        jobs: row.take(4)?,
        due_since: Timestamp::from_millis(row.take(5)?),
    })
}
