//! Transactions at a server, which are run again when others were in the way or the connection broke.

use std::time::Duration;

use tokio_util::task::TaskTracker;

use super::DbError;
use crate::retry::Retry;

const RETRY: Retry = Retry::new(Duration::from_millis(20), Duration::from_secs(1));
/// Time for which the outcome of a lost commit is asked for.
const RESOLVE_TIMEOUT: Duration = Duration::from_secs(60);

/// Reason a transaction was not committed.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failed {
    /// It would fail again.
    #[error(transparent)]
    Final(DbError),
    /// It may succeed when it is run again. Nothing was written.
    #[error(transparent)]
    Retry(DbError),
}

/// Makes attempts until one settles it, or `retry_timeout` is over.
pub(super) async fn run_until_settled<T, F>(
    retry_timeout: Duration,
    attempt: impl Fn() -> F,
) -> Result<T, DbError>
where
    F: Future<Output = Result<T, Failed>>,
{
    let may_succeed = |failed: &Failed| matches!(failed, Failed::Retry(_)).then_some(Duration::ZERO);
    let notify = |error: &Failed, _| tracing::debug!(%error, "a transaction is run again");
    let settled = RETRY
        .within(retry_timeout)
        .run(attempt, may_succeed, notify)
        .await;
    settled.map_err(|(Failed::Final(error) | Failed::Retry(error))| error)
}

/// Asks until there is an answer whether a commit was done; `None` says that its mark is gone.
pub(super) async fn resolve_commit<F>(committed: impl Fn() -> F) -> Result<(), Failed>
where
    F: Future<Output = Result<Option<bool>, String>>,
{
    let notify =
        |error: &String, _| tracing::warn!(%error, "a commit was not answered and cannot be asked about yet");
    let retry = RETRY.within(RESOLVE_TIMEOUT);
    let why = match retry.run(committed, |_| Some(Duration::ZERO), notify).await {
        Ok(Some(true)) => return Ok(()),
        Ok(Some(false)) => {
            let lost = "the connection was lost before the commit was done";
            return Err(Failed::Retry(DbError::Unavailable(lost.into())));
        }
        Ok(None) => "its mark is gone".to_owned(),
        Err(error) => error,
    };
    let text = format!("whether a commit was done is not known: {why}");
    Err(Failed::Final(DbError::Unavailable(text)))
}

/// Runs a transaction in a task of its own: a caller that goes away leaves nothing half done.
pub(super) async fn run_detached<T: Send + 'static>(
    running: &TaskTracker,
    transaction: impl Future<Output = Result<T, DbError>> + Send + 'static,
) -> Result<T, DbError> {
    let ended = running.spawn(transaction).await;
    ended.unwrap_or_else(|error| Err(DbError::Unavailable(error.to_string())))
}
