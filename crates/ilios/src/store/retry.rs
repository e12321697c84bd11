use super::db::{DbError, Tx};
use super::documents::find;
use super::submit::insert_job;
use super::{Store, StoreError};
use crate::model::{Document, Id, Priority, Status, Tenant};

/// Result of a request to convert a failed document once more.
#[derive(Debug, Clone, PartialEq)]
pub enum Retried {
    /// It is queued again; the document as it is now.
    Now(Box<Document>),
    /// It has not failed: it has this status.
    NotFailed(Status),
    /// Its original was never kept, or its upload was never completed.
    NoOriginal,
    /// The tenant has no such document.
    NotFound,
}

impl Store {
    /// Queues the failed document `id` of `tenant` anew, with all its attempts; its batch is open again. `job`
    /// names the job where there was none.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn retry_document(&self, tenant: &Tenant, id: &Id, job: Id) -> Result<Retried, StoreError> {
        let (tenant, id) = (tenant.clone(), id.clone());
        self.write(move |tx| Box::pin(async move { retry(tx, &tenant, &id, job).await }))
            .await
    }
}

async fn retry(tx: &mut Tx, tenant: &Tenant, id: &Id, job: Id) -> Result<Retried, DbError> {
    let Some(found) = find(tx, tenant, id).await? else {
        return Ok(Retried::NotFound);
    };
    let changed = tx
        .execute(
            "UPDATE documents SET status = 'pending', processed_at = NULL, error_code = NULL, error = NULL
             WHERE id = ?1 AND status = 'failed' AND object_key IS NOT NULL",
            vec![id.as_str().into()],
        )
        .await?;
    if changed == 0 {
        // Another request may have been first, after the document was looked at.
        let found = find(tx, tenant, id).await?;
        return Ok(match found.map(|found| found.status) {
            Some(Status::Failed) => Retried::NoOriginal,
            Some(status) => Retried::NotFailed(status),
            None => Retried::NotFound,
        });
    }
    queue(tx, &found, job).await?;
    if let Some(batch) = &found.batch {
        tx.run(
            "UPDATE batches SET status = 'processing', completed_at = NULL WHERE id = ?1",
            vec![batch.as_str().into()],
        )
        .await?;
    }
    Ok(Retried::Now(Box::new(Document {
        status: Status::Pending,
        processed_at: None,
        failure: None,
        ..found
    })))
}

/// Queues a document with all its attempts.
pub(super) async fn queue(tx: &mut Tx, document: &Document, job: Id) -> Result<(), DbError> {
    tx.announce_jobs();
    let now = tx.lease_now().as_millis();
    // What a provider still says of it is too late.
    tx.execute(
        "DELETE FROM provider_batch_documents WHERE document_id = ?1",
        vec![document.id.as_str().into()],
    )
    .await?;
    let changed = tx
        .execute(
            "UPDATE jobs SET status = 'pending', scheduled_at = ?2, failures = 0, crashes = 0, losses = 0,
                 finished_at = NULL, error = NULL
             WHERE document_id = ?1",
            vec![document.id.as_str().into(), now.into()],
        )
        .await?;
    if changed == 0 {
        let job = (job, Priority::default());
        insert_job(tx, &document.id, &document.tenant, job, None).await?;
    }
    Ok(())
}
