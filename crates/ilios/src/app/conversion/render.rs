use std::sync::Arc;

use super::output::OutputFormat;
use crate::app::{App, AppError};
use crate::engine::{RenderRequest, spool_text};
use crate::model::{Document, FileName, Id, Tenant};
use crate::spool::{BufferedBytes, Spooled};

impl App {
    /// The document `id` of `tenant` with its content in another `format` than Markdown and JSON. It takes a
    /// conversion's place, and the content is read only then; the work ends when this is dropped.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::NotReady`] while there is no content, [`AppError::Busy`],
    /// [`AppError::Rendering`] when the content takes too much, [`AppError::Store`], [`AppError::Spool`].
    pub async fn rendered_document(
        &self,
        tenant: &Tenant,
        id: &Id,
        format: OutputFormat,
    ) -> Result<(Document, BufferedBytes), AppError> {
        let document = self.document(tenant, id).await?;
        if !document.status.has_content() {
            return Err(AppError::NotReady(document.status));
        }
        let _slot = self.admission.enter(tenant).await?;
        let (document, content) = self.document_with_content(tenant, id).await?;
        let rendered = self.render(content.markdown, &document.file_name, format).await?;
        Ok((document, rendered.into()))
    }

    /// `markdown` in another `format`. The caller has a conversion's place.
    pub(super) async fn render(
        &self,
        markdown: String,
        name: &FileName,
        format: OutputFormat,
    ) -> Result<Arc<Spooled>, AppError> {
        let markdown = Arc::new(spool_text(&self.spool, markdown).await?);
        let Some(rendering) = format.rendering(name) else {
            return Ok(markdown);
        };
        let request = RenderRequest {
            markdown,
            rendering,
            spool: self.spool.clone(),
        };
        self.engine.render(&request).await.map_err(AppError::Rendering)
    }
}
