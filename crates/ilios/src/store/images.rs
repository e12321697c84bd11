use super::db::{DbError, Row, Tx};
use super::{Store, StoreError};
use crate::model::{DocumentImage, Id, Tenant};

impl Store {
    /// Names a picture of a document, in place of one of the same name.
    ///
    /// # Errors
    /// [`StoreError::Database`], also when the document is gone.
    pub async fn put_image(&self, document: &Id, image: DocumentImage) -> Result<(), StoreError> {
        let document = document.clone();
        self.write(move |tx| Box::pin(async move { insert_image(tx, document.as_str(), image).await }))
            .await
    }

    /// The picture `name` of the document `id` of `tenant`, if there is one.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn image(
        &self,
        tenant: &Tenant,
        id: &Id,
        name: &str,
    ) -> Result<Option<DocumentImage>, StoreError> {
        let values = vec![id.as_str().into(), tenant.as_str().into(), name.into()];
        let sql = "SELECT i.name, i.object_key, i.mime_type, i.size
             FROM document_images i JOIN documents d ON d.id = i.document_id
             WHERE d.id = ?1 AND d.tenant = ?2 AND i.name = ?3";
        Ok(self.db.one(sql, values, image).await?)
    }
}

pub(super) async fn insert_image(tx: &mut Tx, document: &str, image: DocumentImage) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO document_images (document_id, name, object_key, mime_type, size) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (document_id, name)
         DO UPDATE SET object_key = excluded.object_key, mime_type = excluded.mime_type, size = excluded.size",
        vec![
            document.into(),
            image.name.into(),
            image.object_key.into(),
            image.mime_type.into(),
            image.size.into(),
        ],
    )
    .await
    .map(drop)
}

/// The keys of all pictures of a document.
pub(super) async fn image_keys(tx: &mut Tx, document: &str) -> Result<Vec<String>, DbError> {
    let sql = "SELECT object_key FROM document_images WHERE document_id = ?1";
    tx.all(sql, vec![document.into()], |mut row| row.take(0)).await
}

fn image(mut row: Row) -> Result<DocumentImage, DbError> {
    Ok(DocumentImage {
        name: row.take(0)?,
        object_key: row.take(1)?,
        mime_type: row.take(2)?,
        size: row.take(3)?,
    })
}
