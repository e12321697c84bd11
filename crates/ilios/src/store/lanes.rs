use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Which tenants this process served when, so that those who are equally busy take turns. Kept in memory: it
/// only breaks ties, and a row a tenant would make all claims of a tenant wait for each other.
#[derive(Debug, Default)]
pub(super) struct Lanes(Mutex<Served>);

#[derive(Debug, Default)]
struct Served {
    turns: u64,
    last: HashMap<String, u64>,
}

/// Tenants that are remembered; with more, the memory starts anew, which costs a turn.
const MAX_REMEMBERED: usize = 100_000;

impl Lanes {
    /// Orders tenants by who is to be served first: the one with the fewest running jobs, among equals the
    /// one whose last turn is the longest ago. The scheme is that of fair queueing with one job as a quantum.
    pub(super) fn order(&self, mut lanes: Vec<(String, i64)>) -> Vec<String> {
        let served = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lanes.sort_by_cached_key(|(tenant, running)| {
            (*running, served.last.get(tenant).copied().unwrap_or_default())
        });
        lanes.into_iter().map(|(tenant, _)| tenant).collect()
    }

    /// Remembers that `tenant` had a turn.
    pub(super) fn served(&self, tenant: String) {
        let mut served = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if served.last.len() >= MAX_REMEMBERED {
            served.last.clear();
        }
        served.turns += 1;
        let turn = served.turns;
        served.last.insert(tenant, turn);
    }
}
