use super::{App, AppError};
use crate::model::{Batch, Document, DocumentContent, Id, ProviderBatch, Tenant};
use crate::store::{BatchFilter, Cursor, DocumentFilter, ListPage};

impl App {
    /// The batch `id` of `tenant`.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Store`].
    pub async fn batch(&self, tenant: &Tenant, id: &Id) -> Result<Batch, AppError> {
        let look = || self.store.batch(tenant, id);
        let found = self.newest(look, |batch| batch.completed_at.is_some()).await?;
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

    /// The content of a document, if it has any.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn content(&self, tenant: &Tenant, id: &Id) -> Result<Option<DocumentContent>, AppError> {
        let stored = self.store.document_with_content(tenant, id).await?;
        Ok(stored.and_then(|stored| stored.content))
    }

    /// The documents of `tenant`, newest first.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn list_documents(
        &self,
        tenant: &Tenant,
        filter: &DocumentFilter,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<ListPage<Document>, AppError> {
        Ok(self.store.documents(tenant, filter, after, limit).await?)
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
