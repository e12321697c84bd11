use super::db::{DbError, Row, Tx};
use super::delete::{Deleted, delete};
use super::documents::parsed;
use super::objects::plan_deletion_of_original;
use super::transitions::{Ending, end_document};
use super::{Store, StoreError};
use crate::model::{Id, Tenant, Timestamp};

/// A document that is past its retention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueDocument {
    /// Its id.
    pub id: Id,
    /// Owner.
    pub tenant: Tenant,
    /// Key of its original, if it was kept.
    pub object_key: Option<String>,
    /// Moment at which its retention ended.
    pub expires_at: Timestamp,
}

impl Store {
    /// Documents that have ended and are past their retention, by the database's time and by `moment`, at most `limit`:
    /// the longest overdue first, or those behind `after`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn due_documents(
        &self,
        moment: Timestamp,
        after: Option<(Timestamp, Id)>,
        limit: u32,
    ) -> Result<Vec<DueDocument>, StoreError> {
        let (since, id) = after.map_or((i64::MIN, String::new()), |(moment, id)| {
            (moment.as_millis(), id.to_string())
        });
        let sql = "SELECT id, tenant, object_key, expires_at FROM documents
             WHERE expires_at <= ?1 AND status IN ('completed', 'failed') AND expires_at >= ?2
                 AND (expires_at > ?2 OR id > ?3)
             ORDER BY expires_at, id LIMIT ?4";
        let due = self.db.latest().await?.read(move |tx| {
            Box::pin(async move {
                let now = tx.now().min(moment).as_millis();
                let values = vec![now.into(), since.into(), id.into(), limit.into()];
                tx.all(sql, values, due_document).await
            })
        });
        Ok(due.await?)
    }

    /// Makes a document `archived`, its original now being at `archived_key`; the old one is planned to be
    /// deleted, and what was only needed to convert it goes: its job and its place at a provider. Answers whether the document was still there to be archived.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn archive_document(
        &self,
        due: DueDocument,
        archived_key: Option<String>,
    ) -> Result<bool, StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let archived = Ending::Archived(due.id.clone(), archived_key);
                if !end_document(tx, archived).await? {
                    return Ok(false);
                }
                delete_conversion(tx, &due.id).await?;
                if let Some(key) = &due.object_key {
                    plan_deletion_of_original(tx, key).await?;
                }
                Ok(true)
            })
        })
        .await
    }

    /// Deletes a document that is past its retention, as its owner could have done.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_due(&self, due: DueDocument) -> Result<Option<Deleted>, StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                // Locks the row, so that the document is not retried in between.
                let ended = tx
                    .execute(
                        "UPDATE documents SET status = status
                             WHERE id = ?1 AND status NOT IN ('pending', 'processing')",
                        vec![due.id.as_str().into()],
                    )
                    .await?;
                if ended == 0 {
                    return Ok(None);
                }
                delete(tx, &due.tenant, &due.id).await
            })
        })
        .await
    }
}

fn due_document(mut row: Row) -> Result<DueDocument, DbError> {
    Ok(DueDocument {
        id: parsed(&row.take::<String>(0)?)?,
        tenant: Tenant::stored(row.take(1)?),
        object_key: row.take(2)?,
        expires_at: Timestamp::from_millis(row.take(3)?),
    })
}

/// Forgets what was only needed to convert a document.
async fn delete_conversion(tx: &mut Tx, id: &Id) -> Result<(), DbError> {
    for statement in [
        "DELETE FROM jobs WHERE document_id = ?1",
        "DELETE FROM conversion_parts WHERE document_id = ?1",
        "DELETE FROM provider_batch_documents WHERE document_id = ?1",
    ] {
        tx.run(statement, vec![id.as_str().into()]).await?;
    }
    Ok(())
}
