use super::db::{DbError, Row, Tx};
use super::documents::{find, parsed};
use super::objects::plan_deletion;
use super::submit::{NewDocument, insert, insert_job};
use super::transitions::{DocumentOutcome, Ending, end_batches, end_documents};
use super::{Store, StoreError};
use crate::model::{Document, Failure, Id, Priority, Tenant};

/// Result of the message that a direct upload is complete.
#[derive(Debug, Clone, PartialEq)]
pub enum UploadCompleted {
    /// The document is queued.
    Now(Box<Document>),
    /// It was complete before; the document as it is.
    Before(Box<Document>),
    /// The tenant has no such document.
    NotFound,
}

/// A direct upload that was announced and has not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwaitedUpload {
    /// Bytes that were announced.
    pub file_size: u64,
    /// Key of the object to which the client uploads the file.
    pub object_key: String,
}

impl Store {
    /// Accepts a document that the client will upload itself, unless its tenant has announced `most` that are not
    /// complete: those that are announced at the same moment on other nodes are not counted. Answers whether it did.
    ///
    /// # Errors
    /// [`StoreError::Database`]; then nothing was stored.
    pub async fn announce_upload(&self, new: NewDocument, most: u64) -> Result<bool, StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let tenant = new.document.tenant.as_str().to_owned();
                let fits = open_announcements(tx, tenant, most).await? < most;
                if fits {
                    insert(tx, None, new).await?;
                }
                Ok(fits)
            })
        })
        .await
    }

    /// Queues a document whose original the client has put into the object store. `job` names its job, and `copy`
    /// is where its original is from now on; what the client's address leads to is planned to be deleted.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn complete_upload(
        &self,
        tenant: &Tenant,
        id: &Id,
        job: Id,
        copy: String,
    ) -> Result<UploadCompleted, StoreError> {
        let (tenant, id) = (tenant.clone(), id.clone());
        self.write(move |tx| Box::pin(async move { complete(tx, &tenant, &id, job, copy).await }))
            .await
    }

    /// The direct upload of the document `id`, whoever its owner is, while it is awaited.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn awaited_upload(&self, id: &Id) -> Result<Option<AwaitedUpload>, StoreError> {
        let sql = "SELECT file_size, object_key FROM documents
             WHERE id = ?1 AND upload_expires_at IS NOT NULL AND status = 'pending'
                 AND object_key IS NOT NULL";
        let awaited = |mut row: Row| {
            Ok(AwaitedUpload {
                file_size: row.take(0)?,
                object_key: row.take(1)?,
            })
        };
        let latest = self.db.latest().await?;
        Ok(latest.one(sql, vec![id.as_str().into()], awaited).await?)
    }

    /// Returns true if the document `id` still waits for its direct upload.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn awaits_upload(&self, id: &Id) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM documents WHERE id = ?1 AND upload_expires_at IS NOT NULL";
        let awaiting = self.db.one(sql, vec![id.as_str().into()], Ok).await?;
        Ok(awaiting.is_some())
    }

    /// Fails documents whose direct upload was never completed in time; answers how many.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn expire_uploads(&self, limit: u32) -> Result<u64, StoreError> {
        self.write(move |tx| Box::pin(expire(tx, limit))).await
    }
}

/// Number of direct uploads of a tenant that are announced and not complete, counted up to `limit`.
async fn open_announcements(tx: &mut Tx, tenant: String, limit: u64) -> Result<u64, DbError> {
    let sql =
        "SELECT COUNT(*) FROM (SELECT 1 FROM documents WHERE tenant = ?1 AND upload_expires_at IS NOT NULL
             LIMIT ?2) AS announced";
    let values = vec![tenant.into(), limit.into()];
    let count = tx.one(sql, values, |mut row| row.take(0)).await?;
    Ok(count.unwrap_or(0))
}

async fn complete(
    tx: &mut Tx,
    tenant: &Tenant,
    id: &Id,
    job: Id,
    copy: String,
) -> Result<UploadCompleted, DbError> {
    let Some(found) = find(tx, tenant, id).await? else {
        return Ok(UploadCompleted::NotFound);
    };
    let changed = tx
        .execute(
            "UPDATE documents SET upload_expires_at = NULL, object_key = ?2
             WHERE id = ?1 AND status = 'pending' AND upload_expires_at IS NOT NULL",
            vec![id.as_str().into(), copy.as_str().into()],
        )
        .await?;
    if changed == 0 {
        // Another node may have been faster, after the document was looked at.
        let found = find(tx, tenant, id).await?;
        return Ok(found.map_or(UploadCompleted::NotFound, |found| {
            UploadCompleted::Before(Box::new(found))
        }));
    }
    if let Some(uploaded) = &found.object_key {
        plan_deletion(tx, uploaded).await?;
    }
    insert_job(tx, id, tenant, (job, Priority::default()), None).await?;
    Ok(UploadCompleted::Now(Box::new(Document {
        object_key: Some(copy),
        ..found
    })))
}

async fn expire(tx: &mut Tx, limit: u32) -> Result<u64, DbError> {
    let now = tx.now().as_millis();
    let sql = "SELECT id FROM documents
         WHERE upload_expires_at <= ?1 AND upload_expires_at IS NOT NULL AND status = 'pending'
         LIMIT ?2 FOR UPDATE SKIP LOCKED";
    let ending = |mut row: Row| {
        let failure = Failure::new("upload_expired", "the file was never uploaded completely");
        let id = parsed(&row.take::<String>(0)?)?;
        Ok(Ending::Open(id, DocumentOutcome::Failed(failure)))
    };
    let expired = tx.all(sql, vec![now.into(), limit.into()], ending).await?;
    let (ended, batches) = end_documents(tx, expired).await?;
    end_batches(tx, batches).await?;
    Ok(ended.len() as u64)
}
