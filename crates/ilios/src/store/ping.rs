use super::{DatabaseFault, Store};

impl Store {
    /// Whether the database can be worked with now; a local one is locked, and its folder written to, for a moment.
    ///
    /// # Errors
    /// [`DatabaseFault`].
    pub async fn check(&self) -> Result<(), DatabaseFault> {
        self.db.check().await
    }
}
