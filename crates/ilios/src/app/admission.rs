use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Lets a bounded number of conversions run at once and a bounded number wait for their turn.
pub struct Admission {
    running: Arc<Semaphore>,
    max_running: usize,
    waiting: AtomicUsize,
    max_waiting: usize,
    max_wait: Duration,
}

/// The right to run one conversion, until it is dropped.
pub struct Slot(#[expect(dead_code, reason = "held for its drop")] OwnedSemaphorePermit);

/// Too many conversions run and wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the server is busy; try again in {retry_after_seconds} s")]
pub struct Busy {
    /// When to try again.
    pub retry_after_seconds: u64,
}

impl Admission {
    /// At most `max_running` at once; at most `max_waiting` wait, each at most `max_wait`.
    #[must_use]
    pub fn new(max_running: usize, max_waiting: usize, max_wait: Duration) -> Self {
        let running = Arc::new(Semaphore::new(max_running));
        Self {
            running,
            max_running,
            waiting: AtomicUsize::new(0),
            max_waiting,
            max_wait,
        }
    }

    /// Whether somebody who came now would be turned away: asked before a large body is read for nothing.
    ///
    /// # Errors
    /// [`Busy`].
    pub fn check(&self) -> Result<(), Busy> {
        let full =
            self.running.available_permits() == 0 && self.waiting.load(Ordering::Relaxed) >= self.max_waiting;
        if full { Err(self.busy()) } else { Ok(()) }
    }

    /// How many conversions run and how many wait.
    #[must_use]
    pub fn state(&self) -> (usize, usize) {
        let running = self.max_running - self.running.available_permits();
        (running, self.waiting.load(Ordering::Relaxed))
    }

    /// Waits for a turn.
    ///
    /// # Errors
    /// [`Busy`] when too many wait already or the wait is too long.
    pub async fn enter(&self) -> Result<Slot, Busy> {
        if let Ok(permit) = Arc::clone(&self.running).try_acquire_owned() {
            return Ok(Slot(permit));
        }
        let _waiting = Waiting::join(self)?;
        match tokio::time::timeout(self.max_wait, Arc::clone(&self.running).acquire_owned()).await {
            Ok(Ok(permit)) => Ok(Slot(permit)),
            _ => Err(self.busy()),
        }
    }

    fn busy(&self) -> Busy {
        Busy {
            retry_after_seconds: self.max_wait.as_secs().clamp(1, 30),
        }
    }
}

/// A place in the line, left on drop: also when the client goes away.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn join(admission: &'a Admission) -> Result<Self, Busy> {
        let place = Self(&admission.waiting);
        let before = admission.waiting.fetch_add(1, Ordering::Relaxed);
        if before >= admission.max_waiting {
            Err(admission.busy())
        } else {
            Ok(place)
        }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
