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
use std::sync::{Mutex, PoisonError};
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
pub(in crate::app) struct KeyCache(Mutex<HashMap<String, Remembered>>);

#[derive(Debug)]
struct Remembered {
    lookup: KeyLookup,
    at: Timestamp,
    is_refreshing: bool,
}

/// What the memory says of a key.
pub(super) enum Recalled {
    /// Take this.
    Fresh(KeyLookup),
    /// Look anew; take this if that is impossible.
    Stale(KeyLookup),
    /// Look it up.
    Nothing,
}

impl KeyCache {
    /// Recalls what was looked up under `hash`.
    pub(super) fn recall(&self, hash: &str, now: Timestamp) -> Recalled {
        let mut memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match memory.get_mut(hash) {
            Some(known) if now.since(known.at) < MAX_AGE => {
                let age = now.since(known.at);
                if age < FRESH || known.is_refreshing {
                    return Recalled::Fresh(known.lookup.aged(age));
                }
                known.is_refreshing = true;
                Recalled::Stale(known.lookup.aged(age))
            }
            _ => Recalled::Nothing,
        }
    }

    /// Remembers what the database said at `at` or later.
    pub(super) fn remember(&self, hash: &str, lookup: KeyLookup, at: Timestamp) {
        let mut memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if memory.len() >= CAPACITY && !memory.contains_key(hash) {
            memory.clear();
        }
        let remembered = Remembered {
            lookup,
            at,
            is_refreshing: false,
        };
        memory.insert(hash.to_owned(), remembered);
    }

    /// Forgets everything: this process has changed something.
    pub(super) fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
