use crate::app::keys::allowed_retention;
use crate::app::{App, AppError, Busy, Limit, Upload};
use crate::crash_point;
use crate::model::{RetentionDays, Tenant, TenantFile};
use crate::objects::ObjectKey;

/// A file to keep.
pub struct StoreFile {
    /// The tenant that asks.
    pub tenant: Tenant,
    /// The file.
    pub upload: Upload,
    /// Its media type.
    pub mime_type: String,
    /// Use that the tenant names.
    pub purpose: String,
    /// Time that it is kept.
    pub retention: RetentionDays,
}

/// Seconds after which a tenant that has as many files as it may have may have deleted some.
const RETRY_SECONDS: u64 = 5;

impl App {
    /// Keeps a file until its time is over. Nothing is converted, and nothing charged. When this returns, it is durable.
    ///
    /// # Errors
    /// [`AppError::Busy`] when the tenant has as many files as it may have, or as large ones, [`AppError::Objects`],
    /// [`AppError::Store`]: it may be kept then, and is not told of.
    pub async fn store_file(&self, order: StoreFile) -> Result<TenantFile, AppError> {
        let now = self.clock.now();
        let id = self.ids.next(now);
        let key = ObjectKey::file(&id);
        let Upload { file_name, file } = order.upload;
        let retention = allowed_retention(&order.tenant, order.retention);
        let stored = TenantFile {
            id,
            tenant: order.tenant,
            file_name,
            size: file.size(),
            mime_type: order.mime_type,
            sha256: file.sha256().to_owned(),
            purpose: order.purpose,
            object_key: key.as_str().to_owned(),
            created_at: now,
            expires_at: now.plus(retention.duration()),
        };
        self.objects.put(&key, &file, &stored.mime_type).await?;
        crash_point::reach("file_stored");
        match self.store.insert_file(stored.clone(), self.file_limits).await {
            Ok(true) => Ok(stored),
            Ok(false) => {
                self.take_back(&key).await;
                Err(AppError::Busy(Busy {
                    limit: Limit::Files,
                    retry_after_seconds: RETRY_SECONDS,
                }))
            }
            // The row may be there all the same. If it is not, the sweeper takes the bytes.
            Err(error) => Err(error.into()),
        }
    }

    /// Deletes bytes that no row names. What cannot be deleted now is swept later.
    async fn take_back(&self, key: &ObjectKey) {
        if let Err(error) = self.objects.delete(key).await {
            tracing::warn!(%error, "a file without a row is left to the sweeper");
        }
    }
}
