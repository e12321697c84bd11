use super::renditions::{BuiltRendition, Rendition, RenditionWork};
use crate::app::{App, AppError};
use crate::model::{DocumentImage, Id, Tenant};
use crate::objects::{ObjectKey, ObjectsError};

impl App {
    /// A picture of a document.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the tenant has no such document or the document no such picture,
    /// [`AppError::Objects`], [`AppError::Store`].
    pub async fn image(
        &self,
        tenant: &Tenant,
        id: &Id,
        name: &str,
    ) -> Result<(DocumentImage, Rendition), AppError> {
        let load = || self.store.image(tenant, id, name);
        let image = self.fresh_read(load, |_| true).await?;
        let image = image.ok_or(AppError::NotFound)?;
        let key: ObjectKey = image.object_key.parse().map_err(|_| AppError::NotFound)?;
        // Not as it is sent: a bucket is not to be kept waiting by a client that takes its time.
        let make = async {
            match self
                .objects
                .fetch(&key, &self.spool.up_to(image.size), None)
                .await
            {
                Ok(file) => Ok(BuiltRendition {
                    document: None,
                    held: file.into_buffered(),
                    unfollowed: Vec::new(),
                }),
                Err(ObjectsError::NotFound) => Err(AppError::NotFound),
                Err(error) => Err(error.into()),
            }
        };
        let rendition = self
            .renditions
            .get(key.to_string(), RenditionWork::Fetching, make)
            .await?;
        Ok((image, rendition))
    }
}
