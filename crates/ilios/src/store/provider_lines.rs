use super::db::{DbError, Tx};
use super::documents::{document, select_documents};
use super::provider_batches::is_held;
use super::transitions::{DocumentOutcome, Ending, end_document};
use super::{Settled, Store, StoreError};
use crate::model::{Document, Id, ProviderBatchLease};

impl Store {
    /// The documents of a provider batch that have not ended, in the order in which they were sent.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn provider_documents(&self, id: &Id) -> Result<Vec<Document>, StoreError> {
        let values = vec![id.as_str().into()];
        let sql = select_documents!(
            " FROM provider_batch_documents p JOIN documents d ON d.id = p.document_id
             WHERE p.provider_batch_id = ?1 AND d.status IN ('pending', 'processing')
             ORDER BY d.batch_position, d.id"
        );
        Ok(self.db.latest().await?.all(sql, values, document).await?)
    }

    /// Marks all documents of a provider batch that wait, and the batch that they belong to, as `processing`;
    /// answers whether the lease held.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn begin_provider_batch(&self, lease: &ProviderBatchLease) -> Result<bool, StoreError> {
        let lease = lease.clone();
        self.write(move |tx| Box::pin(async move { begin(tx, &lease).await }))
            .await
    }

    /// Ends a document of a provider batch. Nothing is written when the lease has run out or belongs to somebody
    /// else by now, or when the document had ended before.
    ///
    /// # Errors
    /// [`StoreError::Database`]; then nothing was written, unless the connection was lost in between.
    pub async fn finish_line(
        &self,
        lease: &ProviderBatchLease,
        document: &Document,
        outcome: DocumentOutcome,
    ) -> Result<Settled, StoreError> {
        let (lease, id) = (lease.clone(), document.id.clone());
        self.write(move |tx| {
            Box::pin(async move {
                let settled = Settled::from(&outcome);
                let ended = is_held(tx, &lease).await?
                    && is_part(tx, &lease, &id).await?
                    && end_document(tx, Ending::Open(id, outcome)).await?;
                Ok(if ended { settled } else { Settled::LeaseLost })
            })
        })
        .await
    }
}

async fn begin(tx: &mut Tx, lease: &ProviderBatchLease) -> Result<bool, DbError> {
    if !is_held(tx, lease).await? {
        return Ok(false);
    }
    for statement in [
        "UPDATE documents SET status = 'processing' WHERE status = 'pending' AND id IN
             (SELECT document_id FROM provider_batch_documents WHERE provider_batch_id = ?1)",
        "UPDATE batches SET status = 'processing' WHERE status = 'pending' AND id =
             (SELECT batch_id FROM provider_batches WHERE id = ?1)",
    ] {
        tx.execute(statement, vec![lease.id.as_str().into()]).await?;
    }
    Ok(true)
}

/// Returns true if a document is of the provider batch: one that is tried again has left it.
async fn is_part(tx: &mut Tx, lease: &ProviderBatchLease, document: &Id) -> Result<bool, DbError> {
    let sql = "SELECT 1 FROM provider_batch_documents WHERE provider_batch_id = ?1 AND document_id = ?2";
    let values = vec![lease.id.as_str().into(), document.as_str().into()];
    tx.exists(sql, values).await
}
