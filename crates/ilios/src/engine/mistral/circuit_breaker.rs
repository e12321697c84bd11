use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// State of the paid service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServiceState {
    /// It answers, as far as is known.
    Healthy,
    /// It has failed several times in a row and is left alone for a while.
    Down(String),
    /// It denies this server everything until an operator fixes what the message says.
    Denied(String),
}

/// A circuit breaker: stops asking a service that fails, so that documents wait instead of failing one after the other.
///
/// ```text
///           `failures` in a row, or a denial
/// Closed ──────────────────────────────────────> Open until the pause is over
///   ^                                             │  first request after the pause
///   │ any response                                v
///   └──────────────────────────────────────── HalfOpen: one request tries, the others are refused for as long as the
///                                                 pause was; a failure opens the circuit again, with a doubled pause
/// ```
pub(super) struct CircuitBreaker {
    settings: CircuitBreakerSettings,
    state: Mutex<State>,
}

/// Thresholds of the circuit breaker.
#[derive(Debug, Clone, Copy)]
pub struct CircuitBreakerSettings {
    /// Failures in a row, of all workers together, that open the circuit.
    pub failures: u32,
    /// First pause of an open circuit; it doubles with each failed trial.
    pub pause: Duration,
    /// The longest pause, and the one after the service has refused the key or the account.
    pub longest: Duration,
}

#[derive(Debug)]
enum State {
    /// Requests pass.
    Closed {
        /// Failures in a row.
        failures: u32,
    },
    /// No request passes until the pause is over.
    Open(Interruption),
    /// One request was let through after the pause; its outcome closes the circuit or opens it again.
    HalfOpen(Interruption),
}

#[derive(Debug, Clone)]
struct Interruption {
    /// The moment from which the next request passes.
    until: Instant,
    pause: Duration,
    why: ServiceState,
}

/// A request is refused because the circuit is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CircuitOpen {
    pub(super) why: ServiceState,
    pub(super) after: Duration,
}

impl State {
    fn interruption(&self) -> Option<&Interruption> {
        match self {
            Self::Closed { .. } => None,
            Self::Open(interruption) | Self::HalfOpen(interruption) => Some(interruption),
        }
    }
}

impl CircuitBreaker {
    pub(super) fn new(settings: CircuitBreakerSettings) -> Self {
        Self {
            settings,
            state: Mutex::new(State::Closed { failures: 0 }),
        }
    }

    /// Lets a request pass or refuses it. The one that passes after the pause keeps the others off for as long as the
    /// pause was.
    pub(super) fn admit(&self, now: Instant) -> Result<(), CircuitOpen> {
        let mut state = self.lock();
        let Some(interruption) = state.interruption() else {
            return Ok(());
        };
        if interruption.until > now {
            return Err(refusal(interruption, now));
        }
        let trial = Interruption {
            until: now + interruption.pause,
            ..interruption.clone()
        };
        *state = State::HalfOpen(trial);
        Ok(())
    }

    /// The refusal that a request would get now; `None` if it would pass.
    pub(super) fn open(&self, now: Instant) -> Option<CircuitOpen> {
        let state = self.lock();
        let interruption = state
            .interruption()
            .filter(|interruption| interruption.until > now)?;
        Some(refusal(interruption, now))
    }

    /// Notes a response of the service, whatever it says: closes the circuit.
    pub(super) fn answered(&self) {
        let mut state = self.lock();
        if let Some(interruption) = state.interruption() {
            tracing::info!(was = ?interruption.why, "Mistral OCR answers again");
        }
        *state = State::Closed { failures: 0 };
    }

    /// Notes a failure of the service.
    pub(super) fn failed(&self, now: Instant, what: &str) {
        let mut state = self.lock();
        let pause = match &mut *state {
            State::Closed { failures } => {
                *failures = failures.saturating_add(1);
                if *failures < self.settings.failures {
                    return;
                }
                self.settings.pause
            }
            State::HalfOpen(interruption) => interruption.pause * 2,
            // Sent before the circuit opened: it says nothing new.
            State::Open(_) => return,
        };
        self.interrupt(&mut state, now, pause, ServiceState::Down(what.to_owned()));
    }

    /// Notes that the service denies this server everything.
    pub(super) fn denied(&self, now: Instant, message: &str) {
        let mut state = self.lock();
        self.interrupt(
            &mut state,
            now,
            self.settings.longest,
            ServiceState::Denied(message.to_owned()),
        );
    }

    /// State of the service.
    pub(super) fn state(&self) -> ServiceState {
        let state = self.lock();
        state
            .interruption()
            .map_or(ServiceState::Healthy, |interruption| interruption.why.clone())
    }

    /// Opens the circuit.
    fn interrupt(&self, state: &mut State, now: Instant, pause: Duration, why: ServiceState) {
        let pause = pause.min(self.settings.longest);
        if state
            .interruption()
            .is_none_or(|interruption| interruption.why != why)
        {
            match &why {
                ServiceState::Denied(message) => {
                    tracing::error!(%message, "Mistral OCR is stopped until this is set right; documents wait");
                }
                ServiceState::Down(what) => {
                    tracing::warn!(%what, seconds = pause.as_secs(), "Mistral OCR is left alone for a while");
                }
                ServiceState::Healthy => {}
            }
        }
        *state = State::Open(Interruption {
            until: now + pause,
            pause,
            why,
        });
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn refusal(interruption: &Interruption, now: Instant) -> CircuitOpen {
    CircuitOpen {
        why: interruption.why.clone(),
        after: interruption.until - now,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breaker() -> CircuitBreaker {
        CircuitBreaker::new(CircuitBreakerSettings {
            failures: 3,
            pause: Duration::from_secs(10),
            longest: Duration::from_secs(60),
        })
    }

    fn later(start: Instant, seconds: u64) -> Instant {
        start + Duration::from_secs(seconds)
    }

    #[test]
    fn failures_in_a_row_open_the_circuit_and_one_request_tries() {
        let (breaker, start) = (breaker(), Instant::now());
        breaker.failed(start, "x");
        breaker.failed(start, "x");
        breaker.answered();
        breaker.failed(start, "x");
        breaker.failed(start, "x");
        assert!(breaker.admit(start).is_ok(), "not three in a row");
        breaker.failed(start, "x");
        let refused = breaker.admit(start).expect_err("three in a row");
        assert_eq!(refused.after, Duration::from_secs(10));
        breaker.failed(later(start, 1), "one that was under way");
        let then = later(start, 10);
        assert!(breaker.admit(then).is_ok(), "one tries");
        assert!(breaker.admit(then).is_err(), "the others wait for it");
        breaker.answered();
        assert!(breaker.admit(then).is_ok());
        assert_eq!(breaker.state(), ServiceState::Healthy);
    }

    #[test]
    fn the_pause_grows_with_each_failed_trial() {
        let (breaker, start) = (breaker(), Instant::now());
        (0..3).for_each(|_| breaker.failed(start, "x"));
        for (round, pause) in (1..).zip([20, 40, 60, 60]) {
            let now = later(start, 100 * round);
            assert!(breaker.admit(now).is_ok());
            breaker.failed(now, "x");
            let refused = breaker.admit(now).expect_err("it failed again");
            assert_eq!(refused.after, Duration::from_secs(pause));
        }
    }

    #[test]
    fn a_cancelled_trial_does_not_keep_the_circuit_open_for_good() {
        let (breaker, start) = (breaker(), Instant::now());
        breaker.denied(start, "the key");
        assert!(breaker.admit(later(start, 60)).is_ok());
        assert!(breaker.admit(later(start, 60)).is_err());
        assert!(breaker.admit(later(start, 120)).is_ok());
    }
}
