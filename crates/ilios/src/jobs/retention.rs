use crate::app::App;
use crate::objects::{ObjectKey, ObjectsError};
use crate::store::{DueDocument, StoreError};

/// What becomes of a document past its retention.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RetentionAction {
    /// It is kept under the status `archived`; its original moves to the archive.
    #[default]
    Archive,
    /// It is deleted as if its owner had done it.
    Delete,
}

/// Documents that are looked up at once.
const AT_ONCE: u32 = 100;

/// Archives or deletes every document that is past its retention; answers how many. One that cannot be moved now
/// is left for the next time.
pub(super) async fn expire_documents(app: &App, action: RetentionAction) -> Result<u64, StoreError> {
    let mut expired = 0;
    loop {
        let due = app.store.due_documents(AT_ONCE).await?;
        let found = due.len();
        let before = expired;
        for document in due {
            let done = match action {
                RetentionAction::Archive => archive(app, document).await?,
                RetentionAction::Delete => delete(app, document).await?,
            };
            expired += u64::from(done);
        }
        if found < AT_ONCE as usize || expired == before {
            return Ok(expired);
        }
    }
}

/// Copies the original, then names the copy, then deletes the first: whatever moment ends the process, the row
/// names an object that is there, and what no row names is swept.
async fn archive(app: &App, document: DueDocument) -> Result<bool, StoreError> {
    let old = document
        .object_key
        .as_deref()
        .and_then(|key| key.parse::<ObjectKey>().ok());
    let mut archived = old.as_ref().map(|_| ObjectKey::archived(&document.id));
    if let (Some(from), Some(to)) = (&old, &archived) {
        match app.objects.copy(from, to).await {
            Ok(()) => {}
            Err(ObjectsError::NotFound) => archived = None,
            Err(error) => {
                tracing::warn!(document = %document.id, %error, "an original cannot be archived yet");
                return Ok(false);
            }
        }
    }
    let (id, key) = (document.id.clone(), document.object_key.clone());
    let archived = archived.map(|key| key.as_str().to_owned());
    let done = app.store.archive_document(document, archived).await?;
    if let (true, Some(key)) = (done, key) {
        app.delete_object(&key).await;
    }
    app.signals.changes.tell(&id);
    Ok(done)
}

async fn delete(app: &App, document: DueDocument) -> Result<bool, StoreError> {
    let id = document.id.clone();
    let Some(deleted) = app.store.delete_due(document).await? else {
        return Ok(false);
    };
    for key in &deleted.object_keys {
        app.delete_object(key).await;
    }
    app.signals.changes.tell(&id);
    Ok(true)
}
