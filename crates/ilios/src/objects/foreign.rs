//! Objects under keys of another program, in the same store or another one: read and copied, never changed.

use futures::TryStreamExt;
use object_store::ObjectStoreExt;
use object_store::path::Path;

use super::{ObjectKey, Objects, ObjectsError};
use crate::spool::{Spool, Spooled};

impl Objects {
    /// Copies the object under the foreign key `from` to `to`, without the bytes passing through this server.
    ///
    /// # Errors
    /// [`ObjectsError::NotFound`] when there is none, or the store failed.
    pub async fn copy_foreign(&self, from: &str, to: &ObjectKey) -> Result<(), ObjectsError> {
        let from = path(from)?;
        let copied = self.store().copy(&from, &to.path()).await;
        copied.map_err(|error| self.fault(error))
    }

    /// Brings the object under the foreign key `from` to the spool.
    ///
    /// # Errors
    /// [`ObjectsError::NotFound`], [`ObjectsError::TooLarge`] above the spool's limit, or the store or the spool
    /// failed.
    pub async fn fetch_foreign(&self, from: &str, spool: &Spool) -> Result<Spooled, ObjectsError> {
        let found = self.store().get(&path(from)?).await;
        let stream = found.map_err(|error| self.fault(error))?.into_stream();
        spool.fill(stream.map_err(|error| self.fault(error))).await
    }
}

/// Parses a key. `NotFound` if it is invalid, for no object can have such a key.
fn path(key: &str) -> Result<Path, ObjectsError> {
    Path::parse(key).map_err(|_| ObjectsError::NotFound)
}
