use super::db::{DbError, Row, Tx, Value};
use super::objects::plan_deletion;
use super::{Store, StoreError};
use crate::model::{DocumentImage, Id, Tenant};

impl Store {
    /// Names a picture of a document, in place of one of the same name. A picture that is `pending` is one of a conversion
    /// whose result has not replaced the one that is there: nobody sees it before.
    ///
    /// # Errors
    /// [`StoreError::Database`], also when the document is gone.
    pub async fn put_image(
        &self,
        document: &Id,
        image: DocumentImage,
        pending: bool,
    ) -> Result<(), StoreError> {
        let document = document.clone();
        self.write(move |tx| {
            Box::pin(async move { insert_image(tx, document.as_str(), image, pending).await })
        })
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
        let sql = "SELECT i.name, i.object_key, i.mime_type, i.size, i.width, i.height
             FROM document_images i JOIN documents d ON d.id = i.document_id
             WHERE d.id = ?1 AND d.tenant = ?2 AND i.name = ?3 AND i.pending = 0";
        Ok(self.db.one(sql, values, image).await?)
    }

    /// The pictures of the document `id` of `tenant`, by name.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn images(&self, tenant: &Tenant, id: &Id) -> Result<Vec<DocumentImage>, StoreError> {
        let values = vec![id.as_str().into(), tenant.as_str().into()];
        let sql = "SELECT i.name, i.object_key, i.mime_type, i.size, i.width, i.height
             FROM document_images i JOIN documents d ON d.id = i.document_id
             WHERE d.id = ?1 AND d.tenant = ?2 AND i.pending = 0 ORDER BY i.name";
        Ok(self.db.all(sql, values, image).await?)
    }
}

pub(super) async fn insert_image(
    tx: &mut Tx,
    document: &str,
    image: DocumentImage,
    pending: bool,
) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO document_images (document_id, pending, name, object_key, mime_type, size, width, height)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (document_id, pending, name)
         DO UPDATE SET object_key = excluded.object_key, mime_type = excluded.mime_type, size = excluded.size,
             width = excluded.width, height = excluded.height",
        vec![
            document.into(),
            i64::from(pending).into(),
            image.name.into(),
            image.object_key.into(),
            image.mime_type.into(),
            image.size.into(),
            image.pixels.map(|(width, _)| i64::from(width)).into(),
            image.pixels.map(|(_, height)| i64::from(height)).into(),
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

/// Puts the pictures of a conversion in the place of those of the result that it replaces.
pub(super) async fn replace_images(tx: &mut Tx, document: &str) -> Result<(), DbError> {
    delete_images(tx, document, false).await?;
    let sql = "UPDATE document_images SET pending = 0 WHERE document_id = ?1";
    tx.run(sql, vec![document.into()]).await
}

/// Deletes the pictures of the result of a document, or those of a conversion that has not replaced it.
pub(super) async fn delete_images(tx: &mut Tx, document: &str, pending: bool) -> Result<(), DbError> {
    let values = || -> Vec<Value> { vec![document.into(), i64::from(pending).into()] };
    let sql = "SELECT object_key FROM document_images WHERE document_id = ?1 AND pending = ?2";
    let keys: Vec<String> = tx.all(sql, values(), |mut row| row.take(0)).await?;
    let sql = "DELETE FROM document_images WHERE document_id = ?1 AND pending = ?2";
    tx.run(sql, values()).await?;
    for key in keys {
        plan_deletion(tx, &key).await?;
    }
    Ok(())
}

fn image(mut row: Row) -> Result<DocumentImage, DbError> {
    let side = |side: Option<i64>| side.and_then(|side| u32::try_from(side).ok());
    Ok(DocumentImage {
        name: row.take(0)?,
        object_key: row.take(1)?,
        mime_type: row.take(2)?,
        size: row.take(3)?,
        pixels: side(row.take(4)?).zip(side(row.take(5)?)),
    })
}
