use std::collections::HashSet;

use super::documents::{Fate, OldDocument};
use super::is_old_schema;
use super::usage::of_none;
use crate::model::{Batch, Id, Timestamp, UsageRecord};
use crate::store::db::{DbError, Tx, Value};
use crate::store::submit::insert_job;
use crate::store::transitions::{NewRow, insert_batch, insert_row, insert_usage, lock_batch};
use crate::store::{Store, StoreError};

/// A batch of version 2.1 as one of ours, with the outcome that it gets once its documents are imported.
#[derive(Debug, Clone)]
pub struct OldBatch {
    /// The batch in our form: `Processing` until its documents are imported.
    pub batch: Batch,
    /// Moment at which it ended in version 2.1, if that is known.
    pub ended_at: Option<Timestamp>,
    /// True if it failed in version 2.1: decides its status if it has no documents.
    pub failed: bool,
}

impl Store {
    /// Returns true if the database has the tables of version 2.1.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn is_of_version_2(&self) -> Result<bool, StoreError> {
        Ok(self.db.read(|tx| Box::pin(is_old_schema(tx))).await?)
    }

    /// Adds batches, all or none; those that are there stay as they are.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn import_batches(&self, batches: Vec<OldBatch>) -> Result<(), StoreError> {
        self.write(move |tx| Box::pin(add_batches(tx, batches))).await
    }

    /// Ends batches none of whose documents is to be converted.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn end_imported_batches(&self, batches: Vec<OldBatch>) -> Result<(), StoreError> {
        self.write(move |tx| Box::pin(end_batches(tx, batches))).await
    }

    /// Adds documents with their contents and jobs, all or none; those that are there stay as they are.
    ///
    /// # Errors
    /// [`StoreError::Database`]; [`StoreError::TooLarge`] when a content is larger than the database takes.
    pub async fn import_documents(&self, documents: Vec<OldDocument>) -> Result<(), StoreError> {
        self.write(move |tx| Box::pin(add_documents(tx, documents))).await
    }

    /// Adds usage records, all or none; those that are there stay as they are. Our tables take one record a document,
    /// and one that is to be converted has its own to come: such records stand for a document without a row.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn import_usage(&self, records: Vec<UsageRecord>) -> Result<(), StoreError> {
        self.write(move |tx| Box::pin(add_usage(tx, records))).await
    }
}

/// For each id whether `sql` finds something.
async fn found<'a>(
    tx: &mut Tx,
    sql: &'static str,
    ids: impl Iterator<Item = &'a Id>,
) -> Result<Vec<bool>, DbError> {
    let values: Vec<Vec<Value>> = ids.map(|id| vec![id.as_str().into()]).collect();
    let rows = tx.query_each(sql, values).await?;
    Ok(rows.iter().map(|rows| !rows.is_empty()).collect())
}

async fn add_batches(tx: &mut Tx, batches: Vec<OldBatch>) -> Result<(), DbError> {
    let ids = batches.iter().map(|old| &old.batch.id);
    let there = found(tx, "SELECT 1 FROM batches WHERE id = ?1", ids).await?;
    for (old, there) in batches.iter().zip(there) {
        if !there {
            insert_batch(tx, &old.batch).await?;
        }
    }
    Ok(())
}

async fn end_batches(tx: &mut Tx, batches: Vec<OldBatch>) -> Result<(), DbError> {
    for old in batches {
        lock_batch(tx, &old.batch.id).await?;
        let without_documents = if old.failed { "failed" } else { "completed" };
        tx.run(
            "UPDATE batches SET completed_at = COALESCE(?2, (SELECT MAX(d.processed_at) FROM documents d
                     WHERE d.batch_id = ?1), created_at),
                 status = CASE
                     WHEN EXISTS (SELECT 1 FROM documents d WHERE d.batch_id = ?1 AND d.error_code IS NULL)
                         THEN 'completed'
                     WHEN EXISTS (SELECT 1 FROM documents d WHERE d.batch_id = ?1) THEN 'failed'
                     ELSE ?3 END
             WHERE id = ?1 AND completed_at IS NULL AND NOT EXISTS
                 (SELECT 1 FROM documents d WHERE d.batch_id = ?1 AND d.status IN ('pending', 'processing'))",
            vec![
                old.batch.id.as_str().into(),
                old.ended_at.map(Timestamp::as_millis).into(),
                without_documents.into(),
            ],
        )
        .await?;
    }
    Ok(())
}

async fn add_documents(tx: &mut Tx, documents: Vec<OldDocument>) -> Result<(), DbError> {
    let ids = documents.iter().map(|old| &old.document.id);
    let there = found(tx, "SELECT 1 FROM documents WHERE id = ?1", ids).await?;
    for (old, there) in documents.into_iter().zip(there) {
        if !there {
            add_document(tx, old).await?;
        }
    }
    Ok(())
}

async fn add_document(tx: &mut Tx, old: OldDocument) -> Result<(), DbError> {
    let OldDocument {
        document,
        content,
        fate,
        position,
        ..
    } = old;
    let (id, tenant) = (document.id.clone(), document.tenant.clone());
    let in_batch = document.batch.is_some();
    let row = NewRow {
        position: in_batch.then_some(position),
        content,
        ..NewRow::of(document)
    };
    insert_row(tx, row).await?;
    let Fate::Convert {
        job,
        priority,
        scheduled_at,
    } = fate
    else {
        return Ok(());
    };
    let due = scheduled_at.min(tx.now());
    insert_job(tx, &id, &tenant, (job, priority), Some(due)).await
}

async fn add_usage(tx: &mut Tx, records: Vec<UsageRecord>) -> Result<(), DbError> {
    let there = found(
        tx,
        "SELECT 1 FROM usage_records WHERE id = ?1",
        records.iter().map(|record| &record.id),
    )
    .await?;
    let taken = found(
        tx,
        "SELECT 1 FROM usage_records WHERE document_id = ?1
         UNION ALL SELECT 1 FROM documents WHERE id = ?1 AND (error_code IS NOT NULL
             OR status NOT IN ('completed', 'archived'))",
        records.iter().map(|record| &record.document_id),
    )
    .await?;
    let mut charged: HashSet<Id> = HashSet::new();
    for (mut record, (there, taken)) in records.into_iter().zip(there.into_iter().zip(taken)) {
        if there {
            continue;
        }
        if taken || !charged.insert(record.document_id.clone()) {
            record.document_id = of_none(&record.id);
        }
        insert_usage(tx, record).await?;
    }
    Ok(())
}
