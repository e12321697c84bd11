use super::db::DbError;
use super::{Store, StoreError};

impl Store {
    /// The setting `name` that all nodes share; `proposed` when it was never set.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn setting(&self, name: &'static str, proposed: String) -> Result<String, StoreError> {
        const GET: &str = "SELECT value FROM settings WHERE name = ?1";
        let found = self.db.one(GET, vec![name.into()], |mut row| row.take(0)).await?;
        if let Some(value) = found {
            return Ok(value);
        }
        let value = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    tx.run(
                        "INSERT INTO settings (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO NOTHING",
                        vec![name.into(), proposed.into()],
                    )
                    .await?;
                    tx.one(GET, vec![name.into()], |mut row| row.take(0)).await
                })
            })
            .await?;
        Ok(value.ok_or_else(|| DbError::Schema("a setting vanished".into()))?)
    }
}
