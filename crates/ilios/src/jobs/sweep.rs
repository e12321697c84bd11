use std::time::Duration;

use futures::TryStreamExt;

use crate::app::App;
use crate::model::Timestamp;
use crate::objects::{Area, ObjectKey, ObjectsError};
use crate::store::StoreError;

/// Keys that are looked up at once.
const AT_ONCE: usize = 500;
/// Planned deletions that are done in one round.
const DELETIONS: u32 = 1_000;

/// Why a sweep stopped; the next one goes on.
#[derive(Debug, thiserror::Error)]
pub(super) enum SweepError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Objects(#[from] ObjectsError),
}

/// Does what deletions of documents have left to be done.
pub(super) async fn planned_deletions(app: &App) -> Result<(), StoreError> {
    for key in app.store.planned_deletions(DELETIONS).await? {
        app.delete_object(&key).await;
    }
    Ok(())
}

/// Deletes objects that no row names and that are older than `age`; answers how many. A younger one may belong
/// to a request that has not written its row yet.
pub(super) async fn unnamed_objects(app: &App, age: Duration) -> Result<u64, SweepError> {
    let before = earlier(app.clock.now(), age);
    let mut swept = 0;
    for area in Area::ALL {
        let mut objects = app.objects.list(area).try_chunks(AT_ONCE);
        while let Some(chunk) = objects.try_next().await.map_err(|error| error.1)? {
            let old = chunk.into_iter().filter(|object| object.last_modified <= before);
            let keys = old.map(|object| object.key.as_str().to_owned()).collect();
            for key in app.store.unnamed_objects(keys).await? {
                if let Ok(key) = key.parse::<ObjectKey>() {
                    app.objects.delete(&key).await?;
                    swept += 1;
                }
            }
        }
    }
    Ok(swept)
}

/// Aborts multipart uploads that were begun longer than `age` ago and never ended.
pub(super) async fn open_uploads(app: &App, age: Duration) -> Result<(), SweepError> {
    let before = earlier(app.clock.now(), age);
    for upload in app.store.open_uploads(before).await? {
        if let Ok(key) = upload.object_key.parse::<ObjectKey>() {
            app.objects.abort(&key, &upload.upload_id).await?;
        }
        app.store.upload_ended(&upload.upload_id).await?;
    }
    Ok(())
}

fn earlier(now: Timestamp, span: Duration) -> Timestamp {
    Timestamp::from_millis(now.as_millis() - i64::try_from(span.as_millis()).unwrap_or(i64::MAX / 2))
}
