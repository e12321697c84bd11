use super::{DatabaseFault, Store};

impl Store {
    /// Checks that the database can be used now. A local one commits an empty transaction and writes to its folder;
    /// PostgreSQL commits a transaction that writes; the copy of a primary only runs a query.
    ///
    /// # Errors
    /// [`DatabaseFault`].
    pub async fn check(&self) -> Result<(), DatabaseFault> {
        self.db.check().await
    }
}
