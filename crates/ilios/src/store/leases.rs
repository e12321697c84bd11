use std::time::Duration;

use super::db::{DbError, Row, Tx};
use super::documents::parsed;
use super::fence::{expired, expired_fence_values, held, update_held};
use super::transitions::{DocumentOutcome, Ending, end_batches, end_documents};
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
        self.write(move |tx| {
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
        .await
    }

    /// Gives jobs back that were not finished. They are due at once and cost no attempt; also those whose leases have
    /// run out, as long as no other worker has claimed them.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn release_jobs(&self, leases: Vec<Lease>) -> Result<(), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                for lease in leases {
                    release(tx, &lease).await?;
                }
                Ok(())
            })
        })
        .await
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
            let reaped = self.write(move |tx| Box::pin(reap(tx, policy, all))).await?;
            total += reaped;
            if reaped < MAX_RECLAIMED_JOBS.unsigned_abs() {
                break;
            }
        }
        if all {
            self.write(|tx| Box::pin(take_over_times(tx))).await?;
        }
        Ok(total)
    }
}

async fn extend(tx: &mut Tx, lease: &Lease, time: Duration) -> Result<bool, DbError> {
    let until = tx.lease_now().plus(time).as_millis();
    let sql = concat!("UPDATE jobs SET lease_until = ?5 WHERE ", held!());
    update_held(tx, lease, sql, vec![until.into()]).await
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
    let sql = concat!(
        "UPDATE jobs SET status = 'pending', owner = NULL, lease_until = NULL WHERE ",
        held!()
    );
    tx.run(sql, expired_fence_values(lease)).await
}

/// Takes jobs back whose workers have vanished; the documents that too many workers were lost with fail.
async fn reap(tx: &mut Tx, policy: RetryPolicy, all: bool) -> Result<u64, DbError> {
    let until = if all { i64::MAX } else { tx.lease_now().as_millis() };
    let sql = concat!(
        "WITH lost AS MATERIALIZED
             (SELECT id FROM jobs WHERE status = 'processing' AND ",
        expired!(),
        " ORDER BY id LIMIT ?2 FOR UPDATE SKIP LOCKED)
         UPDATE jobs SET status = 'pending', owner = NULL, lease_until = NULL, losses = losses + 1
         WHERE id IN (SELECT id FROM lost)
         RETURNING document_id, losses"
    );
    let values = vec![until.into(), MAX_RECLAIMED_JOBS.into()];
    let lost = |mut row: Row| Ok((parsed(&row.take::<String>(0)?)?, row.take::<i64>(1)?));
    let lost: Vec<(Id, i64)> = tx.all(sql, values, lost).await?;
    let reaped = lost.len() as u64;
    if reaped > 0 {
        tx.announce_jobs();
    }
    let spent = lost
        .into_iter()
        .filter(|(_, losses)| *losses >= policy.max_losses);
    let endings = spent.map(|(document, losses)| {
        let message = format!("{losses} workers vanished while they converted this document");
        let failure = Failure::new("document_crashes_converter", message);
        Ending::Open(document, DocumentOutcome::Failed(failure))
    });
    let (_, batches) = end_documents(tx, endings.collect()).await?;
    end_batches(tx, batches).await?;
    Ok(reaped)
}
