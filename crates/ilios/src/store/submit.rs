use super::db::{DbError, Tx};
use super::idempotency::{IdempotencyKey, insert_idempotency_key};
use super::images::insert_image;
use super::ocr_jobs::{NewOcrJob, insert_ocr_job};
use super::transitions::{Ending, NewRow, end_document, insert_batch, insert_row};
use super::{Store, StoreError};
use crate::model::{
    Batch, Document, DocumentContent, DocumentImage, DocumentModel, Id, Priority, ProviderProgress, Tenant,
    Timestamp, UsageRecord,
};

/// A document to accept.
#[derive(Debug, Clone)]
pub struct NewDocument {
    /// The document: `pending`, or `failed` when it was refused.
    pub document: Document,
    /// The job that converts it, with its urgency; a refused document has none.
    pub job: Option<(Id, Priority)>,
    /// Time at which the client's direct upload is given up; the job is made when the upload is complete.
    pub upload_expires_at: Option<Timestamp>,
}

/// Documents that are accepted together.
#[derive(Debug, Clone)]
pub struct NewBatch {
    /// The batch itself.
    pub batch: Batch,
    /// Its documents.
    pub documents: Vec<NewDocument>,
    /// Those of them, without jobs, that a provider converts.
    pub provider: Vec<NewProviderBatch>,
    /// Record of a batch that was asked for as a list of requests.
    pub ocr_job: Option<NewOcrJob>,
}

/// A document that was converted at once, with everything that is kept of it.
#[derive(Debug, Clone)]
pub struct CompletedDocument {
    /// The document, status `completed`.
    pub document: Document,
    /// Its content.
    pub content: DocumentContent,
    /// Its model, where the engine has made one.
    pub model: Option<DocumentModel>,
    /// Its cost.
    pub usage: UsageRecord,
    /// Its pictures.
    pub images: Vec<DocumentImage>,
    /// The request's `Idempotency-Key`, if it has one.
    pub idempotency: Option<IdempotencyKey>,
}

/// Documents that go to a provider together.
#[derive(Debug, Clone)]
pub struct NewProviderBatch {
    /// Our id of it.
    pub id: Id,
    /// Its documents.
    pub documents: Vec<Id>,
}

impl Store {
    /// Accepts a document: its row, its job and its idempotency key, all or none. The original must be in the
    /// object store already.
    ///
    /// # Errors
    /// [`StoreError::Database`]; then nothing was stored. [`StoreError::Conflict`] when the idempotency
    /// key is taken.
    pub async fn submit_document(
        &self,
        new: NewDocument,
        idempotency: Option<IdempotencyKey>,
    ) -> Result<(), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                insert(tx, None, new).await?;
                insert_idempotency_key(tx, idempotency).await
            })
        })
        .await
    }

    /// Stores a document together with its content, its usage record and its idempotency key: all or none.
    ///
    /// # Errors
    /// As [`Store::submit_document`].
    pub async fn insert_completed(&self, completed: CompletedDocument) -> Result<(), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let id = completed.document.id.clone();
                let row = NewRow {
                    content: Some(completed.content),
                    model: completed.model,
                    usage: Some(completed.usage),
                    ..NewRow::of(completed.document)
                };
                end_document(tx, Ending::New(Box::new(row))).await?;
                for image in completed.images {
                    insert_image(tx, id.as_str(), image, false).await?;
                }
                insert_idempotency_key(tx, completed.idempotency).await
            })
        })
        .await
    }

    /// Accepts a batch with all its documents, jobs and its idempotency key, all or none.
    ///
    /// # Errors
    /// As [`Store::submit_document`].
    pub async fn submit_batch(
        &self,
        new: NewBatch,
        idempotency: Option<IdempotencyKey>,
    ) -> Result<(), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                insert_batch(tx, &new.batch).await?;
                for (position, document) in (0_i64..).zip(new.documents) {
                    insert(tx, Some(position), document).await?;
                }
                insert_ocr_job(tx, &new.batch, new.ocr_job).await?;
                for provider in new.provider {
                    insert_provider_batch(tx, &new.batch, provider).await?;
                }
                insert_idempotency_key(tx, idempotency).await
            })
        })
        .await
    }
}

pub(super) async fn insert(tx: &mut Tx, position: Option<i64>, new: NewDocument) -> Result<(), DbError> {
    let (id, tenant) = (new.document.id.clone(), new.document.tenant.clone());
    let is_refused = new.document.status.is_final();
    let row = NewRow {
        position,
        upload_expires_at: new.upload_expires_at,
        ..NewRow::of(new.document)
    };
    if is_refused {
        end_document(tx, Ending::New(Box::new(row))).await?;
    } else {
        insert_row(tx, row).await?;
    }
    match new.job {
        Some(job) => insert_job(tx, &id, &tenant, job, None).await,
        None => Ok(()),
    }
}

/// Queues a document, due at `due` or else at once.
pub(super) async fn insert_job(
    tx: &mut Tx,
    document: &Id,
    tenant: &Tenant,
    (job, priority): (Id, Priority),
    due: Option<Timestamp>,
) -> Result<(), DbError> {
    tx.announce_jobs();
    let (now, due) = (tx.now(), due.unwrap_or_else(|| tx.lease_now()));
    tx.run(
        "INSERT INTO jobs (id, document_id, tenant, priority, status, created_at, scheduled_at)
         VALUES (?1, ?2, ?3, ?4, 'pending', ?5, ?6)",
        vec![
            job.as_str().into(),
            document.as_str().into(),
            tenant.as_str().into(),
            priority.get().into(),
            now.as_millis().into(),
            due.as_millis().into(),
        ],
    )
    .await
}

async fn insert_provider_batch(tx: &mut Tx, batch: &Batch, new: NewProviderBatch) -> Result<(), DbError> {
    let (now, due) = (tx.now().as_millis(), tx.lease_now().as_millis());
    tx.execute(
        "INSERT INTO provider_batches (id, batch_id, tenant, created_at, due_at, status)
         VALUES (?1, ?2, ?3, ?4, ?6, ?5)",
        vec![
            new.id.as_str().into(),
            batch.id.as_str().into(),
            batch.tenant.as_str().into(),
            now.into(),
            ProviderProgress::PENDING.into(),
            due.into(),
        ],
    )
    .await?;
    for document in new.documents {
        tx.execute(
            "INSERT INTO provider_batch_documents (document_id, provider_batch_id) VALUES (?1, ?2)",
            vec![document.as_str().into(), new.id.as_str().into()],
        )
        .await?;
    }
    Ok(())
}
