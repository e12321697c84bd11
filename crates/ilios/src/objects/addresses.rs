use std::time::Duration;

use object_store::signer::Url;

use super::{Access, Backend, DownloadAnswer, ObjectKey, Objects, ObjectsError, SignatureError, SignedQuery};
use crate::model::Timestamp;

impl Objects {
    /// An address to which a client may PUT an object of `size` bytes until `lifetime` after `now` (S3: after the
    /// present, and at most seven days). A bucket refuses a body of another size, and takes one again and again until
    /// the time is over. In a local folder it is a path on our own server, `/objects/{key}?…`, which
    /// [`Self::verify`] checks; the size and the end of the upload are for the caller to see to.
    ///
    /// # Errors
    /// The address cannot be signed.
    pub async fn upload_url(
        &self,
        key: &ObjectKey,
        size: u64,
        lifetime: Duration,
        now: Timestamp,
    ) -> Result<String, ObjectsError> {
        match &self.backend {
            Backend::Local(local) => local
                .signing()
                .sign(Access::Upload, key, None, now.plus(lifetime)),
            Backend::S3(s3) => s3.upload_url(key, size, lifetime).await,
        }
    }

    /// An address from which a client may GET the object, with the headers of `answer`. As [`Self::upload_url`]
    /// otherwise.
    ///
    /// # Errors
    /// The address cannot be signed.
    pub async fn download_url(
        &self,
        key: &ObjectKey,
        answer: &DownloadAnswer<'_>,
        lifetime: Duration,
        now: Timestamp,
    ) -> Result<String, ObjectsError> {
        match &self.backend {
            Backend::Local(local) => {
                let until = now.plus(lifetime);
                local.signing().sign(Access::Download, key, Some(answer), until)
            }
            Backend::S3(s3) => s3.download_url(key, answer, lifetime).await,
        }
    }

    /// The key of the object that `url` leads to, if this server has made that address, under whatever name of the server
    /// and however long ago: what may be done with the object is for the caller to see to.
    #[must_use]
    pub fn signed_key(&self, url: &str) -> Option<ObjectKey> {
        let url = Url::parse(url).ok()?;
        match &self.backend {
            Backend::Local(local) => local.signing().key_of(&url),
            Backend::S3(s3) => s3.key_of(&url),
        }
    }

    /// Checks the signature of a request to `/objects/{key}` and returns its key. The time that it takes tells
    /// nothing of the right signature.
    ///
    /// # Errors
    /// [`SignatureError::Forged`] when it is not one of ours for this access, key and query, also when objects are
    /// on S3; [`SignatureError::Expired`] when it was.
    pub fn verify(
        &self,
        access: Access,
        key: &str,
        query: &SignedQuery,
        now: Timestamp,
    ) -> Result<ObjectKey, SignatureError> {
        match &self.backend {
            Backend::Local(local) => local.signing().verify(access, key, query, now),
            Backend::S3(_) => Err(SignatureError::Forged),
        }
    }
}
