use std::time::Duration;

use super::read_files::key_of;
use crate::app::{App, AppError};
use crate::model::{FileName, Id, Tenant};
use crate::objects::{Area, DownloadAnswer};

impl App {
    /// An address from which the file `id` of `tenant` can be fetched for `lifetime`, but no longer than the file is kept;
    /// `disposition` words the `Content-Disposition` that it comes with.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Objects`], [`AppError::Store`].
    pub async fn file_address(
        &self,
        tenant: &Tenant,
        id: &Id,
        lifetime: Duration,
        disposition: fn(&FileName) -> String,
    ) -> Result<String, AppError> {
        let file = self.file(tenant, id).await?;
        let now = self.clock.now();
        let answer = DownloadAnswer {
            content_disposition: &disposition(&file.file_name),
            content_type: &file.mime_type,
        };
        let lifetime = lifetime.min(file.expires_at.since(now));
        Ok(self
            .objects
            .download_url(&key_of(&file)?, &answer, lifetime, now)
            .await?)
    }

    /// The id of the file that an address leads to, if this server has made the address: it need not be fetched.
    #[must_use]
    pub fn file_at(&self, url: &str) -> Option<Id> {
        let key = self.objects.signed_key(url)?;
        (key.area() == Area::Files).then(|| key.id().clone())
    }
}
