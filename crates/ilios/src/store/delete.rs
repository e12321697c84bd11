use super::audit::insert_audit;
use super::db::{DbError, Tx};
use super::documents::find;
use super::images::image_keys;
use super::objects::{plan_deletion, plan_deletion_of_original};
use super::transitions::end_batches;
use super::{Store, StoreError};
use crate::model::{Id, NewAudit, Tenant};

/// Objects that a deleted document leaves to be deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deleted {
    /// The original and the pictures in the object store, planned to be deleted: they go, whatever happens to this
    /// process.
    pub object_keys: Vec<String>,
}

impl Store {
    /// Deletes the document `id` of `tenant` with its content and its job, together with the entry of the audit log; its
    /// usage record stays, but for one of test data. `None`: the tenant has no such document.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_document(
        &self,
        tenant: &Tenant,
        id: &Id,
        audit: NewAudit,
    ) -> Result<Option<Deleted>, StoreError> {
        let (tenant, id) = (tenant.clone(), id.clone());
        self.write(move |tx| {
            Box::pin(async move {
                let deleted = delete(tx, &tenant, &id).await?;
                if deleted.is_some() {
                    insert_audit(tx, audit).await?;
                }
                Ok(deleted)
            })
        })
        .await
    }
}

pub(super) async fn delete(tx: &mut Tx, tenant: &Tenant, id: &Id) -> Result<Option<Deleted>, DbError> {
    let Some(found) = find(tx, tenant, id).await? else {
        return Ok(None);
    };
    let images = image_keys(tx, id.as_str()).await?;
    for statement in [
        "DELETE FROM document_images WHERE document_id = ?1",
        "DELETE FROM conversion_parts WHERE document_id = ?1",
        "DELETE FROM jobs WHERE document_id = ?1",
        "DELETE FROM document_models WHERE document_id = ?1",
        "DELETE FROM document_contents WHERE document_id = ?1",
        "DELETE FROM documents WHERE id = ?1",
    ] {
        tx.run(statement, vec![id.as_str().into()]).await?;
    }
    if tenant.is_of_tests() {
        let sql = "DELETE FROM usage_records WHERE document_id = ?1";
        tx.run(sql, vec![id.as_str().into()]).await?;
    }
    if let Some(key) = &found.object_key {
        plan_deletion_of_original(tx, key).await?;
    }
    for key in &images {
        plan_deletion(tx, key).await?;
    }
    end_batches(tx, found.batch).await?;
    Ok(Some(Deleted {
        object_keys: found.object_key.into_iter().chain(images).collect(),
    }))
}
