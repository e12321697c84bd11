use std::sync::atomic::{AtomicU64, Ordering};
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
use crate::retry::Retry;

/// Retry policy of requests to the service, each and all together.
#[derive(Debug, Clone, Copy)]
pub struct RetryPolicy {
    /// Attempts at one request; to each pause between them as much again, at most, is added at random.
    pub requests: Retry,
    /// Thresholds of the circuit breaker.
    pub breaker: CircuitBreakerSettings,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            requests: Retry::new(Duration::from_secs(1), Duration::from_secs(60)).times(4),
            breaker: CircuitBreakerSettings {
                failures: 5,
                pause: Duration::from_secs(10),
                longest: Duration::from_secs(60),
            },
        }
    }
}

/// The service with everything that all workers share of it.
pub(super) struct Service {
    pub(super) client: Client,
    limiter: Limiter,
    breaker: CircuitBreaker,
    retry: RetryPolicy,
    /// Seed of the next request's pauses.
    seed: AtomicU64,
}

/// Reason a request failed.
#[derive(Debug)]
pub(super) enum Failed {
    /// The uploaded file is not there.
    Missing,
    Engine(EngineError),
}

impl Service {
    pub(super) fn new(
        client: Client,
        max_concurrency: usize,
        retry: RetryPolicy,
        mut random: StdRng,
    ) -> Self {
        Self {
            client,
            limiter: Limiter::new(max_concurrency),
            breaker: CircuitBreaker::new(retry.breaker),
            retry,
            seed: AtomicU64::new(random.random()),
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
        let retry = self
            .retry
            .requests
            .jitter(self.seed.fetch_add(1, Ordering::Relaxed));
        let mut billed = None;
        let least = |fault: &Fault| self.least_pause(fault, &mut billed);
        let notify = |fault: &Fault, pause| {
            tracing::debug!(?fault, ?pause, "a request to Mistral OCR is sent again");
            if let Fault::Passing { limited: true, .. } = fault {
                self.limiter.block_for(pause);
            }
        };
        match retry.run(|| self.attempt(&send), least, notify).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(stopped)) => Err(match billed {
                None => waiting(stopped).into(),
                // It must not wait to be billed again, without end.
                Some(fault) => self.final_error(fault),
            }),
            Err(fault) => Err(self.final_error(fault)),
        }
    }

    async fn attempt<T, F>(&self, send: &impl Fn() -> F) -> Result<Result<T, CircuitOpen>, Fault>
    where
        F: Future<Output = Result<T, Fault>>,
    {
        let _slot = self.limiter.acquire().await;
        if let Err(stopped) = self.breaker.admit(Instant::now()) {
            return Ok(Err(stopped));
        }
        self.noted(send().await).map(Ok)
    }

    /// The least pause before a request is sent again; `None` if it is not to be. What may be billed is sent once more
    /// and no further: it is left in `billed`.
    fn least_pause(&self, fault: &Fault, billed: &mut Option<Fault>) -> Option<Duration> {
        match fault {
            Fault::Passing { after, limited, .. } => {
                let after = after.unwrap_or_default();
                if *limited {
                    self.limiter.block_for(after);
                }
                Some(after)
            }
            Fault::Missing => Some(Duration::ZERO),
            Fault::Lost(_) | Fault::Unusable(_) => {
                let first = billed.replace(fault.clone()).is_none();
                first.then_some(Duration::ZERO)
            }
            _ => None,
        }
    }

    /// Sends a request at most once: it must not be repeated unless it is known to have had no effect.
    pub(super) async fn call_at_most_once<T>(
        &self,
        send: impl Future<Output = Result<T, Fault>>,
    ) -> Result<T, Failed> {
        self.ready()?;
        self.noted(send.await).map_err(|fault| self.final_error(fault))
    }

    /// Tells the circuit breaker of an answer.
    fn noted<T>(&self, answer: Result<T, Fault>) -> Result<T, Fault> {
        match &answer {
            Err(Fault::Lost(what)) => self.breaker.failed(Instant::now(), what),
            Err(Fault::Passing { what, limited, .. }) if !limited => {
                self.breaker.failed(Instant::now(), what)
            }
            Err(Fault::Denied(why) | Fault::NotFound(why)) => self.breaker.denied(Instant::now(), why),
            _ => self.breaker.answered(),
        }
        answer
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
                after: self.retry.breaker.longest,
            },
            Fault::Passing {
                what, limited: true, ..
            } => EngineError::Waiting {
                reason: format!("Mistral OCR has too much to do: {what}"),
                after: self.retry.breaker.pause,
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
