use crate::app::{App, AppError};
use crate::model::{ConversionOptions, Document, Id, Tenant};
use crate::objects::ObjectKey;
use crate::store::Reconverted;

impl App {
    /// Queues a completed document to be converted with other options. Its result stays until the new one is there.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::WrongStatus`] when it is not completed, [`AppError::NoOriginal`] when none was
    /// kept, [`AppError::OriginalLost`] when it is gone, [`AppError::ReconversionUnderWay`], [`AppError::TestKey`],
    /// [`AppError::Busy`], [`AppError::Objects`], [`AppError::Store`].
    pub async fn reconvert_document(
        &self,
        tenant: &Tenant,
        id: &Id,
        options: ConversionOptions,
    ) -> Result<Document, AppError> {
        let options = self.allowed_options(tenant, options)?;
        let document = self.document(tenant, id).await?;
        if let Some(key) = ObjectKey::stored(document.object_key.as_deref())
            && self.objects.size(&key).await?.is_none()
        {
            return Err(AppError::OriginalLost);
        }
        let _room = self.make_room(tenant, 1).await?;
        let job = self.ids.next(self.clock.now());
        match self.store.reconvert_document(tenant, id, job, options).await? {
            Reconverted::Now(document) => {
                self.events.queued.notify_waiters();
                self.notify(&document);
                Ok(*document)
            }
            Reconverted::UnderWay => Err(AppError::ReconversionUnderWay),
            Reconverted::NotCompleted(status) => Err(AppError::WrongStatus {
                status,
                takes: "only a completed document can be converted again; a failed one can be tried again",
            }),
            Reconverted::NoOriginal => Err(AppError::NoOriginal),
            Reconverted::NotFound => Err(AppError::NotFound),
        }
    }
}
