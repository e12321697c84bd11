use super::db::{DbError, Tx};
use super::documents::{find, json};
use super::retry::queue;
use super::{Store, StoreError};
use crate::model::{ConversionOptions, Document, Id, Status, Tenant};

/// Result of a request to convert a completed document once more.
#[derive(Debug, Clone, PartialEq)]
pub enum Reconverted {
    /// It is queued; the document as it is now, with its result.
    Now(Box<Document>),
    /// It is queued already.
    UnderWay,
    /// It is not completed: it has this status.
    NotCompleted(Status),
    /// Its original was never kept.
    NoOriginal,
    /// The tenant has no such document.
    NotFound,
}

impl Store {
    /// Queues the completed document `id` of `tenant` to be converted with `options`; its result stays until the new one
    /// is written. `job` names the job where there was none.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn reconvert_document(
        &self,
        tenant: &Tenant,
        id: &Id,
        job: Id,
        options: ConversionOptions,
    ) -> Result<Reconverted, StoreError> {
        let (tenant, id) = (tenant.clone(), id.clone());
        self.write(move |tx| Box::pin(async move { reconvert(tx, &tenant, &id, job, &options).await }))
            .await
    }
}

async fn reconvert(
    tx: &mut Tx,
    tenant: &Tenant,
    id: &Id,
    job: Id,
    options: &ConversionOptions,
) -> Result<Reconverted, DbError> {
    if find(tx, tenant, id).await?.is_none() {
        return Ok(Reconverted::NotFound);
    }
    // The number of the conversion is that of its usage record, of which there is one.
    let changed = tx
        .execute(
            "UPDATE documents SET conversion = conversion + 1, reconversion = ?2, reconversion_error_code = NULL,
                 reconversion_error = NULL
             WHERE id = ?1 AND status = 'completed' AND object_key IS NOT NULL
                 AND (reconversion IS NULL OR reconversion_error_code IS NOT NULL)",
            vec![id.as_str().into(), json(options)?.into()],
        )
        .await?;
    let Some(found) = find(tx, tenant, id).await? else {
        return Ok(Reconverted::NotFound);
    };
    if changed == 0 {
        return Ok(match found.status {
            Status::Completed if found.object_key.is_none() => Reconverted::NoOriginal,
            Status::Completed => Reconverted::UnderWay,
            status => Reconverted::NotCompleted(status),
        });
    }
    // Parts of the conversion before were paid for with it.
    let parts = "DELETE FROM conversion_parts WHERE document_id = ?1";
    tx.run(parts, vec![id.as_str().into()]).await?;
    queue(tx, &found, job).await?;
    Ok(Reconverted::Now(Box::new(found)))
}
