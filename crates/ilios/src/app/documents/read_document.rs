use crate::app::{App, AppError};
use crate::model::{Document, DocumentContent, DocumentModel, Id, Tenant};
use crate::store::{Cursor, DocumentFilter, ListPage};

impl App {
    /// The document `id` of `tenant`, in whatever state it is.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the tenant has no such document, [`AppError::Store`].
    pub async fn document(&self, tenant: &Tenant, id: &Id) -> Result<Document, AppError> {
        let load = || self.store.document(tenant, id);
        let found = self.fresh_read(load, Document::is_settled).await?;
        found.ok_or(AppError::NotFound)
    }

    /// The document `id` of `tenant` with its content.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::NotReady`] while there is no content, [`AppError::Store`].
    pub async fn document_with_content(
        &self,
        tenant: &Tenant,
        id: &Id,
    ) -> Result<(Document, DocumentContent), AppError> {
        let load = || self.store.document_with_content(tenant, id);
        let found = self
            .fresh_read(load, |stored| stored.document.is_settled())
            .await?;
        let stored = found.ok_or(AppError::NotFound)?;
        match stored.content {
            Some(content) if stored.document.status.has_content() => Ok((stored.document, content)),
            _ => Err(AppError::NotReady(stored.document.status)),
        }
    }

    /// The document `id` of `tenant` with its content and its model, where it has one.
    ///
    /// # Errors
    /// As [`Self::document_with_content`].
    pub(in crate::app) async fn document_with_model(
        &self,
        tenant: &Tenant,
        id: &Id,
    ) -> Result<(Document, DocumentContent, Option<DocumentModel>), AppError> {
        let load = || self.store.document_with_model(tenant, id);
        let found = self
            .fresh_read(load, |(stored, _)| stored.document.is_settled())
            .await?;
        let (stored, model) = found.ok_or(AppError::NotFound)?;
        match stored.content {
            Some(content) if stored.document.status.has_content() => Ok((stored.document, content, model)),
            _ => Err(AppError::NotReady(stored.document.status)),
        }
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

    /// As [`Self::list_documents`], with `part` in their names; a page with a next one may be short.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn find_documents(
        &self,
        tenant: &Tenant,
        filter: &DocumentFilter,
        part: &str,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<ListPage<Document>, AppError> {
        Ok(self
            .store
            .find_documents(tenant, filter, part, after, limit)
            .await?)
    }
}
