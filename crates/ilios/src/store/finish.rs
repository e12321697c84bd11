use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use super::claim::claim;
use super::db::{DbError, Row, Tx};
use super::fence::{fence_values, held, update_held};
use super::transitions::{CompletedJob, DocumentOutcome, Ending, end_batches, end_documents};
use super::{Store, StoreError};
use crate::model::{ClaimedJob, Failure, Id, Lease, RetryPolicy, Timestamp};

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

impl From<&DocumentOutcome> for Settled {
    fn from(outcome: &DocumentOutcome) -> Self {
        match outcome {
            DocumentOutcome::Completed(_) => Self::Completed,
            DocumentOutcome::Failed(_) => Self::Failed,
        }
    }
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
        self.write(move |tx| {
            Box::pin(async move {
                let (settled, batches) = settle_all(tx, attempts, policy).await?;
                let claimed = claim(tx, &rotation, &owner, next.lease, next.most).await?;
                end_batches(tx, batches).await?;
                Ok((settled, claimed))
            })
        })
        .await
    }
}

async fn settle_all(
    tx: &mut Tx,
    attempts: Vec<(Lease, JobOutcome)>,
    policy: RetryPolicy,
) -> Result<(Vec<Settled>, BTreeSet<Id>), DbError> {
    let (mut settled, mut batches) = (Vec::with_capacity(attempts.len()), BTreeSet::new());
    let mut endings = Vec::new();
    for (lease, outcome) in attempts {
        if !matches!(outcome, JobOutcome::Completed(_) | JobOutcome::Failed(_)) {
            // Attempts are settled in their order.
            batches.append(&mut end(tx, &mut endings, &mut settled).await?);
        }
        match settle(tx, &lease, outcome, policy).await? {
            Next::End(outcome) => {
                settled.push(Settled::from(&outcome));
                endings.push(Ending::Attempt(lease, outcome));
            }
            Next::Settled(other) => settled.push(other),
        }
    }
    batches.append(&mut end(tx, &mut endings, &mut settled).await?);
    Ok((settled, batches))
}

/// Ends the documents of the last attempts of `settled`, as far as their leases hold; answers the batches that are to be
/// ended last of all.
async fn end(
    tx: &mut Tx,
    endings: &mut Vec<Ending>,
    settled: &mut [Settled],
) -> Result<BTreeSet<Id>, DbError> {
    if endings.is_empty() {
        return Ok(BTreeSet::new());
    }
    let before = settled.len() - endings.len();
    let (ended, batches) = end_documents(tx, std::mem::take(endings)).await?;
    for (settled, ended) in settled.iter_mut().skip(before).zip(ended) {
        if !ended {
            *settled = Settled::LeaseLost;
        }
    }
    Ok(batches)
}

/// Next step of an attempt.
enum Next {
    /// Its document ends, as far as the lease still holds.
    End(DocumentOutcome),
    /// None: it is settled.
    Settled(Settled),
}

async fn settle(
    tx: &mut Tx,
    lease: &Lease,
    outcome: JobOutcome,
    policy: RetryPolicy,
) -> Result<Next, DbError> {
    match outcome {
        JobOutcome::Completed(completed) => Ok(Next::End(DocumentOutcome::Completed(completed))),
        JobOutcome::Failed(failure) => Ok(Next::End(DocumentOutcome::Failed(failure))),
        JobOutcome::Retry { failure, crashed } => retry(tx, lease, failure, crashed, policy).await,
        JobOutcome::Postponed { reason, after } => {
            let at = tx.lease_now().plus(after);
            reschedule(tx, lease, at, reason).await
        }
    }
}

async fn retry(
    tx: &mut Tx,
    lease: &Lease,
    failure: Failure,
    crashed: bool,
    policy: RetryPolicy,
) -> Result<Next, DbError> {
    let mut values = fence_values(tx, lease);
    values.push(i64::from(crashed).into());
    let sql = concat!(
        "UPDATE jobs SET failures = failures + 1, crashes = crashes + ?5 WHERE ",
        held!(),
        " RETURNING failures, crashes"
    );
    let counts = |mut row: Row| Ok((row.take::<i64>(0)?, row.take::<i64>(1)?));
    let Some((failures, crashes)) = tx.one(sql, values, counts).await? else {
        return Ok(Next::Settled(Settled::LeaseLost));
    };
    if crashes >= policy.max_crashes {
        let message = format!("the converter died of this document {crashes} times");
        let failure = Failure::new("document_crashes_converter", message);
        return Ok(Next::End(DocumentOutcome::Failed(failure)));
    }
    if failures >= policy.max_failures {
        return Ok(Next::End(DocumentOutcome::Failed(failure)));
    }
    let at = tx.lease_now().plus(policy.delay(failures));
    reschedule(tx, lease, at, failure.message).await
}

async fn reschedule(tx: &mut Tx, lease: &Lease, at: Timestamp, reason: String) -> Result<Next, DbError> {
    let sql = concat!(
        "UPDATE jobs SET status = 'pending', owner = NULL, lease_until = NULL, scheduled_at = ?5, error = ?6 WHERE ",
        held!()
    );
    let is_held = update_held(tx, lease, sql, vec![at.as_millis().into(), reason.into()]).await?;
    Ok(Next::Settled(if is_held {
        Settled::Retried(at)
    } else {
        Settled::LeaseLost
    }))
}
