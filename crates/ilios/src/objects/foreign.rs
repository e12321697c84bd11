//! Objects under keys of another program, in the same store or another one: read and copied, never changed.

use futures::StreamExt;
use object_store::ObjectStoreExt;
use object_store::path::Path;

use super::{ObjectKey, Objects, ObjectsError, blocking};
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
        let mut stream = found.map_err(|error| self.fault(error))?.into_stream();
        let mut incoming = spool.receive();
        while let Some(chunk) = stream.next().await {
            let chunk = chunk.map_err(|error| self.fault(error))?;
            incoming = blocking(move || {
                incoming.write(&chunk)?;
                Ok(incoming)
            })
            .await?;
        }
        Ok(incoming.finish())
    }
}

/// Parses a key. `NotFound` if it is invalid, for no object can have such a key.
fn path(key: &str) -> Result<Path, ObjectsError> {
    Path::parse(key).map_err(|_| ObjectsError::NotFound)
}
