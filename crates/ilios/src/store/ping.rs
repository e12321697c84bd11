use super::{Store, StoreError};

impl Store {
    /// Asks the database for something trivial.
    ///
    /// # Errors
    /// [`StoreError::Database`] when it does not answer.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.db
            .read(|tx| Box::pin(async move { tx.query("SELECT 1", Vec::new()).await.map(drop) }))
            .await?;
        Ok(())
    }
}
