use crate::app::{App, AppError, Upload};
use crate::model::{Id, Tenant, TenantFile};
use crate::objects::{ObjectKey, ObjectsError, OpenObject};

impl App {
    /// The file `id` of `tenant`.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Store`].
    pub async fn file(&self, tenant: &Tenant, id: &Id) -> Result<TenantFile, AppError> {
        self.store.file(tenant, id).await?.ok_or(AppError::NotFound)
    }

    /// All files of `tenant`, newest first.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn files(&self, tenant: &Tenant) -> Result<Vec<TenantFile>, AppError> {
        Ok(self.store.files(tenant, self.file_limits.count).await?)
    }

    /// The bytes of a file, to be sent on.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Objects`].
    pub async fn open_file(&self, file: &TenantFile) -> Result<OpenObject, AppError> {
        let opened = self.objects.open(&key_of(file)?, None).await;
        opened.map_err(not_there)
    }

    /// The file `id` of `tenant`, to be converted.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Objects`], [`AppError::Store`].
    pub async fn fetch_file(&self, tenant: &Tenant, id: &Id) -> Result<Upload, AppError> {
        let found = self.file(tenant, id).await?;
        let spool = self.spool.up_to(found.size);
        let fetched = self
            .objects
            .fetch(&key_of(&found)?, &spool, Some(&found.sha256))
            .await;
        Ok(Upload {
            file_name: found.file_name,
            file: fetched.map_err(not_there)?,
        })
    }
}

pub(super) fn key_of(file: &TenantFile) -> Result<ObjectKey, AppError> {
    file.object_key.parse().map_err(|_| AppError::NotFound)
}

fn not_there(error: ObjectsError) -> AppError {
    match error {
        ObjectsError::NotFound => AppError::NotFound,
        error => error.into(),
    }
}
