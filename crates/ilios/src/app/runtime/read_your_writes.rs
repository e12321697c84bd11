use std::time::Duration;

use crate::app::App;
use crate::store::StoreError;

/// Maximum staleness of a row that may still change, where other nodes change it too.
const MAX_STALENESS: Duration = Duration::from_millis(500);

impl App {
    /// Returns the result of `load`. On a node with a replica, a missing row or one that has not `ended` may be stale:
    /// then the replica is synchronized and `load` runs again.
    ///
    /// # Errors
    /// What `look` returns; also that nothing was found and nothing could be fetched.
    pub(in crate::app) async fn fresh_read<T, F>(
        &self,
        load: impl Fn() -> F,
        ended: impl Fn(&T) -> bool,
    ) -> Result<Option<T>, StoreError>
    where
        F: Future<Output = Result<Option<T>, StoreError>>,
    {
        let found = load().await?;
        let max_staleness = match &found {
            Some(document) if ended(document) => return Ok(found),
            Some(_) => MAX_STALENESS,
            None => Duration::ZERO,
        };
        match self.store.catch_up(max_staleness).await {
            Ok(true) => load().await,
            // What is there goes on being told while it cannot be known whether it is the newest.
            Err(error) if found.is_none() => Err(error),
            Ok(false) | Err(_) => Ok(found),
        }
    }
}
