use std::time::Duration;

use futures::FutureExt;
use futures::future::select_all;

use super::DocumentJobs;
use crate::model::{ClaimedJob, Failure};
use crate::queue::{Done, Settlement};
use crate::store::{Disposition, JobOutcome, Next, StoreError};

/// Waits between the tries to write results, while their leases last.
const WRITE_AGAIN: Duration = Duration::from_millis(500);

impl DocumentJobs {
    /// Writes how attempts ended, all in one transaction; goes on trying while the database is away and somebody
    /// still wants them. Should the database refuse them, each is tried alone, so that one cannot keep the others
    /// from their ends.
    pub(super) async fn settle_all(&self, mut done: Vec<Done<Self>>, more: usize) -> Settlement<ClaimedJob> {
        let mut settlement = Settlement {
            next: Vec::new(),
            left: Vec::new(),
        };
        while !done.is_empty() {
            let error = match self.write(&done, more).await {
                Ok(next) => {
                    settlement.next = next;
                    break;
                }
                Err(error) => error,
            };
            if let (StoreError::TooLarge, [only]) = (&error, &mut done[..])
                && let JobOutcome::Completed(_) = only.outcome
            {
                only.outcome = JobOutcome::Failed(Failure::new("limit_exceeded", error.to_string()));
                continue;
            }
            tracing::error!(%error, results = done.len(), "results could not be written");
            if error.disposition() == Disposition::GiveUp {
                if done.len() == 1 {
                    settlement.left.extend(done.pop().map(|done| done.job.lease));
                }
                self.settle_each(&mut done, &mut settlement).await;
                break;
            }
            wait_unless_stopped(&done).await;
            let stopped = done.extract_if(.., |done| done.stop.is_cancelled());
            settlement.left.extend(stopped.map(|done| done.job.lease));
        }
        settlement
    }

    async fn settle_each(&self, done: &mut Vec<Done<Self>>, settlement: &mut Settlement<ClaimedJob>) {
        for done in done.drain(..) {
            let alone = Box::pin(self.settle_all(vec![done], 0)).await;
            settlement.left.extend(alone.left);
        }
    }

    async fn write(&self, done: &[Done<Self>], more: usize) -> Result<Vec<ClaimedJob>, StoreError> {
        let attempts = done
            .iter()
            .map(|done| (done.job.lease.clone(), done.outcome.clone()));
        let next = Next {
            most: more,
            lease: self.settings.lease,
        };
        let (settled, next) = self
            .app
            .store()
            .finish_jobs(
                &self.settings.owner,
                attempts.collect(),
                self.settings.policy,
                next,
            )
            .await?;
        for (done, settled) in done.iter().zip(settled) {
            self.settled(done, settled);
        }
        Ok(next)
    }
}

async fn wait_unless_stopped(done: &[Done<DocumentJobs>]) {
    let stopped = select_all(done.iter().map(|done| Box::pin(done.stop.cancelled())));
    tokio::select! {
        () = tokio::time::sleep(WRITE_AGAIN) => {}
        _ = stopped.map(drop) => {}
    }
}
