use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use super::batches::{end_batch, lock_batch};
use super::claim::claim;
use super::db::{DbError, Tx, Value};
use super::documents::{insert_content, json};
use super::usage::insert_usage;
use super::{Store, StoreError};
use crate::model::{
    ClaimedJob, DocumentContent, DocumentMetadata, Failure, Id, Lease, RetryPolicy, Timestamp, UsageRecord,
};

/// How an attempt ended.
#[derive(Debug, Clone)]
pub enum JobOutcome {
    /// The document was converted.
    Completed(Box<CompletedJob>),
    /// The document failed, and would fail again.
    Failed(Failure),
    /// The attempt failed; another one may not.
    Retry {
        /// Why.
        failure: Failure,
        /// Whether the converter died of the document.
        crashed: bool,
    },
    /// Something that the attempt needs does not answer. Costs no attempt: the document is not at fault.
    Postponed {
        /// Why.
        reason: String,
        /// How long to wait.
        after: Duration,
    },
}

/// What is kept of a converted document.
#[derive(Debug, Clone)]
pub struct CompletedJob {
    /// The content.
    pub content: DocumentContent,
    /// What the conversion found.
    pub metadata: DocumentMetadata,
    /// What it cost.
    pub usage: UsageRecord,
    /// SHA-256 of the original.
    pub sha256: String,
    /// Media type by content.
    pub mime_type: String,
    /// Bytes of the original.
    pub file_size: u64,
}

/// What became of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// The document is completed.
    Completed,
    /// The document has failed.
    Failed,
    /// The job runs again at this moment.
    Again(Timestamp),
    /// The lease was no longer valid: nothing was written.
    Stale,
}

/// How many jobs the owner of settled ones takes next, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct Next {
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
        next: Next,
    ) -> Result<(Vec<Settled>, Vec<ClaimedJob>), StoreError> {
        let (owner, lanes) = (owner.to_owned(), Arc::clone(&self.lanes));
        let finished = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let batches = batches_of(&attempts);
                    let settled = settle_all(tx, attempts, policy).await?;
                    let claimed = claim(tx, &lanes, &owner, next.lease, next.most).await?;
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
    for (lease, outcome) in attempts {
        settled.push(settle(tx, &lease, outcome, policy).await?);
    }
    Ok(settled)
}

/// The batches of attempts, in the order in which everybody locks them.
fn batches_of(attempts: &[(Lease, JobOutcome)]) -> BTreeSet<Id> {
    let batches = attempts.iter().filter_map(|(lease, _)| lease.batch.clone());
    batches.collect()
}

/// Whoever ends documents of a batch takes turns, so that exactly one of them finds the batch ended. Last of all in a
/// transaction, so that the others wait for the commit alone.
async fn end_batches(tx: &mut Tx, batches: BTreeSet<Id>) -> Result<(), DbError> {
    for batch in &batches {
        lock_batch(tx, Some(batch)).await?;
        end_batch(tx, Some(batch)).await?;
    }
    Ok(())
}

async fn settle(
    tx: &mut Tx,
    lease: &Lease,
    outcome: JobOutcome,
    policy: RetryPolicy,
) -> Result<Settled, DbError> {
    match outcome {
        JobOutcome::Completed(completed) => complete(tx, lease, *completed).await,
        JobOutcome::Failed(failure) => fail(tx, lease, failure).await,
        JobOutcome::Retry { failure, crashed } => retry(tx, lease, failure, crashed, policy).await,
        JobOutcome::Postponed { reason, after } => {
            let at = tx.now().plus(after);
            reschedule(tx, lease, at, reason).await
        }
    }
}

async fn complete(tx: &mut Tx, lease: &Lease, completed: CompletedJob) -> Result<Settled, DbError> {
    if !end_job(tx, lease, "completed", None).await? {
        return Ok(Settled::Stale);
    }
    complete_document(tx, lease.document.as_str(), completed).await?;
    Ok(Settled::Completed)
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

async fn fail(tx: &mut Tx, lease: &Lease, failure: Failure) -> Result<Settled, DbError> {
    if !end_job(tx, lease, "failed", Some(failure.message.clone())).await? {
        return Ok(Settled::Stale);
    }
    fail_document(tx, lease.document.as_str(), failure).await?;
    Ok(Settled::Failed)
}

async fn retry(
    tx: &mut Tx,
    lease: &Lease,
    failure: Failure,
    crashed: bool,
    policy: RetryPolicy,
) -> Result<Settled, DbError> {
    let mut values = proof(tx, lease);
    values.push(i64::from(crashed).into());
    let rows = tx
        .query(
            "UPDATE jobs SET failures = failures + 1, crashes = crashes + ?5
             WHERE id = ?1 AND attempt = ?2 AND owner = ?3 AND status = 'processing' AND lease_until > ?4
             RETURNING failures, crashes",
            values,
        )
        .await?;
    let Some(mut row) = rows.into_iter().next() else {
        return Ok(Settled::Stale);
    };
    let (failures, crashes): (i64, i64) = (row.take(0)?, row.take(1)?);
    if crashes >= policy.max_crashes {
        let message = format!("the converter died of this document {crashes} times");
        return fail(tx, lease, Failure::new("document_crashes_converter", message)).await;
    }
    if failures >= policy.max_failures {
        return fail(tx, lease, failure).await;
    }
    let at = tx.now().plus(policy.delay(failures));
    reschedule(tx, lease, at, failure.message).await
}

async fn reschedule(tx: &mut Tx, lease: &Lease, at: Timestamp, reason: String) -> Result<Settled, DbError> {
    let mut values = proof(tx, lease);
    values.extend([at.as_millis().into(), reason.into()]);
    let changed = tx
        .execute(
            "UPDATE jobs SET status = 'pending', owner = NULL, lease_until = NULL, scheduled_at = ?5, error = ?6
             WHERE id = ?1 AND attempt = ?2 AND owner = ?3 AND status = 'processing' AND lease_until > ?4",
            values,
        )
        .await?;
    Ok(if changed == 1 {
        Settled::Again(at)
    } else {
        Settled::Stale
    })
}

/// Ends the job if the lease still holds; answers whether it did.
async fn end_job(
    tx: &mut Tx,
    lease: &Lease,
    status: &'static str,
    error: Option<String>,
) -> Result<bool, DbError> {
    let mut values = proof(tx, lease);
    values.extend([status.into(), error.into()]);
    let changed = tx
        .execute(
            "UPDATE jobs SET status = ?5, owner = NULL, lease_until = NULL, finished_at = ?4, error = ?6
             WHERE id = ?1 AND attempt = ?2 AND owner = ?3 AND status = 'processing' AND lease_until > ?4",
            values,
        )
        .await?;
    Ok(changed == 1)
}

/// The parameters ?1 to ?4 of every fenced statement.
pub(super) fn proof(tx: &Tx, lease: &Lease) -> Vec<Value> {
    vec![
        lease.job.as_str().into(),
        lease.attempt.into(),
        lease.owner.as_str().into(),
        tx.now().as_millis().into(),
    ]
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
