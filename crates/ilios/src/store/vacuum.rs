use super::{SpaceMode, Store, StoreError};

impl Store {
    /// Gives up to `bytes` of what deleted rows have left in the local database back to the disk; answers how many it
    /// did, 0 once little is left. Other databases see to that by themselves.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn incremental_vacuum(&self, bytes: u64) -> Result<u64, StoreError> {
        Ok(self.db.incremental_vacuum(bytes).await?)
    }

    /// Makes the local database able to give space back. A file that was made without this ability is written anew if
    /// it is small enough; no other process may use it meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Database`]; the file is then as before.
    pub async fn enable_incremental_vacuum(&self) -> Result<SpaceMode, StoreError> {
        Ok(self.db.enable_incremental_vacuum().await?)
    }

    /// Moves all of the local database's log into its file, which then takes the space that it needs.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn truncate_wal(&self) -> Result<(), StoreError> {
        Ok(self.db.truncate_wal().await?)
    }
}
