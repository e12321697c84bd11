use std::time::{Duration, Instant};

use reqwest::header::{AUTHORIZATION, HeaderValue};

use super::super::DbError;
use super::hrana::{Answer, Batch, BatchResult, Outcome, Pipeline, Request, Response, StepResult};
use super::primary_error::{Fault, PrimaryError};
use crate::model::Secret;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Timeout of a ping.
const PING_TIMEOUT: Duration = Duration::from_millis(1_500);
/// Timeout of a response: a writer waits for others up to 5 s each.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(30);
/// Maximum idle time of a stream that is used again; the primary forgets it after 10 s.
const MAX_IDLE: Duration = Duration::from_secs(7);

/// HTTP client of a primary.
pub(super) struct PrimaryClient {
    client: reqwest::Client,
    base: String,
    authorization: Option<HeaderValue>,
}

/// A connection of the primary to its database, which one round after the other goes to. It is lost with a round
/// that is not answered.
#[derive(Default)]
pub(super) struct Stream {
    open: Option<Open>,
}

struct Open {
    baton: String,
    base: Option<String>,
    used: Instant,
}

impl PrimaryClient {
    pub(super) fn new(url: &str, token: Option<&Secret>) -> Result<Self, DbError> {
        let unusable = |text: String| DbError::Unavailable(text);
        let authorization = token.map(|token| {
            let mut header = HeaderValue::try_from(format!("Bearer {}", token.reveal()))
                .map_err(|_| unusable("TURSO_AUTH_TOKEN has characters that no token has".into()))?;
            header.set_sensitive(true);
            Ok::<_, DbError>(header)
        });
        let client = crate::tls::http_client()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(RESPONSE_TIMEOUT)
            // A lost connection is noticed after some 20 seconds.
            .tcp_keepalive(Duration::from_secs(10))
            .tcp_keepalive_interval(Duration::from_secs(3))
            .tcp_keepalive_retries(3)
            // The token goes where the configuration says and nowhere else.
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .user_agent(concat!("ilios/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| unusable(error.to_string()))?;
        Ok(Self {
            client,
            base: http(url),
            authorization: authorization.transpose()?,
        })
    }

    /// Asks the primary for something trivial: how many tables it has.
    pub(super) async fn ping(&self) -> Result<i64, PrimaryError> {
        let mut stream = Stream::default();
        let count = "SELECT COUNT(*) FROM sqlite_master";
        let requests = [Batch::new().first(count).request(), Request::Close];
        let asked = tokio::time::timeout(PING_TIMEOUT, stream.batch(self, &requests)).await;
        let late = || PrimaryError {
            maybe_committed: true,
            ..PrimaryError::new(Fault::Away, "the primary does not answer in time")
        };
        let count = asked.map_err(|_| late())??.last(1)?.only();
        count.map_err(|error| PrimaryError::new(Fault::Refused, error.to_string()))
    }
}

/// The URL of the HTTP interface.
pub(super) fn http(url: &str) -> String {
    let url = match url.strip_prefix("libsql://") {
        Some(place) => format!("https://{place}"),
        None => url.to_owned(),
    };
    url.trim_end_matches('/').to_owned()
}

impl Stream {
    /// Returns true if the next round opens a new connection, which begins without its settings.
    pub(super) fn is_new(&mut self) -> bool {
        self.open.take_if(|open| open.used.elapsed() > MAX_IDLE);
        self.open.is_none()
    }

    /// One round: requests, and an answer to each.
    pub(super) async fn send(
        &mut self,
        primary: &PrimaryClient,
        requests: &[Request],
    ) -> Result<Vec<Outcome>, PrimaryError> {
        let open = self.open.take();
        let base = open.as_ref().and_then(|open| open.base.as_deref());
        let mut request = primary
            .client
            .post(format!("{}/v3/pipeline", base.unwrap_or(&primary.base)))
            .json(&Pipeline {
                baton: open.as_ref().map(|open| open.baton.as_str()),
                requests,
            });
        if let Some(authorization) = &primary.authorization {
            request = request.header(AUTHORIZATION, authorization.clone());
        }
        let response = request
            .send()
            .await
            .map_err(|error| PrimaryError::of_transport(&error))?;
        let status = response.status();
        let body = response.bytes().await.map_err(|error| PrimaryError {
            maybe_committed: true,
            ..PrimaryError::of_transport(&error)
        })?;
        if !status.is_success() {
            return Err(PrimaryError::of_status(status, &String::from_utf8_lossy(&body)));
        }
        let answer: Answer = serde_json::from_slice(&body).map_err(|error| PrimaryError {
            maybe_committed: true,
            ..PrimaryError::new(
                Fault::Refused,
                format!("the primary's answer cannot be read: {error}"),
            )
        })?;
        self.open = answer.baton.map(|baton| Open {
            baton,
            base: answer.base_url,
            used: Instant::now(),
        });
        Ok(answer.results)
    }

    /// One round whose first request is a batch.
    pub(super) async fn batch(
        &mut self,
        primary: &PrimaryClient,
        requests: &[Request],
    ) -> Result<BatchResult, PrimaryError> {
        let first = self.send(primary, requests).await?.into_iter().next();
        match first {
            Some(Outcome::Ok {
                response: Response::Batch { result },
            }) => Ok(result),
            Some(Outcome::Error { error }) => Err(PrimaryError::of(&error)),
            _ => Err(PrimaryError {
                maybe_committed: true,
                ..PrimaryError::new(
                    Fault::Refused,
                    "the primary answers something else than it was asked",
                )
            }),
        }
    }
}

impl BatchResult {
    /// The outcomes of the steps from `first` to before `steps`, each of which depends on those before.
    pub(super) fn all(mut self, first: usize, steps: usize) -> Result<Vec<StepResult>, PrimaryError> {
        let mut found = Vec::with_capacity(steps - first);
        for step in first..steps {
            found.push(self.step(step, steps)?);
        }
        Ok(found)
    }

    /// The outcome of the last of the first `steps` steps, each of which depends on those before.
    pub(super) fn last(mut self, steps: usize) -> Result<StepResult, PrimaryError> {
        self.step(steps.saturating_sub(1), steps)
    }

    fn step(&mut self, number: usize, steps: usize) -> Result<StepResult, PrimaryError> {
        if let Some(reported) = self.step_errors.iter().take(steps).flatten().next() {
            return Err(PrimaryError::of(reported));
        }
        let result = self.step_results.get_mut(number).and_then(Option::take);
        result.ok_or_else(|| PrimaryError::new(Fault::Contended, "the primary has ended the transaction"))
    }
}
