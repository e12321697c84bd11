use super::db::{DbError, Tx};
use super::{Store, StoreError};

impl Store {
    /// The setting `name` that all nodes share; `proposed` when it was never set.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn setting(&self, name: &'static str, proposed: String) -> Result<String, StoreError> {
        if let Some(value) = self.db.read(move |tx| Box::pin(read_setting(tx, name))).await? {
            return Ok(value);
        }
        let value = self
            .write(move |tx| {
                Box::pin(async move {
                    tx.run(
                        "INSERT INTO settings (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO NOTHING",
                        vec![name.into(), proposed.into()],
                    )
                    .await?;
                    read_setting(tx, name).await
                })
            })
            .await?;
        Ok(value.ok_or_else(|| DbError::Schema("a setting vanished".into()))?)
    }
}

pub(super) async fn read_setting(tx: &mut Tx, name: &'static str) -> Result<Option<String>, DbError> {
    let sql = "SELECT value FROM settings WHERE name = ?1";
    tx.one(sql, vec![name.into()], |mut row| row.take(0)).await
}
