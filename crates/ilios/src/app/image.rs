use super::{App, AppError};
use crate::engine::EngineError;
use crate::model::{ConversionOptions, DocumentImage, Id, Tenant};
use crate::objects::{ObjectKey, ObjectsError, OpenObject};

impl App {
    /// A picture of a document, on its way.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the tenant has no such document or the document no such picture,
    /// [`AppError::Objects`], [`AppError::Store`].
    pub async fn image(
        &self,
        tenant: &Tenant,
        id: &Id,
        name: &str,
    ) -> Result<(DocumentImage, OpenObject), AppError> {
        let look = || self.store.image(tenant, id, name);
        let image = self.newest(look, |_| true).await?;
        let image = image.ok_or(AppError::NotFound)?;
        let key: ObjectKey = image.object_key.parse().map_err(|_| AppError::NotFound)?;
        match self.objects.open(&key, None).await {
            Ok(object) => Ok((image, object)),
            Err(ObjectsError::NotFound) => Err(AppError::NotFound),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether documents can be converted as a client wants it.
    ///
    /// # Errors
    /// [`EngineError::NotSetUp`].
    pub fn check_options(&self, options: &ConversionOptions) -> Result<(), EngineError> {
        self.engine.check(options)
    }
}
