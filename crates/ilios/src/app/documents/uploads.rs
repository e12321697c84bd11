use std::time::Duration;

use bytes::Bytes;
use futures::{Stream, StreamExt};

use crate::app::keys::allowed_retention;
use crate::app::{App, AppError, Busy, Limit};
use crate::crash_point;
use crate::model::{ConversionOptions, Document, FileName, Id, RetentionDays, Status, Tenant};
use crate::objects::{ObjectKey, ObjectsError};
use crate::spool::SpoolError;
use crate::store::{AwaitedUpload, NewDocument, UploadCompleted};

/// A document that the client will put into the object store itself.
pub struct AnnounceUpload {
    /// The tenant that asks.
    pub tenant: Tenant,
    /// Its name.
    pub file_name: FileName,
    /// Bytes that it will have.
    pub file_size: u64,
    /// Media type, as the client says.
    pub mime_type: String,
    /// Retention time.
    pub retention: RetentionDays,
    /// Options of the conversion.
    pub options: ConversionOptions,
}

/// Upload address for a document.
pub struct AnnouncedUpload {
    /// The document.
    pub id: Id,
    /// The address for a PUT.
    pub url: String,
    /// The object's key.
    pub key: ObjectKey,
    /// Lifetime of the address.
    pub lifetime: Duration,
}

/// Time in which a client may put its document.
const URL_LIFETIME: Duration = Duration::from_secs(3_600);
/// Time from the announcement of an upload in which the client has to complete it.
const COMPLETION_TIMEOUT: Duration = Duration::from_secs(24 * 3_600);
/// The media type that is stored with an upload: its bytes were not read yet.
const UNKNOWN_MIME_TYPE: &str = "application/octet-stream";
/// Seconds after which a client that has announced too many uploads may have completed some.
const UPLOADS_RETRY_SECONDS: u64 = 5;

impl App {
    /// Makes a document whose original the client puts into the object store by itself.
    ///
    /// # Errors
    /// [`AppError::TestKey`], [`AppError::Busy`], [`AppError::Objects`], [`AppError::Store`].
    pub async fn announce_upload(&self, submission: AnnounceUpload) -> Result<AnnouncedUpload, AppError> {
        let options = self.allowed_options(&submission.tenant, submission.options)?;
        let retention = allowed_retention(&submission.tenant, submission.retention);
        let _room = self.make_room(&submission.tenant, 1).await?;
        let now = self.clock.now();
        let id = self.ids.next(now);
        let key = ObjectKey::original(&id);
        let url = self
            .objects
            .upload_url(&key, submission.file_size, URL_LIFETIME, now)
            .await?;
        let document = Document {
            reconversion: None,
            id: id.clone(),
            tenant: submission.tenant,
            file_name: submission.file_name,
            file_size: submission.file_size,
            mime_type: submission.mime_type,
            sha256: String::new(),
            status: Status::Pending,
            created_at: now,
            processed_at: None,
            retention,
            metadata: None,
            batch: None,
            options,
            object_key: Some(key.as_str().to_owned()),
            failure: None,
        };
        let new = NewDocument {
            document,
            job: None,
            upload_expires_at: Some(now.plus(COMPLETION_TIMEOUT)),
        };
        if !self.store.announce_upload(new, self.max_announced).await? {
            return Err(AppError::Busy(Busy {
                limit: Limit::Uploads,
                retry_after_seconds: UPLOADS_RETRY_SECONDS,
            }));
        }
        Ok(AnnouncedUpload {
            id,
            url,
            key,
            lifetime: URL_LIFETIME,
        })
    }

    /// The direct upload that an address leads to: where to put it, and how many bytes were announced.
    ///
    /// # Errors
    /// [`AppError::UploadEnded`] when it was completed, cancelled, given up or deleted, [`AppError::Store`].
    async fn awaited_upload(&self, key: &ObjectKey) -> Result<AwaitedUpload, AppError> {
        let awaited = self.store.awaited_upload(key.id()).await?;
        awaited
            .filter(|upload| upload.object_key == key.as_str())
            .ok_or(AppError::UploadEnded)
    }

    /// Stores what a client sends to its upload address: `length` bytes, where it says how many. An upload that ends while
    /// it is on its way is not changed by it.
    ///
    /// # Errors
    /// That of `bytes`, [`AppError::UploadEnded`], [`AppError::LongerThanAnnounced`], [`AppError::Spool`],
    /// [`AppError::Objects`], [`AppError::Store`].
    pub async fn put_upload<E>(
        &self,
        key: &ObjectKey,
        length: Option<u64>,
        bytes: impl Stream<Item = Result<Bytes, E>>,
    ) -> Result<(), E>
    where
        E: From<AppError> + From<SpoolError>,
    {
        let announced = self.awaited_upload(key).await?.file_size;
        let longer = || E::from(AppError::LongerThanAnnounced { announced });
        if length.is_some_and(|length| length > announced) {
            return Err(longer());
        }
        let mut left = announced;
        let bytes = bytes.map(|bytes: Result<Bytes, E>| -> Result<Bytes, E> {
            let bytes = bytes?;
            left = left.checked_sub(bytes.len() as u64).ok_or_else(longer)?;
            Ok(bytes)
        });
        let file = self.spool.fill(bytes).await?;
        self.awaited_upload(key).await?;
        let stored = self.objects.put(key, &file, UNKNOWN_MIME_TYPE).await;
        stored.map_err(AppError::from)?;
        crash_point::reach("upload_put");
        let ended = self.awaited_upload(key).await;
        if matches!(ended, Err(AppError::UploadEnded)) {
            self.discard_unnamed(key).await;
        }
        Ok(ended.map(drop)?)
    }

    /// Queues a document whose original the client has put. Saying so again changes nothing. The original is a copy
    /// of what is at the upload address now, under a key of its own that no address can write to: whatever is put
    /// later, this is what is converted and given out.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::NotUploaded`] when the object is not there or has another size than
    /// announced, [`AppError::Objects`], [`AppError::Store`].
    pub async fn complete_upload(&self, tenant: &Tenant, id: &Id) -> Result<Document, AppError> {
        let document = self.document(tenant, id).await?;
        let Some(awaited) = self.store.awaited_upload(id).await? else {
            // As it is now: it may have been completed in between.
            return completed_before(self.document(tenant, id).await?);
        };
        let from = awaited.object_key.parse::<ObjectKey>();
        let from = from.map_err(|_| AppError::NotFound)?;
        let job = self.ids.next(self.clock.now());
        let copy = ObjectKey::uploaded(id, &job);
        if let Err(error) = self.copy_upload(&from, &copy, document.file_size).await {
            // Another request may have completed it in between, and taken what was at the address.
            let is_awaited = self.store.awaited_upload(id).await?.is_some();
            if is_awaited || !matches!(error, AppError::NotUploaded(_)) {
                return Err(error);
            }
            return completed_before(self.document(tenant, id).await?);
        }
        crash_point::reach("upload_copied");
        let completed = self
            .store
            .complete_upload(tenant, id, job, copy.as_str().to_owned());
        let document = match completed.await? {
            UploadCompleted::Now(document) => *document,
            UploadCompleted::Before(document) => {
                self.discard_unnamed(&copy).await;
                return completed_before(*document);
            }
            UploadCompleted::NotFound => {
                self.discard_unnamed(&copy).await;
                return Err(AppError::NotFound);
            }
        };
        self.events.queued.notify_waiters();
        self.delete_object(from.as_str()).await;
        Ok(document)
    }

    /// Copies an upload to the key where it stays.
    async fn copy_upload(&self, from: &ObjectKey, copy: &ObjectKey, announced: u64) -> Result<(), AppError> {
        require_size(self.objects.size(from).await?, announced)?;
        match self.objects.copy(from, copy).await {
            Err(ObjectsError::NotFound) => return require_size(None, announced),
            copied => copied?,
        }
        // What was looked at may have been replaced before it was copied.
        let same = require_size(self.objects.size(copy).await?, announced);
        if same.is_err() {
            self.discard_unnamed(copy).await;
        }
        same
    }

    /// Deletes an object unless a row names it. What cannot be deleted now is swept later.
    async fn discard_unnamed(&self, key: &ObjectKey) {
        let discarded = async {
            let unnamed = self.store.unnamed_objects(vec![key.as_str().to_owned()]).await?;
            if !unnamed.is_empty() {
                self.objects.delete(key).await?;
            }
            Ok::<(), AppError>(())
        };
        if let Err(error) = discarded.await {
            tracing::warn!(%error, %key, "an object without a row is left to the sweeper");
        }
    }
}

fn completed_before(document: Document) -> Result<Document, AppError> {
    match (&document.object_key, &document.failure) {
        (Some(_), _) => Ok(document),
        (None, Some(failure)) => Err(AppError::NotUploaded(format!(
            "it ended before: {}",
            failure.message
        ))),
        (None, None) => Err(AppError::NotUploaded(
            "it was not announced as a direct upload".into(),
        )),
    }
}

/// Refuses an upload that is not there or has another size than was announced.
fn require_size(found: Option<u64>, announced: u64) -> Result<(), AppError> {
    match found {
        Some(size) if size == announced => Ok(()),
        Some(size) => Err(AppError::NotUploaded(format!(
            "the file has {size} bytes; {announced} were announced as fileSize"
        ))),
        None => Err(AppError::NotUploaded(
            "there is no file at its upload address yet".into(),
        )),
    }
}
