use super::{Store, StoreError};
use crate::model::Id;

impl Store {
    /// The finished part `name` of the conversion of a document, if it was kept.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn conversion_part(&self, document: &Id, name: &str) -> Result<Option<String>, StoreError> {
        let values = vec![document.as_str().into(), name.into()];
        let sql = "SELECT part FROM conversion_parts WHERE document_id = ?1 AND name = ?2";
        let latest = self.db.latest().await?;
        Ok(latest.one(sql, values, |mut row| row.take(0)).await?)
    }

    /// Keeps a finished part of the conversion of a document, unless it is there.
    ///
    /// # Errors
    /// [`StoreError::Database`], also when the document is gone.
    pub async fn put_conversion_part(
        &self,
        document: &Id,
        name: String,
        part: String,
    ) -> Result<(), StoreError> {
        let document = document.clone();
        self.write(move |tx| {
            Box::pin(async move {
                let now = tx.now().as_millis();
                tx.run(
                    "INSERT INTO conversion_parts (document_id, name, part, created_at) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (document_id, name) DO NOTHING",
                    vec![document.as_str().into(), name.into(), part.into(), now.into()],
                )
                .await
            })
        })
        .await
    }

    /// Forgets the parts of documents that have ended; answers how many.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_ended_conversion_parts(&self) -> Result<u64, StoreError> {
        self.write(|tx| {
            Box::pin(tx.execute(
                "DELETE FROM conversion_parts WHERE document_id IN
                     (SELECT p.document_id FROM conversion_parts p JOIN documents d ON d.id = p.document_id
                      WHERE d.status IN ('completed', 'failed', 'archived')
                          AND (d.reconversion IS NULL OR d.reconversion_error_code IS NOT NULL))",
                Vec::new(),
            ))
        })
        .await
    }
}
