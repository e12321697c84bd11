use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use ilios::model::{Clock, SystemClock, Timestamp};

/// The time that all clocks of a test show, each with a deviation of its own. Passes only when it is told to.
#[derive(Clone)]
pub(super) struct TestTime(Arc<AtomicI64>);

/// A clock that deviates from the test's time.
pub(super) struct SkewedClock {
    time: TestTime,
    skew: i64,
}

/// The machine's clock, wrong by some milliseconds.
pub(super) struct WrongClock(pub(super) i64);

impl TestTime {
    pub(super) fn new() -> Self {
        Self(Arc::new(AtomicI64::new(1_800_000_000_000)))
    }

    pub(super) fn pass(&self, span: Duration) {
        let millis = i64::try_from(span.as_millis()).expect("a short span");
        self.0.fetch_add(millis, Ordering::SeqCst);
    }

    /// A clock that is `skew` milliseconds ahead.
    pub(super) fn clock(&self, skew: i64) -> Arc<SkewedClock> {
        Arc::new(SkewedClock {
            time: self.clone(),
            skew,
        })
    }
}

impl Clock for SkewedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.time.0.load(Ordering::SeqCst) + self.skew)
    }
}

impl Clock for WrongClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(SystemClock.now().as_millis() + self.0)
    }
}
