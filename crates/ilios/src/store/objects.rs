use super::db::{DbError, Row, Tx};
use super::{Store, StoreError};
use crate::model::Timestamp;

/// A multipart upload that was begun and not yet ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenUpload {
    /// The object store's name for it.
    pub upload_id: String,
    /// The object that it was to become.
    pub object_key: String,
}

impl Store {
    /// Objects whose rows are gone and that are still to be deleted, at most `limit`, by their keys: those behind
    /// `after`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn planned_deletions(&self, after: &str, limit: u32) -> Result<Vec<String>, StoreError> {
        let values = vec![after.into(), limit.into()];
        let sql =
            "SELECT object_key FROM object_deletions WHERE object_key > ?1 ORDER BY object_key LIMIT ?2";
        let latest = self.db.latest().await?;
        Ok(latest.all(sql, values, |mut row| row.take(0)).await?)
    }

    /// Notes that an object is deleted.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn complete_deletion(&self, key: &str) -> Result<(), StoreError> {
        let values = vec![key.into()];
        self.write(move |tx| {
            Box::pin(tx.execute("DELETE FROM object_deletions WHERE object_key = ?1", values))
        })
        .await
        .map(drop)
    }

    /// Of `keys`, those that no row names. The keys of originals have the ids of their documents as their last part, or
    /// begin it with them.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn unnamed_objects(&self, keys: Vec<String>) -> Result<Vec<String>, StoreError> {
        let latest = self.db.latest().await?;
        let unnamed = latest
            .read(move |tx| {
                Box::pin(async move {
                    let mut unnamed = Vec::new();
                    for key in keys {
                        if !named(tx, &key).await? {
                            unnamed.push(key);
                        }
                    }
                    Ok(unnamed)
                })
            })
            .await?;
        Ok(unnamed)
    }

    /// Notes that a multipart upload was begun, before its first part is sent.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn upload_begun(&self, upload: OpenUpload) -> Result<(), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let now = tx.now().as_millis();
                tx.execute(
                    "INSERT INTO open_uploads (upload_id, object_key, created_at) VALUES (?1, ?2, ?3)",
                    vec![upload.upload_id.into(), upload.object_key.into(), now.into()],
                )
                .await
            })
        })
        .await
        .map(drop)
    }

    /// Notes that a multipart upload was completed or aborted.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn upload_ended(&self, upload_id: &str) -> Result<(), StoreError> {
        let values = vec![upload_id.into()];
        self.write(move |tx| Box::pin(tx.execute("DELETE FROM open_uploads WHERE upload_id = ?1", values)))
            .await
            .map(drop)
    }

    /// Multipart uploads that were begun before `moment` and never ended.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn open_uploads(&self, moment: Timestamp) -> Result<Vec<OpenUpload>, StoreError> {
        let sql = "SELECT upload_id, object_key FROM open_uploads WHERE created_at < ?1";
        let upload = |mut row: Row| {
            Ok(OpenUpload {
                upload_id: row.take(0)?,
                object_key: row.take(1)?,
            })
        };
        let latest = self.db.latest().await?;
        Ok(latest.all(sql, vec![moment.as_millis().into()], upload).await?)
    }
}

async fn named(tx: &mut Tx, key: &str) -> Result<bool, DbError> {
    let name = key.rsplit('/').next().unwrap_or_default();
    // A copy of a direct upload has its own id behind that of its document.
    let id = name.split('.').next().unwrap_or_default();
    let original = "SELECT 1 FROM documents WHERE id = ?1 AND object_key = ?2";
    let picture = "SELECT 1 FROM document_images WHERE object_key = ?1";
    let file = "SELECT 1 FROM files WHERE id = ?1 AND object_key = ?2";
    Ok(tx.exists(original, vec![id.into(), key.into()]).await?
        || tx.exists(picture, vec![key.into()]).await?
        || tx.exists(file, vec![id.into(), key.into()]).await?)
}

/// Plans the deletion of the original of a document whose row goes. Where it is the copy of a direct upload, the client
/// may have put something at its address since: a bucket cannot be told that an address has ended.
pub(super) async fn plan_deletion_of_original(tx: &mut Tx, key: &str) -> Result<(), DbError> {
    if let Some((uploaded, _)) = key.split_once('.') {
        plan_deletion(tx, uploaded).await?;
    }
    plan_deletion(tx, key).await
}

/// Plans the deletion of an object in the transaction that takes its last name away.
pub(super) async fn plan_deletion(tx: &mut Tx, key: &str) -> Result<(), DbError> {
    let now = tx.now().as_millis();
    tx.run(
        "INSERT INTO object_deletions (object_key, created_at) VALUES (?1, ?2)
         ON CONFLICT (object_key) DO NOTHING",
        vec![key.into(), now.into()],
    )
    .await
}
