//! Transactions at a server, which are run again when others were in the way or the connection broke.

use std::time::Duration;

use tokio::time::Instant;
use tokio_util::task::TaskTracker;

use super::DbError;

/// The wait before a transaction is run again; doubled each time.
const FIRST_PAUSE: Duration = Duration::from_millis(20);
pub(super) const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Reason a transaction was not committed.
pub(super) enum Failed {
    /// It would fail again.
    Final(DbError),
    /// It may succeed when it is run again. Nothing was written.
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
    let deadline = Instant::now() + retry_timeout;
    let mut pause = FIRST_PAUSE;
    loop {
        match attempt().await {
            Ok(value) => return Ok(value),
            Err(Failed::Final(error)) => return Err(error),
            Err(Failed::Retry(error)) if Instant::now() + pause >= deadline => return Err(error),
            Err(Failed::Retry(error)) => tracing::debug!(%error, "a transaction is run again"),
        }
        tokio::time::sleep(pause).await;
        pause = LONGEST_PAUSE.min(pause * 2);
    }
}

/// Runs a transaction in a task of its own: a caller that goes away leaves nothing half done.
pub(super) async fn run_detached<T: Send + 'static>(
    running: &TaskTracker,
    transaction: impl Future<Output = Result<T, DbError>> + Send + 'static,
) -> Result<T, DbError> {
    let ended = running.spawn(transaction).await;
    ended.unwrap_or_else(|error| Err(DbError::Unavailable(error.to_string())))
}
