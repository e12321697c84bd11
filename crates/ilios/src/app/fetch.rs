use super::App;
use crate::fetch::{FetchError, Fetched};

impl App {
    /// Fetches a document from the address that a client named.
    ///
    /// # Errors
    /// Every [`FetchError`].
    pub async fn fetch(&self, url: &str) -> Result<Fetched, FetchError> {
        let fetcher = self.fetcher.as_ref().ok_or(FetchError::Off)?;
        fetcher.fetch(url, &self.spool).await
    }
}
