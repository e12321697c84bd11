use std::time::Duration;

use futures::FutureExt;
use futures::future::select_all;

use super::DocumentJobs;
use crate::model::{ClaimedJob, Failure};
use crate::queue::{FinishedRun, Settlement};
use crate::store::{Disposition, JobOutcome, NextClaim, StoreError};

/// Waits between the tries to write results, while their leases last.
const RETRY_INTERVAL: Duration = Duration::from_millis(500);

impl DocumentJobs {
    /// Writes how attempts ended, all in one transaction; goes on trying while the database is away and somebody
    /// still wants them. Should the database refuse them, each is tried alone, so that one cannot keep the others
    /// from their ends.
    pub(super) async fn settle_all(&self, mut done: Vec<FinishedRun<Self>>, more: usize) -> Settlement<Self> {
        let mut settlement = Settlement {
            next: Vec::new(),
            unsettled: Vec::new(),
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
                    settlement.unsettled.extend(done.pop().map(|done| done.job.lease));
                }
                self.settle_each(&mut done, &mut settlement).await;
                break;
            }
            wait_unless_stopped(&done).await;
            let stopped = done.extract_if(.., |done| done.stop.is_cancelled());
            settlement.unsettled.extend(stopped.map(|done| done.job.lease));
        }
        settlement
    }

    async fn settle_each(&self, done: &mut Vec<FinishedRun<Self>>, settlement: &mut Settlement<Self>) {
        for done in done.drain(..) {
            let alone = Box::pin(self.settle_all(vec![done], 0)).await;
            settlement.unsettled.extend(alone.unsettled);
        }
    }

    async fn write(&self, done: &[FinishedRun<Self>], more: usize) -> Result<Vec<ClaimedJob>, StoreError> {
        let attempts = done
            .iter()
            .map(|done| (done.job.lease.clone(), done.outcome.clone()));
        let next = NextClaim {
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

async fn wait_unless_stopped(done: &[FinishedRun<DocumentJobs>]) {
    let stopped = select_all(done.iter().map(|done| Box::pin(done.stop.cancelled())));
    tokio::select! {
        () = tokio::time::sleep(RETRY_INTERVAL) => {}
        _ = stopped.map(drop) => {}
    }
}
