use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use tokio_util::sync::CancellationToken;

/// The leases that this process holds, each with the means to stop its work.
pub(super) struct HeldLeases<L>(Mutex<HashMap<L, CancellationToken>>);

impl<L: Clone + Eq + Hash> HeldLeases<L> {
    pub(super) fn new() -> Self {
        Self(Mutex::default())
    }

    /// Notes a lease; the token stops its work.
    pub(super) fn add(&self, lease: L) -> CancellationToken {
        self.lock().entry(lease).or_default().clone()
    }

    pub(super) fn remove(&self, lease: &L) {
        self.lock().remove(lease);
    }

    /// All of them.
    pub(super) fn leases(&self) -> Vec<L> {
        self.lock().keys().cloned().collect()
    }

    /// Stops the work of those among `asked` that are not among `kept`; answers how many.
    pub(super) fn stop_lost(&self, asked: &[L], kept: &[L]) -> usize {
        let held = self.lock();
        let lost = asked.iter().filter(|lease| !kept.contains(lease));
        lost.filter_map(|lease| held.get(lease))
            .map(CancellationToken::cancel)
            .count()
    }

    /// Stops all work.
    pub(super) fn stop_all(&self) {
        self.lock().values().for_each(CancellationToken::cancel);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<L, CancellationToken>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
