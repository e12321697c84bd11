use std::sync::Arc;
use std::time::Duration;

use super::db::{DbError, Row, Tx};
use super::documents::{document, document_columns, parsed};
use super::finish::proof;
use super::lanes::Lanes;
use super::{Store, StoreError};
use crate::model::{ClaimedJob, Lease};

impl Store {
    /// Takes up to `most` due jobs for `owner`, each for the time of `lease`. Tenants take turns; within a tenant the
    /// most urgent job goes first, then the one that is due the longest. The document of the first job is
    /// `processing` from now on; those of the others wait on, until [`Self::begin_job`] or their end.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn claim_jobs(
        &self,
        owner: &str,
        lease: Duration,
        most: usize,
    ) -> Result<Vec<ClaimedJob>, StoreError> {
        let (owner, lanes) = (owner.to_owned(), Arc::clone(&self.lanes));
        let claimed = self
            .db
            .write(move |tx| Box::pin(async move { claim(tx, &lanes, &owner, lease, most).await }))
            .await?;
        Ok(claimed)
    }

    /// Marks the document of a lease that holds as `processing`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn begin_job(&self, lease: Lease) -> Result<(), StoreError> {
        self.db
            .write(move |tx| Box::pin(async move { begin_held(tx, &lease).await }))
            .await?;
        Ok(())
    }
}

/// Takes up to `most` due jobs inside a transaction.
pub(super) async fn claim(
    tx: &mut Tx,
    lanes: &Lanes,
    owner: &str,
    lease: Duration,
    most: usize,
) -> Result<Vec<ClaimedJob>, DbError> {
    let mut claimed = Vec::new();
    while claimed.len() < most {
        match claim_next(tx, lanes, owner, lease, claimed.is_empty()).await? {
            Some(job) => claimed.push(job),
            None => break,
        }
    }
    Ok(claimed)
}

async fn claim_next(
    tx: &mut Tx,
    lanes: &Lanes,
    owner: &str,
    lease: Duration,
    first: bool,
) -> Result<Option<ClaimedJob>, DbError> {
    let waiting = tenants_with_jobs(tx).await?;
    for tenant in lanes.order(waiting) {
        if let Some(row) = claim_of(tx, &tenant, owner, lease).await? {
            lanes.served(tenant);
            return claimed(tx, row, owner, first).await.map(Some);
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

/// The claimed job; with `begin` its document is marked as begun. Its batch is in any case.
async fn claimed(tx: &mut Tx, mut row: Row, owner: &str, begin: bool) -> Result<ClaimedJob, DbError> {
    let (job, document_id, attempt): (String, String, i64) = (row.take(0)?, row.take(1)?, row.take(2)?);
    if begin {
        begin_document(tx, &document_id).await?;
    }
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

async fn begin_document(tx: &mut Tx, document: &str) -> Result<(), DbError> {
    tx.execute(
        "UPDATE documents SET status = 'processing' WHERE id = ?1 AND status = 'pending'",
        vec![document.into()],
    )
    .await
    .map(drop)
}

async fn begin_held(tx: &mut Tx, lease: &Lease) -> Result<(), DbError> {
    let held = tx
        .query(
            "SELECT 1 FROM jobs
             WHERE id = ?1 AND attempt = ?2 AND owner = ?3 AND status = 'processing' AND lease_until > ?4",
            proof(tx, lease),
        )
        .await?;
    if held.is_empty() {
        return Ok(());
    }
    begin_document(tx, lease.document.as_str()).await
}
