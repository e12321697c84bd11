use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::held::Held;
use super::{Jobs, Ran};
use crate::model::Lease;

/// How the workers of one process work.
#[derive(Debug, Clone, Copy)]
pub struct QueueSettings {
    /// Jobs that run at once.
    pub workers: usize,
    /// Time between two signs of life; a few of them must fit into a lease.
    pub heartbeat: Duration,
    /// The longest an idle worker sleeps without looking for due jobs.
    pub poll: Duration,
}

/// The running workers of one process.
pub struct Workers<J: Jobs> {
    shared: Arc<Shared<J>>,
    tasks: JoinSet<()>,
}

struct Shared<J: Jobs> {
    jobs: Arc<J>,
    held: Held,
    settings: QueueSettings,
    /// No new jobs.
    stopping: CancellationToken,
    /// No more signs of life.
    stopped: CancellationToken,
}

impl<J: Jobs> Workers<J> {
    /// Starts the workers. Must be called within a tokio runtime.
    #[must_use]
    pub fn start(jobs: Arc<J>, settings: QueueSettings) -> Self {
        let shared = Arc::new(Shared {
            jobs,
            held: Held::default(),
            settings,
            stopping: CancellationToken::new(),
            stopped: CancellationToken::new(),
        });
        let mut tasks = JoinSet::new();
        for worker in 0..settings.workers {
            tasks.spawn(Arc::clone(&shared).work(worker));
        }
        tokio::spawn(Arc::clone(&shared).beat());
        Self { shared, tasks }
    }

    /// Takes no more jobs from now on; what runs goes on.
    pub fn stop_claiming(&self) {
        self.shared.stopping.cancel();
    }

    /// Takes no more jobs, lets those that run end within `grace`, stops the others and gives them back.
    pub async fn stop(mut self, grace: Duration) {
        self.shared.stopping.cancel();
        let ended = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(grace, ended).await.is_err() {
            self.shared.held.stop_all();
            // A stopped job is left at its next await, which is at once.
            let ended = async { while self.tasks.join_next().await.is_some() {} };
            if tokio::time::timeout(Duration::from_secs(1), ended).await.is_err() {
                tracing::warn!("workers did not stop; their jobs run again when their leases run out");
            }
        }
        self.shared.stopped.cancel();
    }
}

impl<J: Jobs> Shared<J> {
    async fn work(self: Arc<Self>, worker: usize) {
        // Workers look at different moments, so that they do not look all at once.
        let poll = self.settings.poll + Duration::from_millis(17) * u32::try_from(worker).unwrap_or(0);
        let mut next = None;
        while !self.stopping.is_cancelled() {
            // Registered before the claim: whoever adds a job after it wakes this worker.
            let woken = self.jobs.wake().notified();
            tokio::pin!(woken);
            woken.as_mut().enable();
            let claimed = match next.take() {
                Some(job) => Some(job),
                None => self.claim().await,
            };
            match claimed {
                Some(job) => next = self.run(job).await,
                None => tokio::select! {
                    () = woken => {}
                    () = tokio::time::sleep(poll) => {}
                    () = self.stopping.cancelled() => {}
                },
            }
        }
        if let Some(job) = next {
            self.give_back(J::lease(&job)).await;
        }
    }

    async fn claim(&self) -> Option<J::Job> {
        self.jobs.claim().await.unwrap_or_else(|error| {
            tracing::error!(%error, "no job could be claimed");
            None
        })
    }

    async fn run(&self, job: J::Job) -> Option<J::Job> {
        let lease = J::lease(&job);
        let stop = self.held.add(lease.clone());
        let more = !self.stopping.is_cancelled();
        let ran = self.jobs.run(job, stop, more).await;
        self.held.remove(&lease);
        match ran {
            Ran::Settled(next) => next,
            Ran::Left => {
                if self.stopping.is_cancelled() {
                    self.give_back(lease).await;
                }
                None
            }
        }
    }

    async fn give_back(&self, lease: Lease) {
        let job = lease.job.clone();
        match self.jobs.release(vec![lease]).await {
            Ok(()) => tracing::info!(%job, "gave a job back"),
            Err(error) => tracing::error!(%job, %error, "a job runs again only when its lease runs out"),
        }
    }

    /// Keeps the leases alive, and stops the work of those that are lost.
    async fn beat(self: Arc<Self>) {
        loop {
            tokio::select! {
                () = tokio::time::sleep(self.settings.heartbeat) => {}
                () = self.stopped.cancelled() => return,
            }
            let asked = self.held.leases();
            if asked.is_empty() {
                continue;
            }
            match self.jobs.extend(asked.clone()).await {
                Ok(kept) => {
                    let lost = self.held.stop_lost(&asked, &kept);
                    if lost > 0 {
                        tracing::warn!(lost, "leases were lost; their work was stopped");
                    }
                }
                Err(error) => tracing::error!(%error, "no sign of life could be given"),
            }
        }
    }
}
