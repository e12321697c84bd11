use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use tokio_util::sync::CancellationToken;

use crate::model::{Id, Lease};

/// The leases that this process holds, each with the means to stop its work.
#[derive(Default)]
pub(super) struct HeldLeases(Mutex<HashMap<Id, (Lease, CancellationToken)>>);

impl HeldLeases {
    /// Notes a lease; the token stops its work.
    pub(super) fn add(&self, lease: Lease) -> CancellationToken {
        let token = CancellationToken::new();
        self.lock().insert(lease.job.clone(), (lease, token.clone()));
        token
    }

    /// Forgets a lease, unless its job is held anew by now.
    pub(super) fn remove(&self, lease: &Lease) {
        let mut held = self.lock();
        if held.get(&lease.job).is_some_and(|(present, _)| present == lease) {
            held.remove(&lease.job);
        }
    }

    /// All of them.
    pub(super) fn leases(&self) -> Vec<Lease> {
        self.lock().values().map(|(lease, _)| lease.clone()).collect()
    }

    /// Stops the work of those among `asked` that are not among `kept`; answers how many.
    pub(super) fn stop_lost(&self, asked: &[Lease], kept: &[Lease]) -> usize {
        let held = self.lock();
        let lost = asked.iter().filter(|lease| !kept.contains(lease));
        lost.filter_map(|lease| held.get(&lease.job).filter(|(present, _)| present == lease))
            .map(|(_, token)| token.cancel())
            .count()
    }

    /// Stops all work.
    pub(super) fn stop_all(&self) {
        self.lock().values().for_each(|(_, token)| token.cancel());
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Id, (Lease, CancellationToken)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
