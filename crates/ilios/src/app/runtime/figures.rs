use std::time::Duration;

use crate::app::App;
use crate::engine::ServiceState;
use crate::telemetry::{Figures, Jobs};

/// Jobs that are counted; a longer queue is told as this long.
const MAX_COUNTED_JOBS: u64 = 1_000_000;
/// Maximum staleness of the queue's length on a replica.
const MAX_STALENESS: Duration = Duration::from_secs(1);
/// Timeout of the database.
const DATABASE_TIMEOUT: Duration = Duration::from_secs(2);

impl App {
    /// Figures of this node, also while the database is away, and of the queue.
    pub async fn figures(&self) -> Figures {
        let caught_up = tokio::time::timeout(DATABASE_TIMEOUT, self.store.catch_up(MAX_STALENESS)).await;
        let up = matches!(caught_up, Ok(Ok(_)));
        let queue = self.store.queue_state(MAX_COUNTED_JOBS).await.ok();
        let (running, waiting) = self.admission.state();
        let service = self.engine.service();
        Figures {
            database_up: up && queue.is_some(),
            replica_age: self.store.copy_age(),
            jobs: queue.map(|queue| Jobs {
                pending: queue.pending,
                processing: queue.processing,
            }),
            attempts: self.events.attempts.counts(),
            running,
            waiting,
            mistral_up: service.map(|service| matches!(service, ServiceState::Healthy)),
        }
    }
}
