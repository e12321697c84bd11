//! Object store of originals: a local folder or an S3 bucket, behind one set of operations.
//!
//! A key is a flat name made of our own ids ([`ObjectKey`]), so that no name of a client ever reaches a path. An
//! object is there in full or not at all: a local one is staged beside its place as `…#1` and renamed, a large one on
//! S3 is a multipart upload until it is completed. What an operation has answered survives a power cut.

mod addresses;
mod error;
mod fetch;
mod foreign;
mod key;
mod local;
mod multipart;
mod presign;
mod range;
mod s3;
mod shared_sync;
mod signature;
mod slots;
mod source;
mod unnamed;
mod upkeep;
mod upload_log;

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use futures::StreamExt;
use futures::stream::BoxStream;
use object_store::{ObjectStore, ObjectStoreExt};

use crate::model::Timestamp;
use crate::spool::{Spool, Spooled};
use local::Local;
use s3::S3;
use source::Source;

pub use error::{Disposition, ObjectsError};
pub use key::{Area, ObjectKey, ObjectKeyError};
pub use s3::{RetrySettings, S3Settings};
pub use signature::{Access, DownloadAnswer, SignatureError, SignedQuery, SigningKey};
pub use upload_log::{NoUploadLog, UploadLog};

/// The object store.
#[derive(Clone)]
pub struct Objects {
    backend: Backend,
}

#[derive(Clone)]
enum Backend {
    Local(Local),
    S3(S3),
}

/// An object as a listing shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredObject {
    /// Its key.
    pub key: ObjectKey,
    /// Time of the last write.
    pub last_modified: Timestamp,
    /// Its bytes.
    pub size: u64,
}

/// An object, or a range of it, on its way.
pub struct OpenObject {
    /// Bytes of the whole object.
    pub size: u64,
    /// The bytes that come.
    pub range: Range<u64>,
    /// They, as they arrive. An error may come at any place.
    pub stream: BoxStream<'static, Result<Bytes, ObjectsError>>,
}

impl Objects {
    /// Objects in `folder`, which is created. Addresses to them are signed with `key`: whoever has it can make
    /// them, and those made before a change of it are worth nothing after.
    ///
    /// # Errors
    /// [`ObjectsError::Io`] when the folder cannot be created.
    pub async fn open_local(folder: &Path, key: SigningKey) -> Result<Self, ObjectsError> {
        let local = Local::open(folder, key).await?;
        Ok(Self {
            backend: Backend::Local(local),
        })
    }

    /// Objects in an S3 bucket. Sends nothing yet; [`Self::check`] does. `log` hears of multipart uploads, so
    /// that those which a crash leaves behind can be aborted.
    ///
    /// # Errors
    /// [`ObjectsError::Denied`] when the settings do not make a client.
    pub fn open_s3(settings: &S3Settings, log: Arc<dyn UploadLog>) -> Result<Self, ObjectsError> {
        let s3 = S3::open(settings, log)?;
        Ok(Self {
            backend: Backend::S3(s3),
        })
    }

    /// Returns true if objects are on another server, so that addresses to them lead there.
    #[must_use]
    pub fn is_remote(&self) -> bool {
        matches!(self.backend, Backend::S3(_))
    }

    /// Stores `file` under `key`, in place of what was there. A file on disk is never whole in memory. When this
    /// fails or is dropped, nothing stays behind, or the [`UploadLog`] knows what.
    ///
    /// # Errors
    /// [`ObjectsError::Unavailable`], [`ObjectsError::Denied`], [`ObjectsError::Io`].
    pub async fn put(&self, key: &ObjectKey, file: &Spooled, content_type: &str) -> Result<(), ObjectsError> {
        let source = Source::new(file)?;
        match &self.backend {
            Backend::Local(local) => local.put(key, &source).await,
            Backend::S3(s3) => s3.put(key, &source, content_type).await,
        }
    }

    /// Brings the object to the spool; where a read breaks off, it goes on from there. With `sha256` (64 lower-case
    /// hex digits) the content must have it.
    ///
    /// # Errors
    /// [`ObjectsError::NotFound`], [`ObjectsError::Corrupt`], [`ObjectsError::TooLarge`] above the spool's limit,
    /// or that the store or the spool failed.
    pub async fn fetch(
        &self,
        key: &ObjectKey,
        spool: &Spool,
        sha256: Option<&str>,
    ) -> Result<Spooled, ObjectsError> {
        let file = match &self.backend {
            Backend::Local(local) => local.fetch(key, spool).await?,
            Backend::S3(s3) => s3.fetch(key, spool).await?,
        };
        match sha256 {
            Some(expected) if expected != file.sha256() => Err(ObjectsError::Corrupt),
            _ => Ok(file),
        }
    }

    /// Opens the object, or `range` of it, to be sent on. A range that ends beyond the object is cut to it.
    ///
    /// # Errors
    /// [`ObjectsError::NotFound`], [`ObjectsError::OutOfRange`] when the object has no byte of the range, or that
    /// the store failed.
    pub async fn open(&self, key: &ObjectKey, range: Option<Range<u64>>) -> Result<OpenObject, ObjectsError> {
        match &self.backend {
            Backend::Local(local) => local.read(key, range).await,
            Backend::S3(s3) => s3.read(key, range).await,
        }
    }

    /// Bytes of the object, `None` when there is none. S3 tells a missing bucket from a missing object only in
    /// [`Self::check`].
    ///
    /// # Errors
    /// The store failed or refused.
    pub async fn size(&self, key: &ObjectKey) -> Result<Option<u64>, ObjectsError> {
        match self.store().head(&key.path()).await {
            Ok(object) => Ok(Some(object.size)),
            Err(error) => match self.fault(error) {
                ObjectsError::NotFound => Ok(None),
                error => Err(error),
            },
        }
    }

    /// Copies `from` to `to`, in place of what was there, without the bytes passing through this server.
    ///
    /// # Errors
    /// [`ObjectsError::NotFound`] when there is no `from`, or that the store failed.
    pub async fn copy(&self, from: &ObjectKey, to: &ObjectKey) -> Result<(), ObjectsError> {
        match &self.backend {
            Backend::Local(local) => local.copy(from, to).await,
            Backend::S3(_) => {
                let copied = self.store().copy(&from.path(), &to.path()).await;
                copied.map_err(|error| self.fault(error))
            }
        }
    }

    /// Deletes the object. That there is none is fine.
    ///
    /// # Errors
    /// The store failed or refused.
    pub async fn delete(&self, key: &ObjectKey) -> Result<(), ObjectsError> {
        match self.store().delete(&key.path()).await {
            Ok(()) => Ok(()),
            Err(error) => match self.fault(error) {
                ObjectsError::NotFound => Ok(()),
                error => Err(error),
            },
        }
    }

    /// All objects of an area in no particular order, read page by page as the stream is. What has no key of ours
    /// is left out: it is not ours to sweep.
    #[must_use]
    pub fn list(&self, area: Area) -> BoxStream<'static, Result<StoredObject, ObjectsError>> {
        let objects = self.clone();
        let prefix = object_store::path::Path::from(area.as_str());
        let found = self.store().list(Some(&prefix));
        let ours = found.filter_map(move |object| {
            std::future::ready(match object {
                Ok(object) => object.location.as_ref().parse().ok().map(|key| {
                    Ok(StoredObject {
                        key,
                        last_modified: Timestamp::from_millis(object.last_modified.timestamp_millis()),
                        size: object.size,
                    })
                }),
                Err(error) => Some(Err(objects.fault(error))),
            })
        });
        ours.boxed()
    }

    fn store(&self) -> &dyn ObjectStore {
        match &self.backend {
            Backend::Local(local) => local.store(),
            Backend::S3(s3) => s3.store(),
        }
    }

    fn fault(&self, error: object_store::Error) -> ObjectsError {
        match &self.backend {
            Backend::Local(_) => ObjectsError::local(error),
            Backend::S3(s3) => s3.fault(&error),
        }
    }
}

/// Runs `work`, which waits for the disk, off the runtime's threads.
async fn blocking<T, F>(work: F) -> Result<T, ObjectsError>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, ObjectsError> + Send + 'static,
{
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| ObjectsError::Io(error.to_string()))?
}
