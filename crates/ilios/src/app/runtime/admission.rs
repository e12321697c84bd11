use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::Instant;

use super::fair_scheduler::{FairScheduler, Limit, Place};
use super::measured_wait::MeasuredWait;
use crate::model::Tenant;

/// Lets a bounded number of things run at once and a bounded number wait for their turn, which tenants take in
/// rotation.
pub struct Admission {
    shared: Arc<Shared>,
    max_wait: Duration,
}

struct Shared(Mutex<State>);

struct State {
    scheduler: FairScheduler<Waiter>,
    measured: MeasuredWait,
}

/// A request that waits.
struct Waiter {
    since: Instant,
    turn: oneshot::Sender<Turn>,
}

/// Message that ends the wait of a request.
enum Turn {
    Run(Slot),
    /// Its place is needed for another tenant.
    MakeRoom,
}

/// The right to run, until it is dropped.
pub struct Slot {
    /// `None` once it was given back.
    shared: Option<Arc<Shared>>,
    tenant: Tenant,
    since: Instant,
}

/// Too many run and wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}; try again in {retry_after_seconds} s", limit.words())]
pub struct Busy {
    /// Limit that was reached.
    pub limit: Limit,
    /// Seconds after which a retry may succeed: about as long as recent waits, the expected time until the queue has
    /// room, or a fixed pause for announced uploads.
    pub retry_after_seconds: u64,
}

impl Limit {
    fn words(self) -> &'static str {
        match self {
            Self::Server => "the server is busy",
            Self::Share => {
                "other API keys use the server, too, and as many of your own documents wait as is your share"
            }
            Self::Uploads => {
                "you have announced as many uploads as you may before they are complete \
                 (MAX_ANNOUNCED_UPLOADS); complete, cancel or delete some"
            }
            Self::Files => {
                "you keep as many files as you may (MAX_TENANT_FILES), or as many bytes of them \
                 (MAX_TENANT_FILE_BYTES); delete some"
            }
        }
    }
}

impl Admission {
    /// At most `max_running` at once; at most `max_waiting` wait, each at most `max_wait`.
    #[must_use]
    pub fn new(max_running: usize, max_waiting: usize, max_wait: Duration) -> Self {
        let state = State {
            scheduler: FairScheduler::new(max_running, max_waiting),
            measured: MeasuredWait::default(),
        };
        Self {
            shared: Arc::new(Shared(Mutex::new(state))),
            max_wait,
        }
    }

    /// Checks that a request of `tenant` that came now would run or wait. Called before a large body is read, so that
    /// it is not read for nothing.
    ///
    /// # Errors
    /// [`Busy`].
    pub fn check(&self, tenant: &Tenant) -> Result<(), Busy> {
        let state = self.shared.lock();
        let checked = state.scheduler.check(tenant);
        checked.map_err(|limit| self.busy(&state, tenant, limit))
    }

    /// Number of slots in use, and of requests that wait for one.
    #[must_use]
    pub fn state(&self) -> (usize, usize) {
        self.shared.lock().scheduler.state()
    }

    /// Waits for a turn of `tenant`.
    ///
    /// # Errors
    /// [`Busy`] when too many wait already, others need the place, or the wait is too long.
    pub async fn enter(&self, tenant: &Tenant) -> Result<Slot, Busy> {
        let (place, turn) = match self.join(tenant)? {
            Joined::Running(slot) => return Ok(slot),
            Joined::Waiting(place, turn) => (place, turn),
        };
        let turn = tokio::time::timeout(self.max_wait, turn).await;
        drop(place);
        let limit = match turn {
            Ok(Ok(Turn::Run(slot))) => return Ok(slot),
            Ok(Ok(Turn::MakeRoom)) => Limit::Share,
            Ok(Err(_)) | Err(_) => Limit::Server,
        };
        let mut state = self.shared.lock();
        if turn.is_err() {
            state.measured.waited(tenant, self.max_wait);
        }
        Err(self.busy(&state, tenant, limit))
    }

    fn join(&self, tenant: &Tenant) -> Result<Joined<'_>, Busy> {
        let mut state = self.shared.lock();
        if state.scheduler.start(tenant) {
            return Ok(Joined::Running(Slot::new(&self.shared, tenant)));
        }
        let (sender, turn) = oneshot::channel();
        let waiter = Waiter {
            since: Instant::now(),
            turn: sender,
        };
        let joined = state.scheduler.join(tenant, waiter);
        let Place { number, displaced } = joined.map_err(|limit| self.busy(&state, tenant, limit))?;
        if let Some(displaced) = displaced {
            // Whoever has gone away in the meantime needs not hear it.
            let _ = displaced.turn.send(Turn::MakeRoom);
        }
        let place = Waiting {
            shared: &self.shared,
            tenant: tenant.clone(),
            number,
        };
        Ok(Joined::Waiting(place, turn))
    }

    fn busy(&self, state: &State, tenant: &Tenant, limit: Limit) -> Busy {
        let waits = state
            .scheduler
            .eldest(tenant)
            .map(|waiter| waiter.since.elapsed());
        let expected = state.measured.expected(tenant, waits).min(self.max_wait);
        Busy {
            limit,
            retry_after_seconds: seconds(expected),
        }
    }
}

/// Whole seconds, one at least.
pub(super) fn seconds(span: Duration) -> u64 {
    let more = u64::from(span.subsec_nanos() > 0);
    (span.as_secs() + more).max(1)
}

enum Joined<'a> {
    Running(Slot),
    Waiting(Waiting<'a>, oneshot::Receiver<Turn>),
}

/// A place in the line, left on drop: also when the client goes away.
struct Waiting<'a> {
    shared: &'a Arc<Shared>,
    tenant: Tenant,
    number: u64,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.shared.lock().scheduler.leave(&self.tenant, self.number);
    }
}

impl Slot {
    fn new(shared: &Arc<Shared>, tenant: &Tenant) -> Self {
        Self {
            shared: Some(Arc::clone(shared)),
            tenant: tenant.clone(),
            since: Instant::now(),
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        if let Some(shared) = self.shared.take() {
            shared.freed(&self.tenant, self.since.elapsed());
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a slot back, and gives it to the next waiter.
    fn freed(self: &Arc<Self>, tenant: &Tenant, held: Duration) {
        let mut state = self.lock();
        state.scheduler.ended(tenant);
        state.measured.held(held);
        while let Some((tenant, waiter)) = state.scheduler.next() {
            let slot = Slot::new(self, &tenant);
            match waiter.turn.send(Turn::Run(slot)) {
                Ok(()) => state.measured.waited(&tenant, waiter.since.elapsed()),
                // The client has just gone away. Its slot is given back here: its drop would wait for this lock.
                Err(Turn::Run(mut slot)) => {
                    slot.shared = None;
                    state.scheduler.ended(&tenant);
                }
                Err(Turn::MakeRoom) => {}
            }
        }
    }
}
