use std::time::Duration;

use futures::TryStreamExt;

use crate::app::App;
use crate::model::Timestamp;
use crate::objects::{Area, ObjectKey, ObjectsError};
use crate::store::{Store, StoreError};

/// Keys that are looked up at once.
const KEYS_PER_LOOKUP: usize = 500;
/// Planned deletions that are done in one round.
const MAX_DELETIONS: u32 = 1_000;
/// Batches that are looked at in one round.
const MAX_BATCHES: u32 = 1_000;

/// Reason a sweep stopped; the next one continues.
#[derive(Debug, thiserror::Error)]
pub(super) enum SweepError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Objects(#[from] ObjectsError),
}

/// Does what deletions of documents have left to be done, from `cursor` on: what cannot be deleted keeps none behind it
/// from its turn.
pub(super) async fn planned_deletions(app: &App, cursor: &mut String) -> Result<(), StoreError> {
    let keys = app.store().planned_deletions(cursor, MAX_DELETIONS).await?;
    let last = keys.len() < MAX_DELETIONS as usize;
    for key in keys {
        app.delete_object(&key).await;
        *cursor = key;
    }
    if last {
        cursor.clear();
    }
    Ok(())
}

/// Forgets batches that have no documents any more, from `cursor` on.
pub(super) async fn empty_batches(store: &Store, cursor: &mut String) -> Result<(), StoreError> {
    let (forgotten, next) = store.delete_empty_batches(cursor, MAX_BATCHES).await?;
    if forgotten > 0 {
        tracing::info!(batches = forgotten, "forgot batches without documents");
    }
    *cursor = next.unwrap_or_default();
    Ok(())
}

/// Deletes objects that no row names and that are older than `age`; answers how many. A younger one may belong
/// to a request that has not written its row yet.
pub(super) async fn unnamed_objects(app: &App, age: Duration) -> Result<u64, SweepError> {
    let before = earlier(app.now(), age);
    let mut swept = 0;
    for area in Area::ALL {
        let mut objects = app.objects().list(area).try_chunks(KEYS_PER_LOOKUP);
        while let Some(chunk) = objects.try_next().await.map_err(|error| error.1)? {
            let old = chunk.into_iter().filter(|object| object.last_modified <= before);
            let keys = old.map(|object| object.key.as_str().to_owned()).collect();
            for key in app.store().unnamed_objects(keys).await? {
                let Ok(key) = key.parse::<ObjectKey>() else {
                    continue;
                };
                match app.objects().delete(&key).await {
                    Ok(()) => swept += 1,
                    Err(error) => tracing::warn!(%error, "an object that no row names cannot be deleted yet"),
                }
            }
        }
    }
    Ok(swept)
}

/// Aborts multipart uploads that were begun longer than `age` ago and never ended.
pub(super) async fn open_uploads(app: &App, age: Duration) -> Result<(), SweepError> {
    let before = earlier(app.now(), age);
    for upload in app.store().open_uploads(before).await? {
        if let Ok(key) = upload.object_key.parse::<ObjectKey>()
            && let Err(error) = app.objects().abort(&key, &upload.upload_id).await
        {
            tracing::warn!(%error, "an upload that was cut off cannot be aborted yet");
            continue;
        }
        app.store().upload_ended(&upload.upload_id).await?;
    }
    Ok(())
}

fn earlier(now: Timestamp, span: Duration) -> Timestamp {
    Timestamp::from_millis(now.as_millis() - i64::try_from(span.as_millis()).unwrap_or(i64::MAX / 2))
}
