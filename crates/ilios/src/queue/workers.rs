use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::Jobs;
use super::held_leases::HeldLeases;

/// Settings of the workers of one process.
#[derive(Debug, Clone, Copy)]
pub struct QueueSettings {
    /// Jobs that run at once.
    pub workers: usize,
    /// Time between two heartbeats; a few of them must fit into a lease.
    pub heartbeat: Duration,
    /// The longest an idle worker sleeps without looking for due jobs.
    pub poll: Duration,
}

/// The running workers of one process.
pub struct Workers<J: Jobs> {
    shared: Arc<Shared<J>>,
    tasks: JoinSet<()>,
    /// Ends last, so that what is still running keeps its leases.
    _heartbeat: AbortOnDropHandle<()>,
}

/// State that the workers of a process share.
pub(super) struct Shared<J: Jobs> {
    pub(super) jobs: Arc<J>,
    pub(super) held: HeldLeases<J::Lease>,
    pub(super) settings: QueueSettings,
    /// No new jobs.
    pub(super) stopping: CancellationToken,
}

impl<J: Jobs> Workers<J> {
    /// Starts the workers. Must be called within a tokio runtime.
    #[must_use]
    pub fn start(jobs: Arc<J>, settings: QueueSettings) -> Self {
        let shared = Arc::new(Shared {
            jobs,
            held: HeldLeases::new(),
            settings,
            stopping: CancellationToken::new(),
        });
        let mut tasks = JoinSet::new();
        for worker in 0..settings.workers {
            tasks.spawn(Arc::clone(&shared).run_worker(worker));
        }
        let heartbeat = tokio::spawn(Arc::clone(&shared).heartbeat());
        Self {
            shared,
            tasks,
            _heartbeat: AbortOnDropHandle::new(heartbeat),
        }
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
    }
}

impl<J: Jobs> Shared<J> {
    /// Renews the leases, and stops the work of those that are lost.
    async fn heartbeat(self: Arc<Self>) {
        loop {
            tokio::time::sleep(self.settings.heartbeat).await;
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
                Err(error) => tracing::error!(%error, "failed to renew leases"),
            }
        }
    }
}
