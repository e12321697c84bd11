use std::sync::Arc;
use std::time::Duration;

use super::db::{DbError, Row, Tx};
use super::documents::{document, document_columns, parsed};
use super::lanes::Lanes;
use super::{Store, StoreError};
use crate::model::{ClaimedJob, Lease};

impl Store {
    /// Takes the next due job for `owner`, if there is one, for the time of `lease`. Tenants take turns; within
    /// a tenant the most urgent job goes first, then the one that is due the longest.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn claim_job(&self, owner: &str, lease: Duration) -> Result<Option<ClaimedJob>, StoreError> {
        let (owner, lanes) = (owner.to_owned(), Arc::clone(&self.lanes));
        let claimed = self
            .db
            .write(move |tx| Box::pin(async move { claim(tx, &lanes, &owner, lease).await }))
            .await?;
        Ok(claimed)
    }
}

/// Takes the next due job inside a transaction.
pub(super) async fn claim(
    tx: &mut Tx,
    lanes: &Lanes,
    owner: &str,
    lease: Duration,
) -> Result<Option<ClaimedJob>, DbError> {
    let waiting = tenants_with_jobs(tx).await?;
    for tenant in lanes.order(waiting) {
        if let Some(row) = claim_of(tx, &tenant, owner, lease).await? {
            lanes.served(tenant);
            return begin(tx, row, owner).await.map(Some);
        }
    }
    Ok(None)
}

/// Every tenant with a pending job, with the number of its running ones. One step down the index a tenant,
/// however many jobs there are.
async fn tenants_with_jobs(tx: &mut Tx) -> Result<Vec<(String, i64)>, DbError> {
    let rows = tx
        .query(
            "WITH RECURSIVE lanes (tenant) AS (
                 SELECT (SELECT MIN(j.tenant) FROM jobs j WHERE j.status = 'pending')
                 UNION ALL
                 SELECT (SELECT MIN(j.tenant) FROM jobs j WHERE j.status = 'pending' AND j.tenant > lanes.tenant)
                 FROM lanes WHERE lanes.tenant IS NOT NULL
             )
             SELECT lanes.tenant,
                    (SELECT COUNT(*) FROM jobs r WHERE r.status = 'processing' AND r.tenant = lanes.tenant)
             FROM lanes WHERE lanes.tenant IS NOT NULL",
            Vec::new(),
        )
        .await?;
    rows.into_iter()
        .map(|mut row| Ok((row.take(0)?, row.take(1)?)))
        .collect()
}

async fn claim_of(tx: &mut Tx, tenant: &str, owner: &str, lease: Duration) -> Result<Option<Row>, DbError> {
    let now = tx.now();
    let rows = tx
        .query(
            "UPDATE jobs SET status = 'processing', attempt = attempt + 1, owner = ?2, lease_until = ?3
             WHERE status = 'pending' AND id =
                 (SELECT id FROM jobs WHERE status = 'pending' AND tenant = ?1 AND scheduled_at <= ?4
                  ORDER BY priority DESC, scheduled_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
             RETURNING id, document_id, attempt",
            vec![
                tenant.into(),
                owner.into(),
                now.plus(lease).as_millis().into(),
                now.as_millis().into(),
            ],
        )
        .await?;
    Ok(rows.into_iter().next())
}

/// Marks the document and its batch as begun.
async fn begin(tx: &mut Tx, mut row: Row, owner: &str) -> Result<ClaimedJob, DbError> {
    let (job, document_id, attempt): (String, String, i64) = (row.take(0)?, row.take(1)?, row.take(2)?);
    tx.run(
        "UPDATE documents SET status = 'processing' WHERE id = ?1 AND status = 'pending'",
        vec![document_id.as_str().into()],
    )
    .await?;
    let rows = tx
        .query(
            concat!(
                "SELECT ",
                document_columns!(),
                " FROM documents d WHERE d.id = ?1"
            ),
            vec![document_id.into()],
        )
        .await?;
    let row = rows
        .into_iter()
        .next()
        .ok_or_else(|| DbError::Schema("a job without a document".into()))?;
    let document = document(row)?;
    if let Some(batch) = &document.batch {
        tx.run(
            "UPDATE batches SET status = 'processing' WHERE id = ?1 AND status = 'pending'",
            vec![batch.as_str().into()],
        )
        .await?;
    }
    let lease = Lease {
        job: parsed(&job)?,
        document: document.id.clone(),
        batch: document.batch.clone(),
        attempt,
        owner: owner.to_owned(),
    };
    Ok(ClaimedJob { lease, document })
}
