use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::batch_sizer::{BatchSizer, MAX_BATCH_TIME};
use super::workers::Shared;
use super::{FinishedRun, Jobs, RunResult};

/// A job that is held, with what stops it.
type HeldJob<J> = (<J as Jobs>::Job, CancellationToken);

/// Jobs that a worker claimed at once. They run one after the other, and are settled together.
struct ClaimBatch<J: Jobs> {
    waiting: VecDeque<HeldJob<J>>,
    done: Vec<FinishedRun<J>>,
    abandoned: Vec<J::Lease>,
}

impl<J: Jobs> Shared<J> {
    /// Runs one worker until it is stopped.
    pub(super) async fn run_worker(self: Arc<Self>, worker: usize) {
        // Workers look at different moments, so that they do not look all at once.
        let poll = self.settings.poll + Duration::from_millis(17) * u32::try_from(worker).unwrap_or(0);
        let (mut sizer, mut claimed) = (BatchSizer::new(), VecDeque::new());
        while !self.stopping.is_cancelled() {
            // Registered before the claim: a job that is added after it wakes this worker.
            let woken = self.jobs.wake().notified();
            tokio::pin!(woken);
            woken.as_mut().enable();
            if claimed.is_empty() {
                claimed = self.claim(sizer.size()).await;
            }
            if claimed.is_empty() {
                tokio::select! {
                    () = woken => {}
                    () = tokio::time::sleep(poll) => {}
                    () = self.stopping.cancelled() => {}
                }
            } else {
                claimed = self.run_batch(claimed, &mut sizer).await;
            }
        }
        self.release(claimed.iter().map(|(job, _)| J::lease(job)).collect())
            .await;
    }

    async fn claim(&self, most: usize) -> VecDeque<HeldJob<J>> {
        match self.jobs.claim(most).await {
            Ok(jobs) => self.hold(jobs),
            Err(error) => {
                tracing::error!(%error, "no job could be claimed");
                VecDeque::new()
            }
        }
    }

    fn hold(&self, jobs: Vec<J::Job>) -> VecDeque<HeldJob<J>> {
        let held = jobs.into_iter().map(|job| {
            let stop = self.held.add(J::lease(&job));
            (job, stop)
        });
        held.collect()
    }

    /// Runs and settles what was taken; answers the worker's next jobs. As soon as this takes too long, what is done
    /// is settled and what is not begun given back, for neither may wait for a slow job.
    async fn run_batch(&self, claimed: VecDeque<HeldJob<J>>, sizer: &mut BatchSizer) -> VecDeque<HeldJob<J>> {
        let begin = Instant::now();
        let (mut ran, mut batch) = (0, ClaimBatch::of(claimed));
        while let Some((job, stop)) = batch.waiting.pop_front() {
            ran += 1;
            let outcome = {
                let run = self.jobs.run(&job, &stop);
                tokio::pin!(run);
                match tokio::time::timeout_at(begin + MAX_BATCH_TIME, &mut run).await {
                    Ok(outcome) => outcome,
                    Err(_) => tokio::join!(run, self.hand_off(&mut batch, &job)).0,
                }
            };
            batch.record(self, job, stop, outcome);
            if self.stopping.is_cancelled() || begin.elapsed() > MAX_BATCH_TIME {
                self.release_waiting(&mut batch.waiting).await;
            }
        }
        sizer.record(ran, begin.elapsed());
        let more = if self.stopping.is_cancelled() {
            0
        } else {
            sizer.size()
        };
        let next = self.settle(std::mem::take(&mut batch.done), more).await;
        if self.stopping.is_cancelled() {
            self.release(batch.abandoned).await;
        }
        next
    }

    /// Hands everything but the running job, `slow`, off: settles finished jobs and releases waiting ones.
    async fn hand_off(&self, batch: &mut ClaimBatch<J>, slow: &J::Job) {
        self.jobs.on_slow_start(slow).await;
        self.release_waiting(&mut batch.waiting).await;
        if !batch.done.is_empty() {
            self.settle(std::mem::take(&mut batch.done), 0).await;
        }
    }

    /// Releases the jobs that have not started.
    async fn release_waiting(&self, waiting: &mut VecDeque<HeldJob<J>>) {
        self.release(waiting.drain(..).map(|(job, _)| J::lease(&job)).collect())
            .await;
    }

    /// Settles runs; answers the next jobs.
    async fn settle(&self, done: Vec<FinishedRun<J>>, more: usize) -> VecDeque<HeldJob<J>> {
        if done.is_empty() {
            return VecDeque::new();
        }
        let leases: Vec<J::Lease> = done.iter().map(|done| J::lease(&done.job)).collect();
        let settlement = self.jobs.settle(done, more).await;
        leases.iter().for_each(|lease| self.held.remove(lease));
        if self.stopping.is_cancelled() {
            self.release(settlement.unsettled).await;
        }
        self.hold(settlement.next)
    }

    /// Releases jobs that this worker has not settled.
    async fn release(&self, leases: Vec<J::Lease>) {
        if leases.is_empty() {
            return;
        }
        let jobs = leases.len();
        leases.iter().for_each(|lease| self.held.remove(lease));
        match self.jobs.release(leases).await {
            Ok(()) => tracing::info!(jobs, "gave jobs back"),
            Err(error) => tracing::error!(jobs, %error, "jobs run again only when their leases run out"),
        }
        self.jobs.wake().notify_waiters();
    }
}

impl<J: Jobs> ClaimBatch<J> {
    fn of(waiting: VecDeque<HeldJob<J>>) -> Self {
        Self {
            waiting,
            done: Vec::new(),
            abandoned: Vec::new(),
        }
    }

    fn record(
        &mut self,
        shared: &Shared<J>,
        job: J::Job,
        stop: CancellationToken,
        ran: RunResult<J::Outcome>,
    ) {
        match ran {
            RunResult::Finished(outcome) => self.done.push(FinishedRun { job, outcome, stop }),
            RunResult::Over => shared.held.remove(&J::lease(&job)),
            RunResult::Abandoned => {
                let lease = J::lease(&job);
                shared.held.remove(&lease);
                self.abandoned.push(lease);
            }
        }
    }
}
