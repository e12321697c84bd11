use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use crate::RunningChild;

/// Jobs that a child does at most.
const MAX_JOBS: u32 = 100;
/// Time after its first job in which a child may begin another one.
const MAX_AGE: Duration = Duration::from_secs(10);

/// Children between two jobs of the same owner. A child is kept after a job that left nothing behind, serves nobody but
/// the owner whose job was its first, and ends after a number of jobs or a time, whether it has work or not. Dropping
/// the pool kills the children.
pub struct ReusePool<Owner> {
    idle: Arc<Mutex<Idle<Owner>>>,
    size: usize,
}

struct Idle<Owner> {
    /// Those kept last are last.
    children: VecDeque<(Owner, RunningChild)>,
    /// True while a task ends the ones that are too old.
    has_reaper: bool,
}

impl<Owner: PartialEq + Send + 'static> ReusePool<Owner> {
    /// Creates a pool that keeps at most `size` children.
    #[must_use]
    pub fn new(size: usize) -> Self {
        Self {
            idle: Arc::new(Mutex::new(Idle {
                children: VecDeque::new(),
                has_reaper: false,
            })),
            size,
        }
    }

    /// Takes a child that has done jobs of this owner.
    pub fn take(&self, owner: &Owner) -> Option<RunningChild> {
        let mut idle = lock(&self.idle);
        idle.end_old();
        let at = idle.children.iter().rposition(|(whose, _)| whose == owner)?;
        idle.children.remove(at).map(|(_, child)| child)
    }

    /// Keeps a child for its owner's next job; gives it back when it has done its share or must not do another. Must be
    /// called within a tokio runtime.
    pub fn keep(&self, owner: Owner, mut child: RunningChild) -> Option<RunningChild> {
        if self.size == 0 || is_old(&child) || !child.renew() || child.jobs() >= MAX_JOBS {
            return Some(child);
        }
        let mut idle = lock(&self.idle);
        idle.end_old();
        idle.children.push_back((owner, child));
        if !std::mem::replace(&mut idle.has_reaper, true) {
            tokio::spawn(end_old_children(Arc::downgrade(&self.idle)));
        }
        // The one that has had no work for longest.
        let surplus = idle.children.len() > self.size;
        surplus
            .then(|| idle.children.pop_front().map(|(_, child)| child))
            .flatten()
    }
}

impl<Owner> Idle<Owner> {
    fn end_old(&mut self) {
        self.children.retain(|(_, child)| !is_old(child));
    }
}

fn is_old(child: &RunningChild) -> bool {
    child.first_job().is_none_or(|first| first.elapsed() >= MAX_AGE)
}

fn lock<Owner>(idle: &Mutex<Idle<Owner>>) -> MutexGuard<'_, Idle<Owner>> {
    idle.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends children as they become too old, until none is left.
async fn end_old_children<Owner>(idle: Weak<Mutex<Idle<Owner>>>) {
    loop {
        let Some(pool) = idle.upgrade() else { return };
        let next = {
            let mut idle = lock(&pool);
            idle.end_old();
            let ends = idle.children.iter().filter_map(|(_, child)| child.first_job());
            match ends.min() {
                Some(oldest) => oldest + MAX_AGE,
                None => {
                    idle.has_reaper = false;
                    return;
                }
            }
        };
        // A strong reference held while waiting would keep a dropped pool alive.
        drop(pool);
        tokio::time::sleep(next.saturating_duration_since(Instant::now())).await;
    }
}
