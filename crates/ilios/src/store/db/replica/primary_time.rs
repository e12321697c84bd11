use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::model::{Clock, SystemClock, Timestamp};

/// The primary's time, as far as it is known between the transactions that tell it.
pub(super) struct PrimaryTime {
    /// The time, where it is not to be the primary's: for tests.
    override_clock: Option<Arc<dyn Clock>>,
    /// By how many milliseconds the primary is ahead of this machine.
    offset_millis: AtomicI64,
}

impl PrimaryTime {
    pub(super) fn new(override_clock: Option<Arc<dyn Clock>>) -> Self {
        Self {
            override_clock,
            offset_millis: AtomicI64::new(0),
        }
    }

    /// The time of a transaction to which the primary has told its own.
    pub(super) fn record(&self, time: Timestamp) -> Timestamp {
        if let Some(clock) = &self.override_clock {
            return clock.now();
        }
        let offset_millis = time.as_millis() - SystemClock.now().as_millis();
        self.offset_millis.store(offset_millis, Ordering::Relaxed);
        time
    }
}

impl Clock for PrimaryTime {
    fn now(&self) -> Timestamp {
        match &self.override_clock {
            Some(clock) => clock.now(),
            None => {
                let here = SystemClock.now().as_millis();
                Timestamp::from_millis(here.saturating_add(self.offset_millis.load(Ordering::Relaxed)))
            }
        }
    }
}
