use futures::future::BoxFuture;

use crate::objects::{ObjectKey, UploadLog};
use crate::store::{OpenUpload, Store};

/// Remembers multipart uploads in the database, so that those which a crash cuts off are found and aborted.
pub struct StoredUploadLog(Store);

impl StoredUploadLog {
    /// A log in `store`.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self(store)
    }
}

impl UploadLog for StoredUploadLog {
    fn begun<'a>(&'a self, key: &'a ObjectKey, upload_id: &'a str) -> BoxFuture<'a, Result<(), String>> {
        Box::pin(async move {
            let upload = OpenUpload {
                upload_id: upload_id.to_owned(),
                object_key: key.as_str().to_owned(),
            };
            self.0
                .upload_begun(upload)
                .await
                .map_err(|error| error.to_string())
        })
    }

    fn ended<'a>(&'a self, _key: &'a ObjectKey, upload_id: &'a str) -> BoxFuture<'a, Result<(), String>> {
        Box::pin(async move {
            let ended = self.0.upload_ended(upload_id).await;
            ended.map_err(|error| error.to_string())
        })
    }
}
