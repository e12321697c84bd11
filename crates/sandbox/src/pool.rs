use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::Notify;

use crate::{Program, RunningChild};

/// Interval at which dead children are replaced and a dropped pool is noticed.
const LIVENESS_POLL_INTERVAL: Duration = Duration::from_secs(1);

/// Pool of pre-started children: each has applied its layers and waits for one job. A job that takes one saves the
/// start of a process and the setup of its sandbox; a replacement is started at once. Dropping the pool kills the
/// waiting children.
pub struct ChildPool {
    shared: Arc<Shared>,
}

struct Shared {
    program: Program,
    size: usize,
    /// Largest input in bytes that the children's limits allow for.
    max_input: u64,
    waiting: Mutex<VecDeque<RunningChild>>,
    taken: Arc<Notify>,
}

impl ChildPool {
    /// Creates a pool of `size` children of `program`, each with the limits for an input of at most `max_input`
    /// bytes. The input has to come over the channel, since these children have no input file. Must be called within
    /// a tokio runtime.
    #[must_use]
    pub fn new(program: Program, size: usize, max_input: u64) -> Self {
        let taken = Arc::new(Notify::new());
        let shared = Arc::new(Shared {
            program,
            size,
            max_input,
            waiting: Mutex::new(VecDeque::with_capacity(size)),
            taken: Arc::clone(&taken),
        });
        if size > 0 {
            tokio::spawn(keep_full(Arc::downgrade(&shared), taken));
        }
        Self { shared }
    }

    /// Takes the child that has waited longest; `None` when none waits, and the caller spawns its own.
    pub fn take(&self) -> Option<RunningChild> {
        let mut waiting = self.shared.waiting();
        while let Some(mut child) = waiting.pop_front() {
            self.shared.taken.notify_one();
            if child.is_alive() {
                return Some(child);
            }
        }
        None
    }
}

impl Shared {
    fn waiting(&self) -> MutexGuard<'_, VecDeque<RunningChild>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Spawns children until the pool is full. A failed spawn is retried at the next poll.
    async fn refill(&self) {
        self.waiting().retain_mut(RunningChild::is_alive);
        while self.waiting().len() < self.size {
            // Spawned by this task and never by `spawn_blocking`: the parent-death signal fires when the *thread* that
            // started the child ends, and idle threads of the blocking pool do end.
            let Ok(child) = self.program.spawn_without_file(self.max_input) else {
                return;
            };
            self.waiting().push_back(child);
            // Requests that wait for this thread go first.
            tokio::task::yield_now().await;
        }
    }
}

/// Refills the pool as long as it exists.
async fn keep_full(pool: Weak<Shared>, taken: Arc<Notify>) {
    while let Some(shared) = pool.upgrade() {
        shared.refill().await;
        // A strong reference held while waiting would keep a dropped pool alive.
        drop(shared);
        // Wakes on a taken child or after the interval, whichever comes first.
        let _ = tokio::time::timeout(LIVENESS_POLL_INTERVAL, taken.notified()).await;
    }
}
