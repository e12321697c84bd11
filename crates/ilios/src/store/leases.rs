use std::time::Duration;

use super::batches::{end_batch, lock_batch};
use super::db::{DbError, Row, Tx};
use super::documents::parsed;
use super::finish::fail_document;
use super::{Store, StoreError};
use crate::model::{Failure, Id, Lease, RetryPolicy};

/// Jobs of vanished workers that one transaction takes back.
const MAX_RECLAIMED_JOBS: i64 = 200;

impl Store {
    /// Prolongs leases by `time` from now and answers those that still hold; the others are lost, and their
    /// work must stop.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn extend_leases(&self, leases: Vec<Lease>, time: Duration) -> Result<Vec<Lease>, StoreError> {
        let held = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let mut held = Vec::with_capacity(leases.len());
                    for lease in leases {
                        if extend(tx, &lease, time).await? {
                            held.push(lease);
                        }
                    }
                    Ok(held)
                })
            })
            .await?;
        Ok(held)
    }

    /// Gives jobs back that were not finished. They are due at once and cost no attempt; also those whose leases have
    /// run out, as long as no other worker has claimed them.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn release_jobs(&self, leases: Vec<Lease>) -> Result<(), StoreError> {
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    for lease in leases {
                        release(tx, &lease).await?;
                    }
                    Ok(())
                })
            })
            .await?;
        Ok(())
    }

    /// Takes back the jobs whose lease has run out, or, with `all`, every job that is being worked on: right only where
    /// no other process can be at work, and then nothing waits any longer for a time that another process has set.
    /// Answers how many there were.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn reclaim_expired_jobs(&self, policy: RetryPolicy, all: bool) -> Result<u64, StoreError> {
        let mut total = 0;
        loop {
            let reaped = self.db.write(move |tx| Box::pin(reap(tx, policy, all))).await?;
            total += reaped;
            if reaped < MAX_RECLAIMED_JOBS.unsigned_abs() {
                break;
            }
        }
        if all {
            self.db.write(|tx| Box::pin(take_over_times(tx))).await?;
        }
        Ok(total)
    }
}

async fn extend(tx: &mut Tx, lease: &Lease, time: Duration) -> Result<bool, DbError> {
    let now = tx.lease_now();
    let changed = tx
        .execute(
            "UPDATE jobs SET lease_until = ?5
             WHERE id = ?1 AND attempt = ?2 AND owner = ?3 AND status = 'processing' AND lease_until > ?4",
            vec![
                lease.job.as_str().into(),
                lease.attempt.into(),
                lease.owner.as_str().into(),
                now.as_millis().into(),
                now.plus(time).as_millis().into(),
            ],
        )
        .await?;
    Ok(changed == 1)
}

/// Times that another process has written are of its clock: nothing of it is to wait for them, nor to be held by it.
async fn take_over_times(tx: &mut Tx) -> Result<(), DbError> {
    let now = tx.lease_now().as_millis();
    tx.run(
        "UPDATE jobs SET scheduled_at = ?1 WHERE status = 'pending' AND scheduled_at > ?1",
        vec![now.into()],
    )
    .await?;
    tx.run(
        "UPDATE provider_batches SET owner = NULL, lease_until = NULL,
             due_at = CASE WHEN due_at > ?1 THEN ?1 ELSE due_at END,
             sent_at = CASE WHEN sent_at > ?1 THEN ?1 ELSE sent_at END
         WHERE ended_at IS NULL",
        vec![now.into()],
    )
    .await
}

async fn release(tx: &mut Tx, lease: &Lease) -> Result<(), DbError> {
    tx.announce_jobs();
    tx.run(
        "UPDATE jobs SET status = 'pending', owner = NULL, lease_until = NULL
         WHERE id = ?1 AND attempt = ?2 AND owner = ?3 AND status = 'processing'",
        vec![
            lease.job.as_str().into(),
            lease.attempt.into(),
            lease.owner.as_str().into(),
        ],
    )
    .await
}

async fn reap(tx: &mut Tx, policy: RetryPolicy, all: bool) -> Result<u64, DbError> {
    let until = if all { i64::MAX } else { tx.lease_now().as_millis() };
    let sql = "SELECT j.id, j.attempt, j.losses, d.id, d.batch_id
         FROM jobs j JOIN documents d ON d.id = j.document_id
         WHERE j.status = 'processing' AND j.lease_until <= ?1
         ORDER BY d.batch_id, j.id LIMIT ?2";
    let values = vec![until.into(), MAX_RECLAIMED_JOBS.into()];
    let mut reaped = 0;
    for lost in tx.all(sql, values, lost).await? {
        reaped += u64::from(reclaim_lost(tx, &lost, policy, until).await?);
    }
    Ok(reaped)
}

/// A job whose worker has vanished.
struct Lost {
    job: String,
    attempt: i64,
    losses: i64,
    document: String,
    batch: Option<Id>,
}

fn lost(mut row: Row) -> Result<Lost, DbError> {
    let batch: Option<String> = row.take(4)?;
    Ok(Lost {
        job: row.take(0)?,
        attempt: row.take(1)?,
        losses: row.take::<i64>(2)? + 1,
        document: row.take(3)?,
        batch: batch.map(|id| parsed(&id)).transpose()?,
    })
}

/// Takes a job back if its lease still ends by `until`: a heartbeat may have come since it was looked at.
async fn reclaim_lost(tx: &mut Tx, lost: &Lost, policy: RetryPolicy, until: i64) -> Result<bool, DbError> {
    tx.announce_jobs();
    lock_batch(tx, lost.batch.as_ref()).await?;
    let spent = lost.losses >= policy.max_losses;
    let now = tx.now().as_millis();
    let changed = tx
        .execute(
            "UPDATE jobs SET status = ?3, owner = NULL, lease_until = NULL, losses = losses + 1, finished_at = ?4
             WHERE id = ?1 AND attempt = ?2 AND status = 'processing' AND lease_until <= ?5",
            vec![
                lost.job.as_str().into(),
                lost.attempt.into(),
                if spent { "failed" } else { "pending" }.into(),
                spent.then_some(now).into(),
                until.into(),
            ],
        )
        .await?;
    if changed == 1 && spent {
        let message = format!(
            "{} workers vanished while they converted this document",
            lost.losses
        );
        fail_document(
            tx,
            &lost.document,
            Failure::new("document_crashes_converter", message),
        )
        .await?;
        end_batch(tx, lost.batch.as_ref()).await?;
    }
    Ok(changed == 1)
}
