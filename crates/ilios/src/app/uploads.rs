use std::time::Duration;

use super::{App, AppError};
use crate::model::{ConversionOptions, Document, FileName, Id, RetentionDays, Status, Tenant};
use crate::objects::ObjectKey;
use crate::store::{NewDocument, UploadCompleted};

/// A document that the client will put into the object store itself.
pub struct AnnounceUpload {
    /// Who asks.
    pub tenant: Tenant,
    /// Its name.
    pub file_name: FileName,
    /// Bytes that it will have.
    pub file_size: u64,
    /// Media type, as the client says.
    pub mime_type: String,
    /// How long it is kept.
    pub retention: RetentionDays,
    /// What the client wants of the conversion.
    pub options: ConversionOptions,
}

/// Where a client puts its document.
pub struct AnnouncedUpload {
    /// The document.
    pub id: Id,
    /// The address for a PUT.
    pub url: String,
    /// The object's key.
    pub key: ObjectKey,
    /// How long the address works.
    pub lifetime: Duration,
}

/// How long a client may put its document.
const URL_LIFETIME: Duration = Duration::from_secs(3_600);
/// How long a client may take until it says that the upload is complete.
const PATIENCE: Duration = Duration::from_secs(24 * 3_600);

impl App {
    /// Makes a document whose original the client puts into the object store by itself.
    ///
    /// # Errors
    /// [`AppError::Busy`], [`AppError::Objects`], [`AppError::Store`].
    pub async fn announce_upload(&self, order: AnnounceUpload) -> Result<AnnouncedUpload, AppError> {
        self.make_room(1).await?;
        let now = self.clock.now();
        let id = self.ids.next(now);
        let key = ObjectKey::original(&id);
        let url = self.objects.upload_url(&key, URL_LIFETIME, now).await?;
        let document = Document {
            id: id.clone(),
            tenant: order.tenant,
            file_name: order.file_name,
            file_size: order.file_size,
            mime_type: order.mime_type,
            sha256: String::new(),
            status: Status::Pending,
            created_at: now,
            processed_at: None,
            retention: order.retention,
            metadata: None,
            batch: None,
            options: order.options,
            object_key: Some(key.as_str().to_owned()),
            failure: None,
        };
        let new = NewDocument {
            document,
            job: None,
            upload_expires_at: Some(now.plus(PATIENCE)),
        };
        self.store.submit_document(new, None).await?;
        Ok(AnnouncedUpload {
            id,
            url,
            key,
            lifetime: URL_LIFETIME,
        })
    }

    /// Queues a document whose original the client has put. Saying so again changes nothing.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::NotUploaded`] when the object is not there or has another size than
    /// announced, [`AppError::Objects`], [`AppError::Store`].
    pub async fn complete_upload(&self, tenant: &Tenant, id: &Id) -> Result<Document, AppError> {
        let document = self.document(tenant, id).await?;
        if !self.store.awaits_upload(id).await? {
            return match document.object_key {
                Some(_) => Ok(document),
                None => Err(AppError::NotUploaded(
                    "it was not announced as a direct upload".into(),
                )),
            };
        }
        match self.objects.size(&ObjectKey::original(id)).await? {
            None => {
                return Err(AppError::NotUploaded(
                    "there is no file at its upload address yet".into(),
                ));
            }
            Some(size) if size != document.file_size => {
                let announced = document.file_size;
                let words = format!("the file has {size} bytes; {announced} were announced as fileSize");
                return Err(AppError::NotUploaded(words));
            }
            Some(_) => {}
        }
        let job = self.ids.next(self.clock.now());
        match self.store.complete_upload(tenant, id, job).await? {
            UploadCompleted::Now(document) => {
                self.signals.queued.notify_waiters();
                Ok(*document)
            }
            UploadCompleted::Before(document) => Ok(*document),
            UploadCompleted::NotFound => Err(AppError::NotFound),
        }
    }
}
