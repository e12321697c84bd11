use crate::app::App;
use crate::model::{Id, Timestamp};
use crate::objects::{ObjectKey, ObjectsError};
use crate::store::{Disposition, DueDocument, StoreError};

/// Action on a document past its retention.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RetentionAction {
    /// It is kept under the status `archived`; its original moves to the archive.
    #[default]
    Archive,
    /// It is deleted as if its owner had done it.
    Delete,
}

/// Documents that are looked up at once.
const DOCUMENTS_PER_QUERY: u32 = 100;
/// Documents that may fail in one run; the next run goes on behind them.
const MAX_FAILURES: u32 = 1_000;

/// Expiry and id of the last document that was handled: the next run continues after it. `None` begins with the longest
/// overdue one.
pub(super) type Cursor = Option<(Timestamp, Id)>;

/// Archives or deletes the documents that are past their retention, from `cursor` on; answers how many. One that
/// cannot be moved now keeps none behind it from its turn, and has its own again once all others had theirs.
pub(super) async fn expire_documents(
    app: &App,
    action: RetentionAction,
    cursor: &mut Cursor,
) -> Result<u64, StoreError> {
    let (mut expired, mut failures) = (0, 0);
    while failures < MAX_FAILURES {
        let due = app
            .store()
            .due_documents(app.now(), cursor.clone(), DOCUMENTS_PER_QUERY)
            .await?;
        let last = due.len() < DOCUMENTS_PER_QUERY as usize;
        for document in due {
            let place = Some((document.expires_at, document.id.clone()));
            // Nobody looks for test data in an archive.
            let of_tests = document.tenant.is_of_tests();
            let done = match if of_tests { RetentionAction::Delete } else { action } {
                RetentionAction::Archive => archive(app, document).await?,
                RetentionAction::Delete => delete(app, document).await?,
            };
            *cursor = place;
            match done {
                Done::Expired => expired += 1,
                Done::Gone => {}
                Done::NotYet => failures += 1,
            }
        }
        if last {
            *cursor = None;
            break;
        }
    }
    Ok(expired)
}

/// Outcome of archiving or deleting one document.
enum Done {
    Expired,
    /// It was deleted, or is tried again, meanwhile.
    Gone,
    /// It cannot be moved now.
    NotYet,
}

/// Copies the original, then names the copy, then deletes the first: whatever moment ends the process, the row
/// names an object that is there, and what no row names is swept.
async fn archive(app: &App, document: DueDocument) -> Result<Done, StoreError> {
    let old = ObjectKey::stored(document.object_key.as_deref());
    let mut archived = old.as_ref().map(|_| ObjectKey::archived(&document.id));
    if let (Some(from), Some(to)) = (&old, &archived) {
        match app.objects().copy(from, to).await {
            Ok(()) => {}
            Err(ObjectsError::NotFound) => archived = None,
            Err(error) => {
                tracing::warn!(document = %document.id, %error, "an original cannot be archived yet");
                return Ok(Done::NotYet);
            }
        }
    }
    let (id, key) = (document.id.clone(), document.object_key.clone());
    let archived = archived.map(|key| key.as_str().to_owned());
    let Some(done) = written(&id, app.store().archive_document(document, archived).await)? else {
        return Ok(Done::NotYet);
    };
    if let (true, Some(key)) = (done, key) {
        app.delete_object(&key).await;
    }
    app.events().changes.notify(&id);
    Ok(if done { Done::Expired } else { Done::Gone })
}

async fn delete(app: &App, document: DueDocument) -> Result<Done, StoreError> {
    let id = document.id.clone();
    let Some(deleted) = written(&id, app.store().delete_due(document).await)? else {
        return Ok(Done::NotYet);
    };
    let Some(deleted) = deleted else {
        return Ok(Done::Gone);
    };
    for key in &deleted.object_keys {
        app.delete_object(key).await;
    }
    app.events().changes.notify(&id);
    Ok(Done::Expired)
}

/// Returns the outcome of a write. `None` if the database refuses this document alone, which is logged; an error that a
/// retry may heal ends the run.
fn written<T>(id: &Id, outcome: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
    match outcome {
        Ok(done) => Ok(Some(done)),
        Err(error) if error.disposition() == Disposition::Retry => Err(error),
        Err(error) => {
            tracing::error!(document = %id, %error, "a document past its retention cannot be written");
            Ok(None)
        }
    }
}
