use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures::FutureExt;
use futures::future::{BoxFuture, Shared};
use tokio::time::Instant;

/// For how long the outcome of a check is believed.
const MAX_AGE: Duration = Duration::from_secs(1);

/// A check of something outside of this process, whose outcome all callers within a second share: it is made once a
/// second at most, and never twice at once.
pub(super) struct CachedCheck<T: Clone + Send>(Mutex<Option<RunningCheck<T>>>);

struct RunningCheck<T: Clone + Send> {
    begun: Instant,
    outcome: Shared<BoxFuture<'static, Option<T>>>,
}

impl<T: Clone + Send> Default for CachedCheck<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T: Clone + Send + Sync + 'static> CachedCheck<T> {
    /// The outcome of the last check, if it runs still or was begun within the last second, else of a new one. The
    /// check goes on when its caller is cancelled. `None` when it panicked.
    pub(super) async fn get(&self, check: impl Future<Output = T> + Send + 'static) -> Option<T> {
        let outcome = {
            let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let young = |check_in_progress: &&RunningCheck<T>| {
                check_in_progress.begun.elapsed() < MAX_AGE || check_in_progress.outcome.peek().is_none()
            };
            match last.as_ref().filter(young) {
                Some(check_in_progress) => check_in_progress.outcome.clone(),
                None => {
                    let task = tokio::spawn(check);
                    let outcome = async { task.await.ok() }.boxed().shared();
                    *last = Some(RunningCheck {
                        begun: Instant::now(),
                        outcome: outcome.clone(),
                    });
                    outcome
                }
            }
        };
        outcome.await
    }
}
