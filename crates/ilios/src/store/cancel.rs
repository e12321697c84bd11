use super::batches::{end_batch, lock_batch};
use super::db::{DbError, Tx};
use super::documents::{DOCUMENT, document, document_columns};
use super::finish::fail_document;
use super::objects::plan_deletion;
use super::{Store, StoreError};
use crate::model::{Document, Failure, Id, Status, Tenant};

/// Result of a request to cancel a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Cancelled {
    /// It has failed with the code `cancelled`; the document as it is now.
    Now(Box<Document>),
    /// It had ended already, with this status.
    TooLate(Status),
    /// The tenant has no such document.
    NotFound,
}

impl Store {
    /// Ends the document `id` of `tenant` as `failed` with the code `cancelled`, and its job with it: whoever
    /// works on it can write nothing any more.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn cancel_document(&self, tenant: &Tenant, id: &Id) -> Result<Cancelled, StoreError> {
        let (tenant, id) = (tenant.clone(), id.clone());
        let cancelled = self
            .db
            .write(move |tx| Box::pin(async move { cancel(tx, &tenant, &id).await }))
            .await?;
        Ok(cancelled)
    }

    /// Cancels every document of the batch `id` of `tenant` that has not ended; answers which ones. `None`:
    /// the tenant has no such batch.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn cancel_batch(&self, tenant: &Tenant, id: &Id) -> Result<Option<Vec<Id>>, StoreError> {
        let (tenant, id) = (tenant.clone(), id.clone());
        let cancelled = self
            .db
            .write(move |tx| Box::pin(async move { cancel_all(tx, &tenant, &id).await }))
            .await?;
        Ok(cancelled)
    }
}

/// The document `id` of `tenant` inside a transaction.
pub(super) async fn find(tx: &mut Tx, tenant: &Tenant, id: &Id) -> Result<Option<Document>, DbError> {
    let values = vec![id.as_str().into(), tenant.as_str().into()];
    tx.one(DOCUMENT, values, document).await
}

async fn cancel(tx: &mut Tx, tenant: &Tenant, id: &Id) -> Result<Cancelled, DbError> {
    let Some(found) = find(tx, tenant, id).await? else {
        return Ok(Cancelled::NotFound);
    };
    // Where transactions run beside each other, only what is read after the lock is still true.
    lock_batch(tx, found.batch.as_ref()).await?;
    end_job_of(tx, id).await?;
    let Some(found) = find(tx, tenant, id).await? else {
        return Ok(Cancelled::NotFound);
    };
    if found.status.is_final() {
        return Ok(Cancelled::TooLate(found.status));
    }
    let object_key = match found.object_key {
        Some(key) if give_up_upload(tx, id, &key).await? => None,
        key => key,
    };
    fail_document(tx, id.as_str(), cancelled()).await?;
    // An upload that was completed at the same moment has made a job.
    end_job_of(tx, id).await?;
    end_batch(tx, found.batch.as_ref()).await?;
    Ok(Cancelled::Now(Box::new(Document {
        status: Status::Failed,
        failure: Some(cancelled()),
        processed_at: Some(tx.now()),
        object_key,
        ..found
    })))
}

/// Takes its object from a document that waits for its direct upload: what the client has put there is not
/// known to be whole. Answers whether there was one to take.
async fn give_up_upload(tx: &mut Tx, id: &Id, key: &str) -> Result<bool, DbError> {
    let changed = tx
        .execute(
            "UPDATE documents SET object_key = NULL WHERE id = ?1 AND upload_expires_at IS NOT NULL",
            vec![id.as_str().into()],
        )
        .await?;
    if changed == 1 {
        plan_deletion(tx, key).await?;
    }
    Ok(changed == 1)
}

async fn cancel_all(tx: &mut Tx, tenant: &Tenant, id: &Id) -> Result<Option<Vec<Id>>, DbError> {
    lock_batch(tx, Some(id)).await?;
    let batch = "SELECT 1 FROM batches WHERE id = ?1 AND tenant = ?2";
    let values = vec![id.as_str().into(), tenant.as_str().into()];
    if !tx.exists(batch, values).await? {
        return Ok(None);
    }
    let sql = concat!(
        "SELECT ",
        document_columns!(),
        " FROM documents d WHERE d.batch_id = ?1 AND d.status IN ('pending', 'processing')"
    );
    let mut ended = Vec::new();
    for found in tx.all(sql, vec![id.as_str().into()], document).await? {
        end_job_of(tx, &found.id).await?;
        fail_document(tx, found.id.as_str(), cancelled()).await?;
        ended.push(found.id);
    }
    end_batch(tx, Some(id)).await?;
    Ok(Some(ended))
}

/// Takes the job of a document away from its worker.
async fn end_job_of(tx: &mut Tx, document: &Id) -> Result<(), DbError> {
    let now = tx.now().as_millis();
    tx.run(
        "UPDATE jobs SET status = 'failed', owner = NULL, lease_until = NULL, finished_at = ?2, error = 'cancelled'
         WHERE document_id = ?1 AND status IN ('pending', 'processing')",
        vec![document.as_str().into(), now.into()],
    )
    .await
}

fn cancelled() -> Failure {
    Failure::new("cancelled", "the document was cancelled")
}
