use std::sync::Arc;

use ilios_convert::LocateQuery;

use crate::app::{App, AppError};
use crate::engine::{Owner, RenderRequest, Rendering, spool_document};
use crate::model::{Id, Tenant};
use crate::spool::Spooled;

impl App {
    /// The places of what is looked for in the document `id` of `tenant`, as JSON that a child writes. It takes a
    /// conversion's place.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::NotReady`] while there is no content, [`AppError::Busy`],
    /// [`AppError::Rendering`] when it takes too much, [`AppError::Store`], [`AppError::Spool`].
    pub async fn located(
        &self,
        tenant: &Tenant,
        id: &Id,
        query: LocateQuery,
    ) -> Result<Arc<Spooled>, AppError> {
        let document = self.document(tenant, id).await?;
        if !document.status.has_content() {
            return Err(AppError::NotReady(document.status));
        }
        let _slot = self.admission.enter(tenant).await?;
        let (_, content, model) = self.document_with_model(tenant, id).await?;
        let request = RenderRequest {
            input: Arc::new(spool_document(&self.spool, &content, model).await?),
            owner: Owner::of(tenant),
            rendering: Rendering::Located {
                document: id.to_string(),
                query,
            },
            spool: self.spool.clone(),
        };
        self.engine.render(&request).await.map_err(AppError::Rendering)
    }
}
