use super::db::DbError;
use super::{Store, StoreError};

impl Store {
    /// The setting `name` that all nodes share; `proposed` when it was never set.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn setting(&self, name: &'static str, proposed: String) -> Result<String, StoreError> {
        const GET: &str = "SELECT value FROM settings WHERE name = ?1";
        let found = self
            .db
            .read(move |tx| Box::pin(tx.query(GET, vec![name.into()])))
            .await?;
        if let Some(mut row) = found.into_iter().next() {
            return Ok(row.take(0)?);
        }
        let rows = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    tx.run(
                        "INSERT INTO settings (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO NOTHING",
                        vec![name.into(), proposed.into()],
                    )
                    .await?;
                    tx.query(GET, vec![name.into()]).await
                })
            })
            .await?;
        let value = rows.into_iter().next().map(|mut row| row.take(0));
        Ok(value.unwrap_or_else(|| Err(DbError::Schema("a setting vanished".into())))?)
    }
}
