use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

/// Round-robin order of tenants: remembers their last turns in this process, so that equally busy ones alternate. Kept
/// in memory: it only breaks ties, and a row for each tenant would make all claims of a tenant wait for each other.
#[derive(Debug, Default)]
pub(super) struct TenantRotation(Mutex<Turns>);

#[derive(Debug, Default)]
struct Turns {
    turns: u64,
    last: HashMap<String, u64>,
}

/// Tenants that are remembered; with more, the memory starts anew, which costs a turn.
const MAX_REMEMBERED: usize = 100_000;

impl TenantRotation {
    /// Chooses the tenants of the next `count` turns. Each goes to the tenant with the fewest running jobs, among
    /// equals to the one whose last turn is the longest ago: fair queueing with one job as the quantum.
    pub(super) fn next_tenants(&self, waiting: &[(String, i64)], count: usize) -> Vec<String> {
        let served = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let last = |tenant: &String| served.last.get(tenant).copied().unwrap_or_default();
        let mut line: BTreeSet<(i64, u64, usize)> = waiting
            .iter()
            .enumerate()
            .map(|(place, (tenant, running))| (*running, last(tenant), place))
            .collect();
        let mut turns = Vec::with_capacity(count);
        for turn in 1..=count as u64 {
            let Some((running, _, place)) = line.pop_first() else {
                break;
            };
            line.insert((running + 1, served.turns + turn, place));
            turns.extend(waiting.get(place).map(|(tenant, _)| tenant.clone()));
        }
        turns
    }

    /// Remembers that `tenant` had a turn.
    pub(super) fn record_turn(&self, tenant: &str) {
        let mut served = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if served.last.len() >= MAX_REMEMBERED {
            served.last.clear();
        }
        served.turns += 1;
        let turn = served.turns;
        served.last.insert(tenant.to_owned(), turn);
    }
}
