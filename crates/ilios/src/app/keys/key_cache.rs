//! Keys that were looked up in the database, remembered for a moment:
//!
//! ```text
//! age   0 s ────────── 2 s ──────────── 4 s ─────
//!       answers all    one caller looks  all look
//!                      anew, the others  anew
//!                      take what is here
//! ```
//!
//! So a change in the database is obeyed on every node within `MAX_AGE`, a database that is away for a moment is not
//! noticed, and a busy key costs a query every two seconds.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::model::Timestamp;
use crate::store::KeyLookup;

/// Age from which one caller looks anew.
const FRESH: Duration = Duration::from_secs(2);
/// Age from which nobody takes what was looked up.
const MAX_AGE: Duration = Duration::from_secs(4);
/// Keys that are remembered; with more, the memory starts anew.
const CAPACITY: usize = 10_000;

/// Memory of lookups, by the hash of the key. Its times are those of the steady clock.
#[derive(Debug, Default)]
pub(in crate::app) struct KeyCache(Mutex<Memory>);

#[derive(Debug, Default)]
struct Memory {
    keys: HashMap<String, Remembered>,
    /// Number of times that everything was forgotten: a lookup that was begun before is not remembered after.
    generation: u64,
}

#[derive(Debug)]
struct Remembered {
    lookup: KeyLookup,
    at: Timestamp,
    is_refreshing: bool,
}

/// Answer of the memory about a key.
pub(super) enum Recalled {
    /// Take this.
    Fresh(KeyLookup),
    /// Look anew; take this if that is impossible.
    Stale(KeyLookup),
    /// Look it up.
    Nothing,
}

/// Answer of the memory, with what a lookup that follows has to say to be remembered.
pub(super) struct Recall {
    pub(super) recalled: Recalled,
    pub(super) generation: u64,
}

impl KeyCache {
    /// Recalls what was looked up under `hash`.
    pub(super) fn recall(&self, hash: &str, now: Timestamp) -> Recall {
        let mut memory = self.memory();
        let generation = memory.generation;
        let recalled = match memory.keys.get_mut(hash) {
            Some(known) if now.since(known.at) < MAX_AGE => known.recall(now),
            _ => Recalled::Nothing,
        };
        Recall { recalled, generation }
    }

    /// Remembers what the database said at `at` or later, unless everything was forgotten since `generation`.
    pub(super) fn remember(&self, hash: &str, lookup: KeyLookup, at: Timestamp, generation: u64) {
        let mut memory = self.memory();
        if memory.generation != generation {
            return;
        }
        if memory.keys.len() >= CAPACITY && !memory.keys.contains_key(hash) {
            memory.keys.clear();
        }
        let remembered = Remembered {
            lookup,
            at,
            is_refreshing: false,
        };
        memory.keys.insert(hash.to_owned(), remembered);
    }

    /// Forgets everything: this process has changed something.
    pub(super) fn forget(&self) {
        let mut memory = self.memory();
        memory.keys.clear();
        memory.generation += 1;
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Remembered {
    fn recall(&mut self, now: Timestamp) -> Recalled {
        let age = now.since(self.at);
        let lookup = self.lookup.aged(age);
        if age < FRESH || self.is_refreshing {
            return Recalled::Fresh(lookup);
        }
        self.is_refreshing = true;
        Recalled::Stale(lookup)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_000_000);

    fn lookup() -> KeyLookup {
        KeyLookup {
            key: None,
            has_tenants: true,
            now: NOW,
        }
    }

    fn is_known(cache: &KeyCache, at: Timestamp) -> bool {
        !matches!(cache.recall("hash", at).recalled, Recalled::Nothing)
    }

    #[test]
    fn a_lookup_from_before_a_change_is_not_remembered_after_it() {
        let cache = KeyCache::default();
        let begun = cache.recall("hash", NOW).generation;
        cache.forget();
        cache.remember("hash", lookup(), NOW, begun);
        assert!(!is_known(&cache, NOW));
        let begun = cache.recall("hash", NOW).generation;
        cache.remember("hash", lookup(), NOW, begun);
        assert!(is_known(&cache, NOW));
    }

    #[test]
    fn one_caller_looks_anew_while_the_others_take_what_is_here() {
        let cache = KeyCache::default();
        cache.remember("hash", lookup(), NOW, 0);
        let late = NOW.plus(FRESH);
        assert!(matches!(cache.recall("hash", late).recalled, Recalled::Stale(_)));
        assert!(matches!(cache.recall("hash", late).recalled, Recalled::Fresh(_)));
        assert!(!is_known(&cache, NOW.plus(MAX_AGE)));
    }
}
