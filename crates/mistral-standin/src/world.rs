//! Everything the stand-in remembers.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::batch::Job;
use crate::counts::Counts;
use crate::faults::Faults;
use crate::files::StoredFile;

const HOUR: u64 = 60 * 60;

/// What all handlers share.
#[derive(Debug)]
pub(crate) struct World {
    /// The root of its own addresses.
    pub(crate) base: String,
    state: Mutex<State>,
}

/// What changes.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) faults: Faults,
    pub(crate) counts: Counts,
    pub(crate) files: BTreeMap<Uuid, StoredFile>,
    /// In the order of creation.
    pub(crate) jobs: Vec<Job>,
    /// Documents under addresses elsewhere.
    pub(crate) web: BTreeMap<String, Bytes>,
    advanced: u64,
    made: u64,
}

impl World {
    pub(crate) fn new(base: String, faults: Faults) -> Self {
        let state = State {
            faults,
            ..State::default()
        };
        Self {
            base,
            state: Mutex::new(state),
        }
    }

    /// The state, for as long as nobody waits. A panic elsewhere leaves it usable: every change is a single step.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Seconds since 1970, by a clock that can be moved forward.
    #[expect(
        clippy::disallowed_methods,
        reason = "a client compares the times it is told with its own clock; tests move this one by `advance`"
    )]
    pub(crate) fn now(&self) -> u64 {
        std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(0, |since| since.as_secs())
            .saturating_add(self.advanced)
    }

    pub(crate) fn advance(&mut self, hours: u64) {
        self.advanced = self.advanced.saturating_add(hours.saturating_mul(HOUR));
    }

    /// An id that nothing else has; the same one in every run that does the same.
    pub(crate) fn new_id(&mut self) -> Uuid {
        self.made += 1;
        let digest = Sha256::digest(format!("id {}", self.made));
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }

    /// The moment so many hours from now.
    pub(crate) fn in_hours(&self, hours: u64) -> u64 {
        self.now().saturating_add(hours.saturating_mul(HOUR))
    }

    /// A file that is neither deleted nor expired.
    pub(crate) fn file(&self, id: Uuid) -> Option<&StoredFile> {
        let now = self.now();
        self.files.get(&id).filter(|file| file.expires_at > now)
    }
}

/// SHA-256 in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut text, byte| {
            text.push_str(&format!("{byte:02x}"));
            text
        })
}
