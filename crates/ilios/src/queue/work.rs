use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::pace::{PATIENCE, Pace};
use super::workers::Shared;
use super::{Done, Jobs, Ran};
use crate::model::Lease;

/// A job that is held, with what stops it.
type Taken<J> = (<J as Jobs>::Job, CancellationToken);

/// Jobs that a worker took at once. They run one after the other, and are settled together.
struct Handful<J: Jobs> {
    waiting: VecDeque<Taken<J>>,
    done: Vec<Done<J>>,
    left: Vec<Lease>,
}

impl<J: Jobs> Shared<J> {
    /// What one worker does until it is stopped.
    pub(super) async fn work(self: Arc<Self>, worker: usize) {
        // Workers look at different moments, so that they do not look all at once.
        let poll = self.settings.poll + Duration::from_millis(17) * u32::try_from(worker).unwrap_or(0);
        let (mut pace, mut taken) = (Pace::new(), VecDeque::new());
        while !self.stopping.is_cancelled() {
            // Registered before the claim: whoever adds a job after it wakes this worker.
            let woken = self.jobs.wake().notified();
            tokio::pin!(woken);
            woken.as_mut().enable();
            if taken.is_empty() {
                taken = self.claim(pace.width()).await;
            }
            if taken.is_empty() {
                tokio::select! {
                    () = woken => {}
                    () = tokio::time::sleep(poll) => {}
                    () = self.stopping.cancelled() => {}
                }
            } else {
                taken = self.run_all(taken, &mut pace).await;
            }
        }
        self.give_back(taken.iter().map(|(job, _)| J::lease(job)).collect())
            .await;
    }

    async fn claim(&self, most: usize) -> VecDeque<Taken<J>> {
        match self.jobs.claim(most).await {
            Ok(jobs) => self.hold(jobs),
            Err(error) => {
                tracing::error!(%error, "no job could be claimed");
                VecDeque::new()
            }
        }
    }

    fn hold(&self, jobs: Vec<J::Job>) -> VecDeque<Taken<J>> {
        let held = jobs.into_iter().map(|job| {
            let stop = self.held.add(J::lease(&job));
            (job, stop)
        });
        held.collect()
    }

    /// Runs and settles what was taken; answers the worker's next jobs. As soon as this takes too long, what is done
    /// is settled and what is not begun given back, for neither may wait for a slow job.
    async fn run_all(&self, taken: VecDeque<Taken<J>>, pace: &mut Pace) -> VecDeque<Taken<J>> {
        let begin = Instant::now();
        let (mut ran, mut handful) = (0, Handful::of(taken));
        while let Some((job, stop)) = handful.waiting.pop_front() {
            ran += 1;
            let outcome = {
                let run = self.jobs.run(&job, &stop);
                tokio::pin!(run);
                match tokio::time::timeout_at(begin + PATIENCE, &mut run).await {
                    Ok(outcome) => outcome,
                    Err(_) => tokio::join!(run, self.clear(&mut handful, &job)).0,
                }
            };
            handful.note(self, job, stop, outcome);
            if self.stopping.is_cancelled() || begin.elapsed() > PATIENCE {
                self.give_up(&mut handful.waiting).await;
            }
        }
        pace.learn(ran, begin.elapsed());
        let more = if self.stopping.is_cancelled() {
            0
        } else {
            pace.width()
        };
        let next = self.settle(std::mem::take(&mut handful.done), more).await;
        if self.stopping.is_cancelled() {
            self.give_back(handful.left).await;
        }
        next
    }

    /// Leaves nothing in a handful but the job that runs, `slow`.
    async fn clear(&self, handful: &mut Handful<J>, slow: &J::Job) {
        self.jobs.begun(slow).await;
        self.give_up(&mut handful.waiting).await;
        if !handful.done.is_empty() {
            self.settle(std::mem::take(&mut handful.done), 0).await;
        }
    }

    /// Gives back what was not begun.
    async fn give_up(&self, waiting: &mut VecDeque<Taken<J>>) {
        self.give_back(waiting.drain(..).map(|(job, _)| J::lease(&job)).collect())
            .await;
    }

    /// Settles runs; answers the next jobs.
    async fn settle(&self, done: Vec<Done<J>>, more: usize) -> VecDeque<Taken<J>> {
        if done.is_empty() {
            return VecDeque::new();
        }
        let leases: Vec<Lease> = done.iter().map(|done| J::lease(&done.job)).collect();
        let settlement = self.jobs.settle(done, more).await;
        leases.iter().for_each(|lease| self.held.remove(lease));
        if self.stopping.is_cancelled() {
            self.give_back(settlement.left).await;
        }
        self.hold(settlement.next)
    }

    /// Lets others have what this worker has not settled.
    async fn give_back(&self, leases: Vec<Lease>) {
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

impl<J: Jobs> Handful<J> {
    fn of(waiting: VecDeque<Taken<J>>) -> Self {
        Self {
            waiting,
            done: Vec::new(),
            left: Vec::new(),
        }
    }

    fn note(&mut self, shared: &Shared<J>, job: J::Job, stop: CancellationToken, ran: Ran<J::Outcome>) {
        match ran {
            Ran::Done(outcome) => self.done.push(Done { job, outcome, stop }),
            Ran::Gone => shared.held.remove(&J::lease(&job)),
            Ran::Left => {
                let lease = J::lease(&job);
                shared.held.remove(&lease);
                self.left.push(lease);
            }
        }
    }
}
