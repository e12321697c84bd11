use std::time::Duration;

use super::receive::Upload;
use crate::app::{Admission, App, AppError};
use crate::model::Tenant;
use crate::outbound::FetchError;

/// Documents that are fetched at once.
const MAX_CONCURRENT_FETCHES: usize = 16;
/// Further ones that may wait for their turn.
const MAX_WAITING_FETCHES: usize = 1_024;

impl Admission {
    /// Admission of documents that are fetched; no request waits longer than `max_wait`.
    #[must_use]
    pub fn of_fetches(max_wait: Duration) -> Self {
        Self::new(MAX_CONCURRENT_FETCHES, MAX_WAITING_FETCHES, max_wait)
    }
}

impl App {
    /// Fetches a document from the address that `tenant` named, when it is its turn.
    ///
    /// # Errors
    /// Every [`FetchError`]; [`AppError::Busy`].
    pub async fn fetch(&self, tenant: &Tenant, url: &str) -> Result<Upload, AppError> {
        let fetcher = self.fetcher.as_ref().ok_or(FetchError::Off)?;
        fetcher.check(url)?;
        let _slot = self.fetching.enter(tenant).await?;
        let fetched = fetcher.fetch(url, &self.spool).await?;
        Ok(Upload {
            file_name: fetched.file_name,
            file: fetched.file,
        })
    }
}
