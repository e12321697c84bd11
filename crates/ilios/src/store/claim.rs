use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use super::db::{DbError, Row, Tx};
use super::documents::{document, parsed, select_documents};
use super::fence::{fence_values, held};
use super::tenant_rotation::TenantRotation;
use super::{Store, StoreError};
use crate::model::{ClaimedJob, Id, Lease};

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
        let (owner, rotation) = (owner.to_owned(), Arc::clone(&self.rotation));
        self.write(move |tx| Box::pin(async move { claim(tx, &rotation, &owner, lease, most).await }))
            .await
    }

    /// Marks the document of a lease that holds as `processing`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn begin_job(&self, lease: Lease) -> Result<(), StoreError> {
        self.write(move |tx| Box::pin(async move { begin_held(tx, &lease).await }))
            .await
    }
}

/// Takes up to `most` due jobs inside a transaction.
pub(super) async fn claim(
    tx: &mut Tx,
    rotation: &TenantRotation,
    owner: &str,
    lease: Duration,
    most: usize,
) -> Result<Vec<ClaimedJob>, DbError> {
    let mut taken = Vec::new();
    let mut waiting = tenants_with_jobs(tx).await?;
    // A tenant may have fewer jobs that are due than its share: then the others have another turn.
    while taken.len() < most && !waiting.is_empty() {
        let turns = rotation.next_tenants(&waiting, most - taken.len());
        let found = take_in_turn(tx, &turns, owner, lease).await?;
        for tenant in found.iter().map(|job| &job.tenant) {
            rotation.record_turn(tenant);
        }
        waiting.retain_mut(|(tenant, running)| {
            let count = |of: &mut dyn Iterator<Item = &String>| of.filter(|other| *other == tenant).count();
            let got = count(&mut found.iter().map(|job| &job.tenant));
            *running += i64::try_from(got).unwrap_or(i64::MAX);
            got == count(&mut turns.iter())
        });
        taken.extend(found);
    }
    begin(tx, taken, owner).await
}

/// A job that was taken just now.
struct Taken {
    job: String,
    document: String,
    tenant: String,
    attempt: i64,
}

/// Takes one job a turn, as far as there are due ones; answers them in the order of the turns.
async fn take_in_turn(
    tx: &mut Tx,
    turns: &[String],
    owner: &str,
    lease: Duration,
) -> Result<Vec<Taken>, DbError> {
    let mut shares: Vec<(&String, usize)> = Vec::new();
    for tenant in turns {
        match shares.iter_mut().find(|(other, _)| *other == tenant) {
            Some((_, share)) => *share += 1,
            None => shares.push((tenant, 1)),
        }
    }
    let mut found: HashMap<&String, VecDeque<Taken>> = HashMap::new();
    for (tenant, share) in shares {
        let jobs = take_of(tx, tenant, owner, lease, share).await?;
        found.insert(tenant, jobs.into());
    }
    let in_turn = turns
        .iter()
        .filter_map(|tenant| found.get_mut(tenant)?.pop_front());
    Ok(in_turn.collect())
}

/// Every tenant with a pending job, with the number of its running ones where that matters. One step down the index
/// a tenant, however many jobs there are.
async fn tenants_with_jobs(tx: &mut Tx) -> Result<Vec<(String, i64)>, DbError> {
    let sql = "WITH RECURSIVE waiting_tenants (tenant) AS (
             SELECT (SELECT MIN(j.tenant) FROM jobs j WHERE j.status = 'pending')
             UNION ALL
             SELECT (SELECT MIN(j.tenant) FROM jobs j WHERE j.status = 'pending' AND j.tenant > waiting_tenants.tenant)
             FROM waiting_tenants WHERE waiting_tenants.tenant IS NOT NULL
         )
         SELECT waiting_tenants.tenant FROM waiting_tenants WHERE waiting_tenants.tenant IS NOT NULL";
    let tenant = |mut row: Row| Ok((row.take(0)?, 0));
    let mut tenants: Vec<(String, i64)> = tx.all(sql, Vec::new(), tenant).await?;
    // One alone takes every turn, whatever it has running.
    if tenants.len() > 1 {
        let running = running_jobs(tx).await?;
        for (tenant, count) in &mut tenants {
            *count = running.get(tenant).copied().unwrap_or_default();
        }
    }
    Ok(tenants)
}

async fn running_jobs(tx: &mut Tx) -> Result<HashMap<String, i64>, DbError> {
    let sql = "SELECT tenant, COUNT(*) FROM jobs WHERE status = 'processing' GROUP BY tenant";
    let counts = tx.all(sql, Vec::new(), |mut row| Ok((row.take(0)?, row.take(1)?)));
    Ok(counts.await?.into_iter().collect())
}

/// Takes up to `most` due jobs of a tenant; answers them in their order.
async fn take_of(
    tx: &mut Tx,
    tenant: &str,
    owner: &str,
    lease: Duration,
    most: usize,
) -> Result<Vec<Taken>, DbError> {
    let now = tx.lease_now();
    let sql = "WITH due AS MATERIALIZED
             (SELECT id FROM jobs WHERE status = 'pending' AND tenant = ?1 AND scheduled_at <= ?4
              ORDER BY priority DESC, scheduled_at, id LIMIT ?5 FOR UPDATE SKIP LOCKED)
         UPDATE jobs SET status = 'processing', attempt = attempt + 1, owner = ?2, lease_until = ?3
         WHERE status = 'pending' AND id IN (SELECT id FROM due)
         RETURNING id, document_id, attempt, priority, scheduled_at";
    let values = vec![
        tenant.into(),
        owner.into(),
        now.plus(lease).as_millis().into(),
        now.as_millis().into(),
        i64::try_from(most).unwrap_or(i64::MAX).into(),
    ];
    let job = |mut row: Row| {
        let taken = Taken {
            job: row.take(0)?,
            document: row.take(1)?,
            tenant: tenant.to_owned(),
            attempt: row.take(2)?,
        };
        Ok((-row.take::<i64>(3)?, row.take::<i64>(4)?, taken))
    };
    let mut jobs = tx.all(sql, values, job).await?;
    // Changed rows come in no order.
    jobs.sort_by(|a, b| (a.0, a.1, &a.2.job).cmp(&(b.0, b.1, &b.2.job)));
    Ok(jobs.into_iter().map(|(_, _, taken)| taken).collect())
}

/// The taken jobs with their documents. The document of the first one is marked as begun, and the batches of all are.
async fn begin(tx: &mut Tx, taken: Vec<Taken>, owner: &str) -> Result<Vec<ClaimedJob>, DbError> {
    if let Some(first) = taken.first() {
        begin_document(tx, &first.document).await?;
    }
    let sql = select_documents!(" FROM documents d WHERE d.id = ?1");
    let ids = taken.iter().map(|job| vec![job.document.as_str().into()]);
    let documents = tx.query_each(sql, ids.collect()).await?;
    let mut claimed = Vec::with_capacity(taken.len());
    for (job, rows) in taken.into_iter().zip(documents) {
        let row = rows.into_iter().next();
        let mut document = document(row.ok_or_else(|| DbError::Schema("a job without a document".into()))?)?;
        if let Some(options) = document.reconversion_under_way() {
            document.options = options.clone();
        }
        let lease = Lease {
            job: parsed(&job.job)?,
            document: document.id.clone(),
            batch: document.batch.clone(),
            attempt: job.attempt,
            owner: owner.to_owned(),
        };
        claimed.push(ClaimedJob { lease, document });
    }
    let batches: BTreeSet<&Id> = claimed
        .iter()
        .filter_map(|job| job.lease.batch.as_ref())
        .collect();
    for batch in batches {
        tx.run(
            "UPDATE batches SET status = 'processing' WHERE id = ?1 AND status = 'pending'",
            vec![batch.as_str().into()],
        )
        .await?;
    }
    Ok(claimed)
}

async fn begin_document(tx: &mut Tx, document: &str) -> Result<(), DbError> {
    tx.run(
        "UPDATE documents SET status = 'processing' WHERE id = ?1 AND status = 'pending'",
        vec![document.into()],
    )
    .await
}

async fn begin_held(tx: &mut Tx, lease: &Lease) -> Result<(), DbError> {
    let sql = concat!("SELECT 1 FROM jobs WHERE ", held!());
    if tx.exists(sql, fence_values(tx, lease)).await? {
        begin_document(tx, lease.document.as_str()).await?;
    }
    Ok(())
}
