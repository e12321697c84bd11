use std::time::Duration;

use futures::{StreamExt, TryStreamExt, stream};
use object_store::multipart::{MultipartStore, PartId};
use object_store::{Attribute, ObjectStoreExt, PutMultipartOptions};

use super::s3::S3;
use super::slots::{MAX_PARTS_IN_FLIGHT, PART_BYTES};
use super::source::Source;
use super::{ObjectKey, ObjectsError};

/// Time that parts may still be in flight after the request that sent them has ended.
const LATE_PARTS_TIMEOUT: Duration = Duration::from_secs(2);
/// The most parts that S3 takes.
const MAX_PARTS: u64 = 10_000;

impl S3 {
    /// Sends a file in parts. It is there once all of them are; when one fails, all are removed.
    pub(super) async fn put_parts(
        &self,
        key: &ObjectKey,
        source: &Source,
        content_type: &str,
    ) -> Result<(), ObjectsError> {
        let mut upload = self.begin(key, content_type).await?;
        let sent = self.send(&upload, source).await;
        match sent {
            Ok(()) => upload.completed().await,
            // It stays in the log when this fails too.
            Err(_) => upload.abort().await,
        }
        sent
    }

    async fn begin(&self, key: &ObjectKey, content_type: &str) -> Result<OpenUpload, ObjectsError> {
        let mut options = PutMultipartOptions::default();
        options
            .attributes
            .insert(Attribute::ContentType, content_type.to_owned().into());
        let id = self.store.create_multipart_opts(&key.path(), options).await;
        let mut upload = OpenUpload {
            s3: self.clone(),
            key: key.clone(),
            id: id.map_err(|error| self.upload_fault(&error))?,
            open: true,
        };
        if let Err(error) = self.log.begun(key, &upload.id).await {
            upload.abort().await;
            return Err(ObjectsError::Unavailable(format!(
                "the upload cannot be recorded: {error}"
            )));
        }
        Ok(upload)
    }

    async fn send(&self, upload: &OpenUpload, source: &Source) -> Result<(), ObjectsError> {
        let part = PART_BYTES.max(source.size().div_ceil(MAX_PARTS));
        let parts = (0_u64..).map(|index| index * part);
        let sending = parts
            .take_while(|start| *start < source.size())
            .enumerate()
            .map(|(index, start)| self.send_part(upload, source, index, start..start + part));
        let sent = stream::iter(sending)
            .buffered(MAX_PARTS_IN_FLIGHT)
            .try_collect()
            .await?;
        let path = upload.key.path();
        let Err(error) = self.store.complete_multipart(&path, &upload.id, sent).await else {
            return Ok(());
        };
        match self.fault(&error) {
            // An answer that got lost: the request was sent again, and the upload was complete already.
            ObjectsError::NotFound if self.has(&upload.key, source.size()).await => Ok(()),
            _ => Err(self.upload_fault(&error)),
        }
    }

    async fn send_part(
        &self,
        upload: &OpenUpload,
        source: &Source,
        index: usize,
        bytes: std::ops::Range<u64>,
    ) -> Result<PartId, ObjectsError> {
        let slot = self.slots.take().await?;
        let bytes = source.part_in(slot, bytes.start, bytes.end - bytes.start).await?;
        let path = upload.key.path();
        let sent = self.store.put_part(&path, &upload.id, index, bytes.into()).await;
        sent.map_err(|error| self.upload_fault(&error))
    }

    async fn has(&self, key: &ObjectKey, size: u64) -> bool {
        matches!(self.store.head(&key.path()).await, Ok(object) if object.size == size)
    }

    pub(super) async fn abort(&self, key: &ObjectKey, upload_id: &str) -> Result<(), ObjectsError> {
        let aborted = self
            .store
            .abort_multipart(&key.path(), &upload_id.to_owned())
            .await;
        match aborted.map_err(|error| self.fault(&error)) {
            Ok(()) | Err(ObjectsError::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// During an upload, what is not there is the upload itself: it was aborted, and a new one may succeed.
    fn upload_fault(&self, error: &object_store::Error) -> ObjectsError {
        match self.fault(error) {
            ObjectsError::NotFound => ObjectsError::Unavailable("the upload was aborted".into()),
            error => error,
        }
    }
}

/// A multipart upload. Dropped while it is open, because its request was, it is aborted all the same.
struct OpenUpload {
    s3: S3,
    key: ObjectKey,
    id: String,
    open: bool,
}

impl OpenUpload {
    async fn completed(&mut self) {
        self.open = false;
        self.tell_ended().await;
    }

    async fn abort(&mut self) {
        self.open = false;
        match self.s3.abort(&self.key, &self.id).await {
            Ok(()) => self.tell_ended().await,
            Err(error) => tracing::warn!(key = %self.key, %error, "an upload could not be aborted yet"),
        }
    }

    async fn tell_ended(&self) {
        if let Err(error) = self.s3.log.ended(&self.key, &self.id).await {
            tracing::warn!(key = %self.key, %error, "the end of an upload could not be recorded");
        }
    }
}

impl Drop for OpenUpload {
    fn drop(&mut self) {
        if !self.open {
            return;
        }
        // Without a runtime the program is ending; the log remembers the upload.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        let mut upload = Self {
            s3: self.s3.clone(),
            key: self.key.clone(),
            id: std::mem::take(&mut self.id),
            open: true,
        };
        runtime.spawn(async move {
            // A part that is on its way when the request is dropped may still arrive; after the abort it would stay.
            tokio::time::sleep(LATE_PARTS_TIMEOUT).await;
            upload.abort().await;
        });
    }
}
