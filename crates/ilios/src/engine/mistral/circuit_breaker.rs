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
    /// It lets this server do nothing until somebody sets something right: the message says what.
    Denied(String),
}

/// Stops asking a service that fails, so that documents wait instead of failing one after the other.
///
/// After some failures in a row nobody is let through for a pause; then one is, to try. When that fails, the pause
/// doubles. Whoever succeeds opens the way for all.
pub(super) struct CircuitBreaker {
    settings: CircuitBreakerSettings,
    state: Mutex<State>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct CircuitBreakerSettings {
    /// Failures in a row that stop everybody.
    pub(super) failures: u32,
    /// The first pause.
    pub(super) pause: Duration,
    /// The longest one, and the one after a denial.
    pub(super) longest: Duration,
}

#[derive(Debug, Default)]
struct State {
    failures: u32,
    stop: Option<Stop>,
}

#[derive(Debug)]
struct Stop {
    until: Instant,
    pause: Duration,
    /// Whether somebody was let through to try.
    trying: bool,
    why: ServiceState,
}

/// Nobody is let through now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CircuitOpen {
    pub(super) why: ServiceState,
    pub(super) after: Duration,
}

impl CircuitBreaker {
    pub(super) fn new(settings: CircuitBreakerSettings) -> Self {
        Self {
            settings,
            state: Mutex::default(),
        }
    }

    /// Whether a request may be sent. One that is let through to try keeps the others off for as long as the
    /// pause was.
    pub(super) fn admit(&self, now: Instant) -> Result<(), CircuitOpen> {
        let mut state = self.lock();
        match &mut state.stop {
            None => Ok(()),
            Some(stop) if stop.until <= now => {
                stop.until = now + stop.pause;
                stop.trying = true;
                Ok(())
            }
            Some(stop) => Err(CircuitOpen {
                why: stop.why.clone(),
                after: stop.until - now,
            }),
        }
    }

    /// Why nobody would be let through now, if that is so.
    pub(super) fn open(&self, now: Instant) -> Option<CircuitOpen> {
        let state = self.lock();
        let stop = state.stop.as_ref().filter(|stop| stop.until > now)?;
        Some(CircuitOpen {
            why: stop.why.clone(),
            after: stop.until - now,
        })
    }

    /// The service has answered, whatever it said.
    pub(super) fn answered(&self) {
        let mut state = self.lock();
        if let Some(stop) = &state.stop {
            tracing::info!(was = ?stop.why, "Mistral OCR answers again");
        }
        *state = State::default();
    }

    /// The service has failed.
    pub(super) fn failed(&self, now: Instant, what: &str) {
        let mut state = self.lock();
        state.failures = state.failures.saturating_add(1);
        if state.failures < self.settings.failures {
            return;
        }
        let pause = match &state.stop {
            None => self.settings.pause,
            Some(stop) if stop.trying => stop.pause * 2,
            // Sent before the stop: it says nothing new.
            Some(_) => return,
        };
        self.stop(&mut state, now, pause, ServiceState::Down(what.to_owned()));
    }

    /// The service lets this server do nothing.
    pub(super) fn denied(&self, now: Instant, message: &str) {
        let mut state = self.lock();
        self.stop(
            &mut state,
            now,
            self.settings.longest,
            ServiceState::Denied(message.to_owned()),
        );
    }

    /// How the service is.
    pub(super) fn state(&self) -> ServiceState {
        let state = self.lock();
        state
            .stop
            .as_ref()
            .map_or(ServiceState::Healthy, |stop| stop.why.clone())
    }

    fn stop(&self, state: &mut State, now: Instant, pause: Duration, why: ServiceState) {
        let pause = pause.min(self.settings.longest);
        if state.stop.as_ref().is_none_or(|stop| stop.why != why) {
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
        state.stop = Some(Stop {
            until: now + pause,
            pause,
            trying: false,
            why,
        });
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
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
    fn failures_in_a_row_stop_everybody_and_one_is_let_through_to_try() {
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
    fn the_pause_grows_while_trying_does_not_help() {
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
    fn one_that_tried_and_was_cancelled_does_not_close_the_way_for_good() {
        let (breaker, start) = (breaker(), Instant::now());
        breaker.denied(start, "the key");
        assert!(breaker.admit(later(start, 60)).is_ok());
        assert!(breaker.admit(later(start, 60)).is_err());
        assert!(breaker.admit(later(start, 120)).is_ok());
    }
}
