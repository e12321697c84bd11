use super::{Backend, ObjectKey, Objects, ObjectsError};
use crate::model::Timestamp;

impl Objects {
    /// Checks that the store works, by a real round trip: a temporary file in the folder, or a listing of one key.
    /// Tries again while the store does not answer, so the caller sets a limit.
    ///
    /// # Errors
    /// [`ObjectsError::Denied`] with the variables to look at, [`ObjectsError::Unavailable`] or
    /// [`ObjectsError::Io`].
    pub async fn check(&self) -> Result<(), ObjectsError> {
        match &self.backend {
            Backend::Local(local) => local.check().await,
            Backend::S3(s3) => s3.check().await,
        }
    }

    /// Removes staged files that a crash has left in the local folder, if they were not written to since
    /// `modified_before`; returns how many. With the present moment it is for a start at which no other process writes.
    /// On S3 there are none.
    ///
    /// # Errors
    /// [`ObjectsError::Io`].
    pub async fn sweep_staging(&self, modified_before: Timestamp) -> Result<usize, ObjectsError> {
        match &self.backend {
            Backend::Local(local) => local.sweep_staging(modified_before).await,
            Backend::S3(_) => Ok(0),
        }
    }

    /// Aborts a multipart upload that the [`UploadLog`](super::UploadLog) has heard begin and not end, and frees
    /// its parts. That it is gone is fine; in a local folder there are none. The log is not told.
    ///
    /// # Errors
    /// The store failed or refused.
    pub async fn abort(&self, key: &ObjectKey, upload_id: &str) -> Result<(), ObjectsError> {
        match &self.backend {
            Backend::Local(_) => Ok(()),
            Backend::S3(s3) => s3.abort(key, upload_id).await,
        }
    }
}
