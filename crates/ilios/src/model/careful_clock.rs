use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::{Clock, Timestamp};

/// A change of the clock that is believed at once.
const MAX_TRUSTED_JUMP_MILLIS: i64 = 24 * 60 * 60 * 1_000;
/// For how long a larger one has to last until it is believed.
const JUMP_CONFIRMATION: Duration = Duration::from_secs(5 * 60);

/// A clock that does not follow a jump of more than a day at once: what is old by it alone would be archived, swept or
/// forgotten, because of a mistyped year or an empty battery. It goes on as before, logs the jump, and follows when a
/// second look minutes later finds the same.
pub struct CarefulClock {
    clock: Arc<dyn Clock>,
    offsets: Mutex<Offsets>,
}

/// By how many milliseconds the clock is ahead of the steady one.
#[derive(Default)]
struct Offsets {
    /// The offset that is believed.
    believed: Option<i64>,
    /// One that is not yet, and since when it is seen.
    doubted: Option<(i64, Timestamp)>,
}

impl CarefulClock {
    /// `clock`, followed with care.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            offsets: Mutex::default(),
        }
    }
}

impl Clock for CarefulClock {
    fn now(&self) -> Timestamp {
        let steady = self.clock.steady();
        let offset = self.clock.now().as_millis().saturating_sub(steady.as_millis());
        let mut offsets = self.offsets.lock().unwrap_or_else(PoisonError::into_inner);
        Timestamp::from_millis(steady.as_millis().saturating_add(offsets.follow(offset, steady)))
    }

    fn steady(&self) -> Timestamp {
        self.clock.steady()
    }
}

impl Offsets {
    /// The offset to go by.
    fn follow(&mut self, offset: i64, steady: Timestamp) -> i64 {
        let near = |other: i64| offset.abs_diff(other) <= MAX_TRUSTED_JUMP_MILLIS.unsigned_abs();
        let believed = match self.believed {
            Some(believed) if !near(believed) => believed,
            _ => return self.believe(offset),
        };
        match self.doubted {
            Some((doubted, since)) if near(doubted) => {
                if steady.since(since) < JUMP_CONFIRMATION {
                    return believed;
                }
                tracing::warn!("the clock still says so: it is followed from now on");
                self.believe(offset)
            }
            _ => {
                let seconds = (offset - believed) / 1_000;
                tracing::warn!(
                    seconds,
                    "the clock has jumped by more than a day; it is followed if it still says so in {} s",
                    JUMP_CONFIRMATION.as_secs()
                );
                self.doubted = Some((offset, steady));
                believed
            }
        }
    }

    fn believe(&mut self, offset: i64) -> i64 {
        self.doubted = None;
        self.believed = Some(offset);
        offset
    }
}
