use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::Notify;

use crate::{Program, Running};

/// How often it is looked whether a waiting child has died.
const LOOK: Duration = Duration::from_secs(1);

/// Children that have their layers on already and wait for one job each. Whoever takes one waits neither for a process
/// to start nor for its sandbox; another takes its place at once. Dropping the pool kills those that wait.
pub struct Pool {
    shared: Arc<Shared>,
}

struct Shared {
    program: Program,
    size: usize,
    /// Bytes of input that each is prepared for.
    input: u64,
    waiting: Mutex<VecDeque<Running>>,
    taken: Arc<Notify>,
}

impl Pool {
    /// A pool of `size` children of `program`, each with the limits for an input of at most `input` bytes, which has to
    /// come by the channel: such a child has no input file. Must be called within a tokio runtime.
    #[must_use]
    pub fn new(program: Program, size: usize, input: u64) -> Self {
        let taken = Arc::new(Notify::new());
        let shared = Arc::new(Shared {
            program,
            size,
            input,
            waiting: Mutex::new(VecDeque::with_capacity(size)),
            taken: Arc::clone(&taken),
        });
        if size > 0 {
            tokio::spawn(keep_full(Arc::downgrade(&shared), taken));
        }
        Self { shared }
    }

    /// Takes the child that has waited the longest. `None`: none waits, and the caller starts one of its own.
    pub fn take(&self) -> Option<Running> {
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
    fn waiting(&self) -> MutexGuard<'_, VecDeque<Running>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts children until the pool is full. One that cannot be started is tried again at the next look.
    async fn fill(&self) {
        self.waiting().retain_mut(Running::is_alive);
        while self.waiting().len() < self.size {
            // By this task and never by a thread for blocking work: a child is killed when the thread that started it
            // ends, and such threads end when there is nothing to do.
            let Ok(child) = self.program.start_without_file(self.input) else {
                return;
            };
            self.waiting().push_back(child);
            // Whoever has a document goes first.
            tokio::task::yield_now().await;
        }
    }
}

/// Fills the pool as long as it exists.
async fn keep_full(pool: Weak<Shared>, taken: Arc<Notify>) {
    while let Some(shared) = pool.upgrade() {
        shared.fill().await;
        drop(shared);
        // Either of the two; a pool that is gone is noticed at the next look.
        let _ = tokio::time::timeout(LOOK, taken.notified()).await;
    }
}
