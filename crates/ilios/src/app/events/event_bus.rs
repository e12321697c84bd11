use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::attempt_counters::AttemptCounters;
use crate::engine::Progress;
use crate::model::Id;

/// Events within one process. Only speed depends on them: each waiter also polls the database.
#[derive(Default)]
pub struct EventBus {
    /// There may be a new job.
    pub queued: Notify,
    /// There may be a new provider batch.
    pub provider_batches: Notify,
    /// A document or batch has changed.
    pub changes: ChangeNotifier,
    /// The documents that are being converted here.
    pub running: RunningConversions,
    /// Counters of the attempts of this process.
    pub attempts: AttemptCounters,
    /// Cancelled when the process is about to end: requests stop waiting for changes.
    pub stopping: CancellationToken,
}

/// Notifies those who wait for a document or a batch.
#[derive(Default)]
pub struct ChangeNotifier(Mutex<HashMap<Id, (Arc<Notify>, usize)>>);

/// A subscription to changes of a document or a batch.
pub struct ChangeSubscription<'a> {
    changes: &'a ChangeNotifier,
    id: Id,
    notify: Arc<Notify>,
}

impl ChangeNotifier {
    /// Begins to watch `id`.
    pub fn subscribe(&self, id: &Id) -> ChangeSubscription<'_> {
        let mut watched = lock(&self.0);
        let (notify, watchers) = watched.entry(id.clone()).or_default();
        *watchers += 1;
        ChangeSubscription {
            changes: self,
            id: id.clone(),
            notify: Arc::clone(notify),
        }
    }

    /// Notifies the subscribers of `id` that it has changed.
    pub fn notify(&self, id: &Id) {
        if let Some((notify, _)) = lock(&self.0).get(id) {
            notify.notify_waiters();
        }
    }
}

impl ChangeSubscription<'_> {
    /// The next change. Call `enable()` on it before reading the database, to miss none.
    pub fn changed(&self) -> tokio::sync::futures::Notified<'_> {
        self.notify.notified()
    }
}

impl Drop for ChangeSubscription<'_> {
    fn drop(&mut self) {
        let mut watched = lock(&self.changes.0);
        if let Some((_, watchers)) = watched.get_mut(&self.id) {
            *watchers -= 1;
            if *watchers == 0 {
                watched.remove(&self.id);
            }
        }
    }
}

/// The conversions that run in this process: how far they are, and the means to stop them.
#[derive(Default)]
pub struct RunningConversions(Mutex<HashMap<Id, Conversion>>, AtomicU64);

struct Conversion {
    number: u64,
    token: CancellationToken,
    progress: Progress,
}

/// A conversion that can be stopped while this exists.
pub struct RunningConversion<'a> {
    running: &'a RunningConversions,
    document: Id,
    number: u64,
    token: CancellationToken,
    progress: Progress,
}

impl RunningConversions {
    /// Notes that `document` is being converted.
    pub fn begin(&self, document: &Id) -> RunningConversion<'_> {
        let token = CancellationToken::new();
        let number = self.1.fetch_add(1, Ordering::Relaxed);
        let progress = Progress::default();
        let conversion = Conversion {
            number,
            token: token.clone(),
            progress: progress.clone(),
        };
        lock(&self.0).insert(document.clone(), conversion);
        RunningConversion {
            running: self,
            document: document.clone(),
            number,
            token,
            progress,
        }
    }

    /// Progress of the conversion of `document`: pages done, and pages in all. `None` when it does not run here, or has
    /// no pages to count.
    #[must_use]
    pub fn pages(&self, document: &Id) -> Option<(u32, u32)> {
        lock(&self.0).get(document)?.progress.pages()
    }

    /// Stops the conversion of `document`, if it runs here.
    pub fn stop(&self, document: &Id) {
        if let Some(conversion) = lock(&self.0).get(document) {
            conversion.token.cancel();
        }
    }
}

impl RunningConversion<'_> {
    /// The progress that the conversion updates.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.progress.clone()
    }

    /// Waits until the conversion is stopped.
    pub async fn stopped(&self) {
        self.token.cancelled().await;
    }
}

impl Drop for RunningConversion<'_> {
    fn drop(&mut self) {
        let mut running = lock(&self.running.0);
        // A document that was cancelled and tried again at once may be running anew by now.
        if running
            .get(&self.document)
            .is_some_and(|conversion| conversion.number == self.number)
        {
            running.remove(&self.document);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
