use super::db::{DbError, Tx};
use super::documents::insert_document;
use super::idempotency::{IdempotencyKey, insert_idempotency_key};
use super::{Store, StoreError};
use crate::model::{Batch, Document, Id, Priority, ProviderProgress, Timestamp};

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
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    insert(tx, new).await?;
                    insert_key_if_any(tx, idempotency).await
                })
            })
            .await?;
        Ok(())
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
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    insert_batch(tx, &new.batch).await?;
                    for (position, document) in (0_i64..).zip(new.documents) {
                        insert_at(tx, position, document).await?;
                    }
                    for provider in new.provider {
                        insert_provider_batch(tx, &new.batch, provider).await?;
                    }
                    insert_key_if_any(tx, idempotency).await
                })
            })
            .await?;
        Ok(())
    }
}

async fn insert_key_if_any(tx: &mut Tx, key: Option<IdempotencyKey>) -> Result<(), DbError> {
    match key {
        Some(key) => insert_idempotency_key(tx, key).await,
        None => Ok(()),
    }
}

/// Inserts a document of a batch. Ids do not tell the order of what is sent within a millisecond.
async fn insert_at(tx: &mut Tx, position: i64, new: NewDocument) -> Result<(), DbError> {
    let id = new.document.id.to_string();
    insert(tx, new).await?;
    tx.run(
        "UPDATE documents SET batch_position = ?2 WHERE id = ?1",
        vec![id.into(), position.into()],
    )
    .await
}

pub(super) async fn insert(tx: &mut Tx, new: NewDocument) -> Result<(), DbError> {
    let job = new.job.map(|(id, priority)| NewJob {
        id,
        priority,
        document: new.document.id.clone(),
        tenant: new.document.tenant.as_str().to_owned(),
    });
    let document = new.document.id.clone();
    insert_document(tx, new.document).await?;
    if let Some(job) = job {
        insert_job(tx, job).await?;
    }
    if let Some(moment) = new.upload_expires_at {
        tx.run(
            "UPDATE documents SET upload_expires_at = ?2 WHERE id = ?1",
            vec![document.as_str().into(), moment.as_millis().into()],
        )
        .await?;
    }
    Ok(())
}

/// A job to insert, due at once.
pub(super) struct NewJob {
    pub(super) id: Id,
    pub(super) priority: Priority,
    pub(super) document: Id,
    pub(super) tenant: String,
}

pub(super) async fn insert_job(tx: &mut Tx, job: NewJob) -> Result<(), DbError> {
    tx.announce_jobs();
    let (now, due) = (tx.now().as_millis(), tx.lease_now().as_millis());
    tx.run(
        "INSERT INTO jobs (id, document_id, tenant, priority, status, created_at, scheduled_at)
         VALUES (?1, ?2, ?3, ?4, 'pending', ?5, ?6)",
        vec![
            job.id.as_str().into(),
            job.document.as_str().into(),
            job.tenant.into(),
            job.priority.get().into(),
            now.into(),
            due.into(),
        ],
    )
    .await
}

pub(super) async fn insert_batch(tx: &mut Tx, batch: &Batch) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO batches (id, tenant, priority, status, created_at, completed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        vec![
            batch.id.as_str().into(),
            batch.tenant.as_str().into(),
            batch.priority.get().into(),
            batch.status.as_str().into(),
            batch.created_at.as_millis().into(),
            batch.completed_at.map(Timestamp::as_millis).into(),
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
