use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use super::batches::{end_batch, lock_batch};
use super::claim::claim;
use super::db::{DbError, Row, Tx};
use super::documents::{insert_content, json};
use super::fence::fence_values;
use super::usage::insert_usage;
use super::{Store, StoreError};
use crate::model::{
    ClaimedJob, DocumentContent, DocumentMetadata, Failure, Id, Lease, RetryPolicy, Timestamp, UsageRecord,
};

/// Outcome of an attempt.
#[derive(Debug, Clone)]
pub enum JobOutcome {
    /// The document was converted.
    Completed(Box<CompletedJob>),
    /// The document failed, and would fail again.
    Failed(Failure),
    /// The attempt failed; another one may not.
    Retry {
        /// The reason.
        failure: Failure,
        /// True if the converter died of the document.
        crashed: bool,
    },
    /// Something that the attempt needs does not answer. Costs no attempt: the document is not at fault.
    Postponed {
        /// The reason.
        reason: String,
        /// Delay of the next attempt.
        after: Duration,
    },
}

/// Result of a converted document.
#[derive(Debug, Clone)]
pub struct CompletedJob {
    /// The content.
    pub content: DocumentContent,
    /// Metadata of the conversion.
    pub metadata: DocumentMetadata,
    /// Its cost.
    pub usage: UsageRecord,
    /// SHA-256 of the original.
    pub sha256: String,
    /// Media type by content.
    pub mime_type: String,
    /// Bytes of the original.
    pub file_size: u64,
}

/// Result of settling an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// The document is completed.
    Completed,
    /// The document has failed.
    Failed,
    /// The job runs again at this moment.
    Retried(Timestamp),
    /// The lease was no longer valid: nothing was written.
    LeaseLost,
}

/// Claim of the next jobs by the owner of settled ones.
#[derive(Debug, Clone, Copy)]
pub struct NextClaim {
    /// The most jobs.
    pub most: usize,
    /// The time of their leases.
    pub lease: Duration,
}

impl Store {
    /// Settles attempts of `owner` and takes its next jobs in the same transaction; answers what became of each
    /// attempt, in their order. Everything of an attempt is written, or, when its lease has run out or belongs to
    /// somebody else by now, nothing.
    ///
    /// # Errors
    /// [`StoreError::Database`]; then nothing of any attempt was written, unless the connection was lost in between.
    pub async fn finish_jobs(
        &self,
        owner: &str,
        attempts: Vec<(Lease, JobOutcome)>,
        policy: RetryPolicy,
        next: NextClaim,
    ) -> Result<(Vec<Settled>, Vec<ClaimedJob>), StoreError> {
        let (owner, rotation) = (owner.to_owned(), Arc::clone(&self.rotation));
        let finished = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let batches = batches_of(&attempts);
                    let settled = settle_all(tx, attempts, policy).await?;
                    let claimed = claim(tx, &rotation, &owner, next.lease, next.most).await?;
                    end_batches(tx, batches).await?;
                    Ok((settled, claimed))
                })
            })
            .await?;
        Ok(finished)
    }
}

async fn settle_all(
    tx: &mut Tx,
    attempts: Vec<(Lease, JobOutcome)>,
    policy: RetryPolicy,
) -> Result<Vec<Settled>, DbError> {
    let mut settled = Vec::with_capacity(attempts.len());
    let mut ending = Vec::new();
    for (lease, outcome) in attempts {
        match outcome {
            JobOutcome::Completed(completed) => ending.push((lease, Ok(completed))),
            JobOutcome::Failed(failure) => ending.push((lease, Err(failure))),
            JobOutcome::Retry { failure, crashed } => {
                settled.extend(end(tx, std::mem::take(&mut ending)).await?);
                settled.push(retry(tx, &lease, failure, crashed, policy).await?);
            }
            JobOutcome::Postponed { reason, after } => {
                settled.extend(end(tx, std::mem::take(&mut ending)).await?);
                let at = tx.lease_now().plus(after);
                settled.push(reschedule(tx, &lease, at, reason).await?);
            }
        }
    }
    settled.extend(end(tx, ending).await?);
    Ok(settled)
}

/// Ends jobs and their documents, as far as the leases still hold.
async fn end(
    tx: &mut Tx,
    attempts: Vec<(Lease, Result<Box<CompletedJob>, Failure>)>,
) -> Result<Vec<Settled>, DbError> {
    let ended = end_jobs(tx, &attempts).await?;
    let mut settled = Vec::with_capacity(attempts.len());
    for ((lease, outcome), ended) in attempts.into_iter().zip(ended) {
        let document = lease.document.as_str();
        settled.push(match outcome {
            _ if !ended => Settled::LeaseLost,
            Ok(completed) => {
                complete_document(tx, document, *completed).await?;
                Settled::Completed
            }
            Err(failure) => {
                fail_document(tx, document, failure).await?;
                Settled::Failed
            }
        });
    }
    Ok(settled)
}

/// Ends jobs whose leases still hold; answers for each whether it did.
async fn end_jobs(
    tx: &mut Tx,
    attempts: &[(Lease, Result<Box<CompletedJob>, Failure>)],
) -> Result<Vec<bool>, DbError> {
    let values = attempts.iter().map(|(lease, outcome)| {
        let (status, error) = match outcome {
            Ok(_) => ("completed", None),
            Err(failure) => ("failed", Some(failure.message.clone())),
        };
        let mut values = fence_values(tx, lease);
        values.extend([status.into(), error.into()]);
        values
    });
    let values = values.collect();
    let ended = tx
        .query_each(
            "UPDATE jobs SET status = ?5, owner = NULL, lease_until = NULL, finished_at = ?4, error = ?6
             WHERE id = ?1 AND attempt = ?2 AND owner = ?3 AND status = 'processing' AND lease_until > ?4
             RETURNING id",
            values,
        )
        .await?;
    Ok(ended.iter().map(|rows| rows.len() == 1).collect())
}

/// The batches of attempts, in the order in which all transactions lock them.
fn batches_of(attempts: &[(Lease, JobOutcome)]) -> BTreeSet<Id> {
    let batches = attempts.iter().filter_map(|(lease, _)| lease.batch.clone());
    batches.collect()
}

/// Locks the batches of the ended documents, so that exactly one transaction finds a batch ended. The last step of a
/// transaction, so that others wait for the commit alone.
async fn end_batches(tx: &mut Tx, batches: BTreeSet<Id>) -> Result<(), DbError> {
    for batch in &batches {
        lock_batch(tx, Some(batch)).await?;
        end_batch(tx, Some(batch)).await?;
    }
    Ok(())
}

/// Writes what a document came to, with its usage record.
pub(super) async fn complete_document(tx: &mut Tx, id: &str, completed: CompletedJob) -> Result<(), DbError> {
    let now = tx.now().as_millis();
    tx.run(
        "UPDATE documents SET status = 'completed', processed_at = ?2, metadata = ?3, sha256 = ?4, mime_type = ?5,
             file_size = ?6, error_code = NULL, error = NULL
         WHERE id = ?1",
        vec![
            id.into(),
            now.into(),
            json(&completed.metadata)?.into(),
            completed.sha256.into(),
            completed.mime_type.into(),
            completed.file_size.into(),
        ],
    )
    .await?;
    insert_content(tx, id.to_owned(), completed.content).await?;
    insert_usage(tx, completed.usage).await
}

async fn retry(
    tx: &mut Tx,
    lease: &Lease,
    failure: Failure,
    crashed: bool,
    policy: RetryPolicy,
) -> Result<Settled, DbError> {
    let mut values = fence_values(tx, lease);
    values.push(i64::from(crashed).into());
    let sql = "UPDATE jobs SET failures = failures + 1, crashes = crashes + ?5
         WHERE id = ?1 AND attempt = ?2 AND owner = ?3 AND status = 'processing' AND lease_until > ?4
         RETURNING failures, crashes";
    let counts = |mut row: Row| Ok((row.take::<i64>(0)?, row.take::<i64>(1)?));
    let Some((failures, crashes)) = tx.one(sql, values, counts).await? else {
        return Ok(Settled::LeaseLost);
    };
    if crashes >= policy.max_crashes {
        let message = format!("the converter died of this document {crashes} times");
        return fail(tx, lease, Failure::new("document_crashes_converter", message)).await;
    }
    if failures >= policy.max_failures {
        return fail(tx, lease, failure).await;
    }
    let at = tx.lease_now().plus(policy.delay(failures));
    reschedule(tx, lease, at, failure.message).await
}

async fn reschedule(tx: &mut Tx, lease: &Lease, at: Timestamp, reason: String) -> Result<Settled, DbError> {
    let mut values = fence_values(tx, lease);
    values.extend([at.as_millis().into(), reason.into()]);
    let changed = tx
        .execute(
            "UPDATE jobs SET status = 'pending', owner = NULL, lease_until = NULL, scheduled_at = ?5, error = ?6
             WHERE id = ?1 AND attempt = ?2 AND owner = ?3 AND status = 'processing' AND lease_until > ?4",
            values,
        )
        .await?;
    Ok(if changed == 1 {
        Settled::Retried(at)
    } else {
        Settled::LeaseLost
    })
}

async fn fail(tx: &mut Tx, lease: &Lease, failure: Failure) -> Result<Settled, DbError> {
    let settled = end(tx, vec![(lease.clone(), Err(failure))]).await?;
    Ok(settled.first().copied().unwrap_or(Settled::LeaseLost))
}

/// Ends a document that did not make it.
pub(super) async fn fail_document(tx: &mut Tx, id: &str, failure: Failure) -> Result<(), DbError> {
    let now = tx.now().as_millis();
    tx.run(
        "UPDATE documents SET status = 'failed', processed_at = ?2, error_code = ?3, error = ?4,
             upload_expires_at = NULL
         WHERE id = ?1",
        vec![id.into(), now.into(), failure.code.into(), failure.message.into()],
    )
    .await
}
