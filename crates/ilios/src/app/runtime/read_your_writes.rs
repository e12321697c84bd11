use std::time::Duration;

use crate::app::App;
use crate::store::StoreError;

/// How old what is told of something that changes may be, where other nodes change it too.
const MAX_STALENESS: Duration = Duration::from_millis(500);

impl App {
    /// What `look` finds. Where this node has a copy of the database and another one may know more, because nothing is
    /// found or what is found has not `ended`, it looks again after it has fetched what others have written.
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
