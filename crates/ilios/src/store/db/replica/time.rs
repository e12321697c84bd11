use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::model::{Clock, SystemClock, Timestamp};

/// The primary's time, as far as it is known between the transactions that tell it.
pub(super) struct PrimaryTime {
    /// The time, where it is not to be the primary's: for tests.
    instead: Option<Arc<dyn Clock>>,
    /// By how many milliseconds the primary is ahead of this machine.
    ahead: AtomicI64,
}

impl PrimaryTime {
    pub(super) fn new(instead: Option<Arc<dyn Clock>>) -> Self {
        Self {
            instead,
            ahead: AtomicI64::new(0),
        }
    }

    /// The time of a transaction to which the primary has told its own.
    pub(super) fn told(&self, time: Timestamp) -> Timestamp {
        if let Some(clock) = &self.instead {
            return clock.now();
        }
        let ahead = time.as_millis() - SystemClock.now().as_millis();
        self.ahead.store(ahead, Ordering::Relaxed);
        time
    }
}

impl Clock for PrimaryTime {
    fn now(&self) -> Timestamp {
        match &self.instead {
            Some(clock) => clock.now(),
            None => {
                let here = SystemClock.now().as_millis();
                Timestamp::from_millis(here.saturating_add(self.ahead.load(Ordering::Relaxed)))
            }
        }
    }
}
