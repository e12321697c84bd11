use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ilios_convert::Format;

use super::service::{Failed, Service};
use crate::spool::Spooled;

/// Time that a document waits for the deletion of its file.
const DELETION_TIMEOUT: Duration = Duration::from_secs(5);

/// The files that this process has at the service, by the hash of their content.
///
/// The service gives equal bytes the same id, so that the first deletion would take the file from the others. Therefore
/// equal bytes are uploaded once, and deleted when the last job that reads them is done.
pub(super) struct Uploads {
    service: Arc<Service>,
    entries: Mutex<HashMap<String, Shared>>,
}

type Shared = Arc<tokio::sync::Mutex<Entry>>;

#[derive(Default)]
struct Entry {
    id: Option<String>,
    users: usize,
}

/// An uploaded file that a job holds. When it is dropped, the file is deleted once no other job holds it.
pub(super) struct HeldUpload {
    uploads: Arc<Uploads>,
    shared: Option<Shared>,
    hash: String,
    pub(super) id: String,
}

impl HeldUpload {
    /// Uploads `file`, unless equal bytes are there already.
    pub(super) async fn hold(
        uploads: &Arc<Uploads>,
        file: &Arc<Spooled>,
        format: Format,
    ) -> Result<Self, Failed> {
        let hash = file.sha256().to_owned();
        let shared = uploads.shared(&hash);
        let mut entry = shared.lock().await;
        let id = match &entry.id {
            Some(id) => id.clone(),
            None => upload(&uploads.service, file, format).await?,
        };
        entry.id = Some(id.clone());
        entry.users += 1;
        drop(entry);
        Ok(Self {
            uploads: Arc::clone(uploads),
            shared: Some(shared),
            hash,
            id,
        })
    }

    /// Uploads the file again after another process has deleted it, unless another job did so.
    pub(super) async fn renew(&mut self, file: &Arc<Spooled>, format: Format) -> Result<(), Failed> {
        let Some(shared) = self.shared.clone() else {
            return Err(Failed::Missing);
        };
        let mut entry = shared.lock().await;
        if entry.id.as_deref() == Some(self.id.as_str()) {
            entry.id = Some(upload(&self.uploads.service, file, format).await?);
        }
        if let Some(id) = &entry.id {
            self.id.clone_from(id);
        }
        Ok(())
    }

    /// Lets the file go; waits a while until it is deleted, where it had to be.
    pub(super) async fn release(mut self) {
        if let Some(shared) = self.shared.take() {
            let gone = tokio::spawn(release(Arc::clone(&self.uploads), shared, self.hash.clone()));
            // The document is read. A deletion that takes long goes on without it.
            let _ = tokio::time::timeout(DELETION_TIMEOUT, gone).await;
        }
    }
}

impl Drop for HeldUpload {
    fn drop(&mut self) {
        if let Some(shared) = self.shared.take()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            runtime.spawn(release(Arc::clone(&self.uploads), shared, self.hash.clone()));
        }
    }
}

/// The name says nothing of the client's, only the type.
async fn upload(service: &Service, file: &Arc<Spooled>, format: Format) -> Result<String, Failed> {
    let name = format!("document.{}", format.extension());
    service
        .call(|| service.client.upload(file, &name, format.mime_type()))
        .await
}

async fn release(uploads: Arc<Uploads>, shared: Shared, hash: String) {
    let mut entry = shared.lock().await;
    entry.users = entry.users.saturating_sub(1);
    if entry.users > 0 {
        return;
    }
    if let Some(id) = entry.id.take() {
        let service = &uploads.service;
        let deleted = service.call(|| service.client.delete(&id)).await;
        if let Err(failed) = deleted {
            tracing::warn!(
                ?failed,
                "an uploaded file could not be deleted; the service does so after 30 days"
            );
        }
    }
    drop(entry);
    uploads.forget(&hash, &shared);
}

impl Uploads {
    pub(super) fn new(service: Arc<Service>) -> Self {
        Self {
            service,
            entries: Mutex::default(),
        }
    }

    fn shared(&self, hash: &str) -> Shared {
        Arc::clone(self.lock().entry(hash.to_owned()).or_default())
    }

    /// Removes an entry that no other job holds.
    fn forget(&self, hash: &str, shared: &Shared) {
        let mut entries = self.lock();
        // One is the table's and one the caller's; no other can be taken without the table.
        if Arc::strong_count(shared) == 2 {
            entries.remove(hash);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Shared>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
