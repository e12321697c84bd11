use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::task::JoinHandle;

use super::retention::{Cursor, RetentionAction, expire_documents};
use super::{sweep, vacuum};
use crate::app::{App, AppError};
use crate::model::RetryPolicy;
use crate::store::{IdempotencyKey, StoreError};

/// Settings of the periodic maintenance.
#[derive(Debug, Clone, Copy)]
pub struct MaintenanceSettings {
    /// Retry policy of jobs that a worker lost.
    pub policy: RetryPolicy,
    /// Time between two looks for jobs whose worker has vanished.
    pub reap_interval: Duration,
    /// Time between two rounds of everything else but sweeping.
    pub interval: Duration,
    /// Time between two sweeps of the object store.
    pub sweep_interval: Duration,
    /// Minimum age of an unreferenced object to be deleted.
    pub sweep_age: Duration,
    /// Action on documents past their retention.
    pub retention: RetentionAction,
}

impl Default for MaintenanceSettings {
    fn default() -> Self {
        Self {
            policy: RetryPolicy::default(),
            reap_interval: Duration::from_secs(5),
            interval: Duration::from_secs(60),
            sweep_interval: Duration::from_secs(3_600),
            sweep_age: Duration::from_secs(3_600),
            retention: RetentionAction::default(),
        }
    }
}

/// Periodic maintenance. Every part of it may run on many nodes at once.
pub struct Maintenance {
    app: Arc<App>,
    settings: MaintenanceSettings,
    cursors: Mutex<Cursors>,
}

/// Positions at which the next run of each part continues, so that an item that cannot be handled does not block those
/// behind it.
#[derive(Default)]
struct Cursors {
    retention: Cursor,
    deletions: String,
    batches: String,
}

impl Maintenance {
    /// Maintenance of `app`.
    #[must_use]
    pub fn new(app: Arc<App>, settings: MaintenanceSettings) -> Self {
        Self {
            app,
            settings,
            cursors: Mutex::default(),
        }
    }

    /// Starts the periodic runs, which end when the handles are aborted.
    #[must_use]
    pub fn start(self) -> Vec<JoinHandle<()>> {
        let maintenance = Arc::new(self);
        let MaintenanceSettings {
            reap_interval,
            interval,
            sweep_interval,
            ..
        } = maintenance.settings;
        let (reaper, runner, sweeper) = (Arc::clone(&maintenance), Arc::clone(&maintenance), maintenance);
        vec![
            tokio::spawn(every(reap_interval, move || {
                let maintenance = Arc::clone(&reaper);
                async move { maintenance.reap().await }
            })),
            tokio::spawn(every(interval, move || {
                let maintenance = Arc::clone(&runner);
                async move { maintenance.run_once().await }
            })),
            tokio::spawn(every(sweep_interval, move || {
                let maintenance = Arc::clone(&sweeper);
                async move { maintenance.sweep().await }
            })),
        ]
    }

    /// Takes back the jobs of vanished workers.
    pub async fn reap(&self) {
        match self
            .app
            .store()
            .reclaim_expired_jobs(self.settings.policy, false)
            .await
        {
            Ok(0) => {}
            Ok(jobs) => {
                tracing::warn!(jobs, "took back jobs whose worker has vanished");
                self.app.events().queued.notify_waiters();
            }
            Err(error) => tracing::error!(%error, "orphaned job sweep failed"),
        }
    }

    /// Archives what is due, gives up uploads that never came, deletes files whose time is over, forgets old names of requests, parts of conversions that
    /// have ended and batches without documents, does planned deletions, and gives unused space back.
    pub async fn run_once(&self) {
        const MAX_EXPIRED_UPLOADS: u32 = 1_000;
        const MAX_EXPIRED_FILES: u32 = 1_000;
        let store = self.app.store();
        let mut cursors = self.cursors.lock().await;
        match expire_documents(&self.app, self.settings.retention, &mut cursors.retention).await {
            Ok(0) => {}
            Ok(documents) => tracing::info!(documents, "documents past their retention"),
            Err(error) => tracing::error!(%error, "retention run failed"),
        }
        let horizon = IdempotencyKey::horizon(self.app.now());
        let outcomes = [
            (
                "uploads",
                store.expire_uploads(MAX_EXPIRED_UPLOADS).await.map(drop),
            ),
            ("overdue jobs", self.stop_overdue_jobs().await),
            (
                "files",
                store
                    .delete_due_files(self.app.now(), MAX_EXPIRED_FILES)
                    .await
                    .map(drop),
            ),
            ("ended keys", store.delete_old_keys().await.map(drop)),
            (
                "names of requests",
                store.delete_expired_idempotency_keys(horizon).await.map(drop),
            ),
            (
                "parts of conversions",
                store.delete_ended_conversion_parts().await.map(drop),
            ),
            (
                "deletions",
                sweep::planned_deletions(&self.app, &mut cursors.deletions).await,
            ),
            ("batches", sweep::empty_batches(store, &mut cursors.batches).await),
            ("space of the database", vacuum::vacuum_when_idle(&self.app).await),
        ];
        for (what, outcome) in outcomes {
            if let Err(error) = outcome {
                tracing::error!(%error, "maintenance of {what} failed");
            }
        }
    }

    async fn stop_overdue_jobs(&self) -> Result<(), StoreError> {
        match self.app.stop_overdue_ocr_jobs().await {
            Err(AppError::Store(error)) => Err(error),
            // It fails by the database alone.
            _ => Ok(()),
        }
    }

    /// Deletes objects that no row names, and aborts uploads that were cut off.
    pub async fn sweep(&self) {
        let age = self.settings.sweep_age;
        match sweep::unnamed_objects(&self.app, age).await {
            Ok(0) => {}
            Ok(objects) => tracing::info!(objects, "swept objects that no row names"),
            Err(error) => tracing::warn!(%error, "the object store could not be swept"),
        }
        if let Err(error) = sweep::open_uploads(&self.app, age).await {
            tracing::warn!(%error, "uploads that were cut off could not be aborted");
        }
    }
}

/// Does `work` now and then after each `pause`.
async fn every<F: Future<Output = ()>>(pause: Duration, work: impl Fn() -> F) {
    loop {
        work().await;
        tokio::time::sleep(pause).await;
    }
}
