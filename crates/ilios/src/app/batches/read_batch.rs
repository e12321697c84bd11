use crate::app::{App, AppError};
use crate::model::{Batch, Document, Id, ProviderBatch, Tenant};
use crate::store::{BatchFilter, Cursor, ListPage};

impl App {
    /// The batch `id` of `tenant`.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Store`].
    pub async fn batch(&self, tenant: &Tenant, id: &Id) -> Result<Batch, AppError> {
        let look = || self.store.batch(tenant, id);
        let found = self
            .fresh_read(look, |batch| batch.completed_at.is_some())
            .await?;
        found.ok_or(AppError::NotFound)
    }

    /// The batches that went to a provider from the batch `id` of `tenant`.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn provider_batches(&self, tenant: &Tenant, id: &Id) -> Result<Vec<ProviderBatch>, AppError> {
        Ok(self.store.provider_batches(tenant, id).await?)
    }

    /// The documents of the batch `id` of `tenant`, in the order in which they were sent.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn batch_documents(&self, tenant: &Tenant, id: &Id) -> Result<Vec<Document>, AppError> {
        Ok(self.store.batch_documents(tenant, id).await?)
    }

    /// The batches of `tenant`, newest first.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn list_batches(
        &self,
        tenant: &Tenant,
        filter: BatchFilter,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<ListPage<Batch>, AppError> {
        Ok(self.store.batches(tenant, filter, after, limit).await?)
    }
}
