use std::time::Duration;

use crate::app::{App, AppError};
use crate::model::{Document, FileName, Id, Tenant};
use crate::objects::{DownloadAnswer, ObjectKey};

/// Lifetime of the address of an original.
const URL_LIFETIME: Duration = Duration::from_secs(300);

impl App {
    /// An address from which the original of a document can be fetched for some minutes; `disposition` words the
    /// `Content-Disposition` that it comes with.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::NoOriginal`] when none was kept, [`AppError::Objects`],
    /// [`AppError::Store`].
    pub async fn original_url(
        &self,
        tenant: &Tenant,
        id: &Id,
        disposition: fn(&FileName) -> String,
    ) -> Result<String, AppError> {
        let document = self.document(tenant, id).await?;
        if self.store.awaits_upload(id).await? {
            return Err(AppError::NoOriginal);
        }
        self.address(&document, disposition, URL_LIFETIME).await
    }

    /// An address of the original of `document` that works for `lifetime`.
    pub(super) async fn address(
        &self,
        document: &Document,
        disposition: fn(&FileName) -> String,
        lifetime: Duration,
    ) -> Result<String, AppError> {
        let key = ObjectKey::stored(document.object_key.as_deref()).ok_or(AppError::NoOriginal)?;
        let answer = DownloadAnswer {
            content_disposition: &disposition(&document.file_name),
            content_type: if document.mime_type.is_empty() {
                "application/octet-stream"
            } else {
                &document.mime_type
            },
        };
        let now = self.clock.now();
        Ok(self.objects.download_url(&key, &answer, lifetime, now).await?)
    }
}
