use std::time::Duration;

use crate::app::App;
use crate::store::StoreError;

/// How old what is told of something that changes may be, where other nodes change it too.
const RECENT: Duration = Duration::from_millis(500);

impl App {
    /// What `look` finds. Where this node has a copy of the database and another one may know more, because nothing is
    /// found or what is found has not `ended`, it looks again after it has fetched what others have written.
    ///
    /// # Errors
    /// What `look` returns; also that nothing was found and nothing could be fetched.
    pub(in crate::app) async fn newest<T, F>(
        &self,
        look: impl Fn() -> F,
        ended: impl Fn(&T) -> bool,
    ) -> Result<Option<T>, StoreError>
    where
        F: Future<Output = Result<Option<T>, StoreError>>,
    {
        let found = look().await?;
        let recent = match &found {
            Some(document) if ended(document) => return Ok(found),
            Some(_) => RECENT,
            None => Duration::ZERO,
        };
        match self.store.catch_up(recent).await {
            Ok(true) => look().await,
            // What is there goes on being told while it cannot be known whether it is the newest.
            Err(error) if found.is_none() => Err(error),
            Ok(false) | Err(_) => Ok(found),
        }
    }
}
