use super::db::{DbError, Tx};
use super::documents::{find, parsed};
use super::transitions::{DocumentOutcome, Ending, end_batches, end_document, end_documents};
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
        self.write(move |tx| Box::pin(async move { cancel(tx, &tenant, &id).await }))
            .await
    }

    /// Cancels every document of the batch `id` of `tenant` that has not ended; answers which ones. `None`:
    /// the tenant has no such batch.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn cancel_batch(&self, tenant: &Tenant, id: &Id) -> Result<Option<Vec<Id>>, StoreError> {
        let (tenant, id) = (tenant.clone(), id.clone());
        self.write(move |tx| Box::pin(async move { cancel_all(tx, &tenant, &id).await }))
            .await
    }
}

async fn cancel(tx: &mut Tx, tenant: &Tenant, id: &Id) -> Result<Cancelled, DbError> {
    // Another tenant's document is not to be touched.
    if find(tx, tenant, id).await?.is_none() {
        return Ok(Cancelled::NotFound);
    }
    let ended = end_document(tx, Ending::Open(id.clone(), cancelled())).await?;
    Ok(match find(tx, tenant, id).await? {
        Some(found) if ended => Cancelled::Now(Box::new(found)),
        Some(found) => Cancelled::TooLate(found.status),
        None => Cancelled::NotFound,
    })
}

pub(super) async fn cancel_all(tx: &mut Tx, tenant: &Tenant, id: &Id) -> Result<Option<Vec<Id>>, DbError> {
    let batch = "SELECT 1 FROM batches WHERE id = ?1 AND tenant = ?2";
    let values = vec![id.as_str().into(), tenant.as_str().into()];
    if !tx.exists(batch, values).await? {
        return Ok(None);
    }
    let sql = "SELECT id FROM documents WHERE batch_id = ?1 AND status IN ('pending', 'processing')";
    let open = tx.all(sql, vec![id.as_str().into()], |mut row| {
        parsed::<Id>(&row.take::<String>(0)?)
    });
    let open = open.await?;
    let endings = open.iter().map(|id| Ending::Open(id.clone(), cancelled()));
    let (ended, batches) = end_documents(tx, endings.collect()).await?;
    end_batches(tx, batches).await?;
    let ended = open
        .into_iter()
        .zip(ended)
        .filter_map(|(id, ended)| ended.then_some(id));
    Ok(Some(ended.collect()))
}

fn cancelled() -> DocumentOutcome {
    DocumentOutcome::Failed(Failure::new("cancelled", "the document was cancelled"))
}
