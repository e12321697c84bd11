use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use ilios_convert::ConvertError;
use rand::Rng;
use rand::rngs::StdRng;
use tokio::time::Instant;

use super::circuit_breaker::{CircuitBreaker, CircuitBreakerSettings, CircuitOpen, ServiceState};
use super::client::Client;
use super::fault::Fault;
use super::limiter::Limiter;
use crate::engine::EngineError;

/// Retry policy of requests to the service, and thresholds of the circuit breaker.
#[derive(Debug, Clone, Copy)]
pub struct RetryPolicy {
    /// Attempts at one request, of which the last failure counts.
    pub attempts: u32,
    /// The wait before the second attempt; it doubles with each further one. As much again, at most, is added at
    /// random.
    pub first_delay: Duration,
    /// The longest wait between two attempts.
    pub longest_delay: Duration,
    /// Failures in a row, of all workers together, that open the circuit.
    pub failures: u32,
    /// First pause of an open circuit; it doubles with each failed trial.
    pub pause: Duration,
    /// The longest stop, and the one after the service has refused the key or the account.
    pub longest_pause: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 5,
            first_delay: Duration::from_secs(1),
            longest_delay: Duration::from_secs(60),
            failures: 5,
            pause: Duration::from_secs(10),
            longest_pause: Duration::from_secs(60),
        }
    }
}

/// The service with everything that all workers share of it.
pub(super) struct Service {
    pub(super) client: Client,
    limiter: Limiter,
    breaker: CircuitBreaker,
    retry: RetryPolicy,
    random: Mutex<StdRng>,
}

/// Reason a request failed.
#[derive(Debug)]
pub(super) enum Failed {
    /// The uploaded file is not there.
    Missing,
    Engine(EngineError),
}

/// Maximum retries of a request whose response was lost or unusable: each may be billed.
const MAX_BILLED_RETRIES: u32 = 1;

impl Service {
    pub(super) fn new(client: Client, max_concurrency: usize, retry: RetryPolicy, random: StdRng) -> Self {
        Self {
            client,
            limiter: Limiter::new(max_concurrency),
            breaker: CircuitBreaker::new(CircuitBreakerSettings {
                failures: retry.failures,
                pause: retry.pause,
                longest: retry.longest_pause,
            }),
            retry,
            random: Mutex::new(random),
        }
    }

    pub(super) fn state(&self) -> ServiceState {
        self.breaker.state()
    }

    /// Checks that a request would be let through now. Lets none through itself.
    pub(super) fn ready(&self) -> Result<(), EngineError> {
        match self.breaker.open(Instant::now()) {
            Some(stopped) => Err(waiting(stopped)),
            None => Ok(()),
        }
    }

    /// Sends a request, and retries it as its failures allow.
    pub(super) async fn call<T, F>(&self, send: impl Fn() -> F) -> Result<T, Failed>
    where
        F: Future<Output = Result<T, Fault>>,
    {
        let (mut failures, mut billed_retries) = (0, 0);
        let mut lost = None;
        loop {
            let fault = {
                let Some(_slot) = self.limiter.acquire().await else {
                    return Err(EngineError::Unavailable("the server is stopping".into()).into());
                };
                if let Err(stopped) = self.breaker.admit(Instant::now()) {
                    // What may have been billed once must not wait to be billed again, without end.
                    let again = lost.map(|fault| self.final_error(fault));
                    return Err(again.unwrap_or_else(|| waiting(stopped).into()));
                }
                match send().await {
                    Ok(answer) => {
                        self.breaker.answered();
                        return Ok(answer);
                    }
                    Err(fault) => fault,
                }
            };
            self.note(&fault);
            failures += 1;
            let wait = match &fault {
                Fault::Lost(_) | Fault::Unusable(_) => {
                    billed_retries += 1;
                    if billed_retries > MAX_BILLED_RETRIES {
                        return Err(self.final_error(fault));
                    }
                    lost = Some(fault.clone());
                    self.delay(failures)
                }
                Fault::Passing { after, limited, .. } => {
                    let wait = after.unwrap_or_default().max(self.delay(failures));
                    if *limited {
                        self.limiter.block_for(wait);
                    }
                    wait
                }
                Fault::Missing => self.delay(failures),
                _ => return Err(self.final_error(fault)),
            };
            tracing::debug!(?fault, failures, ?wait, "a request to Mistral OCR failed");
            if failures >= self.retry.attempts {
                return Err(self.final_error(fault));
            }
            tokio::time::sleep(wait).await;
        }
    }

    /// Sends a request at most once: it must not be repeated unless it is known to have had no effect.
    pub(super) async fn call_at_most_once<T>(
        &self,
        send: impl Future<Output = Result<T, Fault>>,
    ) -> Result<T, Failed> {
        self.ready()?;
        let answer = send.await;
        match &answer {
            Ok(_) => self.breaker.answered(),
            Err(fault) => self.note(fault),
        }
        answer.map_err(|fault| self.final_error(fault))
    }

    /// Tells the circuit breaker of a fault.
    fn note(&self, fault: &Fault) {
        match fault {
            Fault::Passing {
                what, limited: false, ..
            }
            | Fault::Lost(what) => self.breaker.failed(Instant::now(), what),
            Fault::Denied(message) | Fault::NotFound(message) => self.breaker.denied(Instant::now(), message),
            _ => self.breaker.answered(),
        }
    }

    /// Maps a fault that is not retried to an error.
    pub(super) fn final_error(&self, fault: Fault) -> Failed {
        let error = match fault {
            Fault::Missing => return Failed::Missing,
            Fault::TooLarge => EngineError::LimitExceeded("the answer of the service is too large"),
            // However the service is: a document that is billed each time must not come again and again.
            Fault::Lost(what) | Fault::Unusable(what) => EngineError::ServiceFailed(what),
            Fault::Denied(reason) | Fault::NotFound(reason) => EngineError::Waiting {
                reason: format!("Mistral OCR is stopped: {reason}"),
                after: self.retry.longest_pause,
            },
            Fault::Passing {
                what, limited: true, ..
            } => EngineError::Waiting {
                reason: format!("Mistral OCR has too much to do: {what}"),
                after: self.retry.pause,
            },
            Fault::Passing { what, .. } => match self.breaker.open(Instant::now()) {
                Some(stopped) => waiting(stopped),
                // It works for others.
                None => EngineError::ServiceFailed(what),
            },
            Fault::Document { code, reason } => document(code, reason),
        };
        Failed::Engine(error)
    }

    fn delay(&self, failures: u32) -> Duration {
        let doublings = failures.clamp(1, 16) - 1;
        let wait = self.retry.first_delay * 2_u32.pow(doublings);
        let mut random = self.random.lock().unwrap_or_else(PoisonError::into_inner);
        let jitter = self.retry.first_delay.mul_f64(random.random_range(0.0..1.0));
        wait.min(self.retry.longest_delay) + jitter
    }
}

fn waiting(stopped: CircuitOpen) -> EngineError {
    let reason = match stopped.why {
        ServiceState::Denied(message) => format!("Mistral OCR is stopped: {message}"),
        ServiceState::Down(what) => format!("Mistral OCR does not answer: {what}"),
        ServiceState::Healthy => "Mistral OCR is being tried".to_owned(),
    };
    EngineError::Waiting {
        reason,
        after: stopped.after,
    }
}

/// Maps a refusal of a document to our own error code, where there is one.
fn document(code: Option<u32>, reason: String) -> EngineError {
    match code {
        Some(3740) => ConvertError::InvalidDocument { reason }.into(),
        _ => EngineError::Refused(reason),
    }
}

impl From<EngineError> for Failed {
    fn from(error: EngineError) -> Self {
        Self::Engine(error)
    }
}
