use std::time::Duration;

use super::create::{KeyRefusal, NewApiKey, find_key, insert_key};
use crate::model::{ApiKey, Id, KeyKind, KeyState, NewAudit, Timestamp};
use crate::store::audit::insert_audit;
use crate::store::db::{DbError, Tx};
use crate::store::{Store, StoreError};

/// Replacement of a key by a new one.
#[derive(Debug, Clone)]
pub struct Rotation {
    /// Id of the key that is replaced.
    pub old: Id,
    /// Id of the new one.
    pub id: Id,
    /// SHA-256 of the text of the new one.
    pub hash: String,
    /// Time for which the old one is accepted yet.
    pub grace: Duration,
    /// Moment from which the new one is refused.
    pub expires_at: Option<Timestamp>,
}

/// Time for which a key stays listed after its end.
const LISTED: Duration = Duration::from_secs(365 * 24 * 60 * 60);

impl Store {
    /// Revokes a key at once; one that is revoked or has expired stays as it is.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn revoke_key(
        &self,
        id: &Id,
        audit: NewAudit,
    ) -> Result<Result<ApiKey, KeyRefusal>, StoreError> {
        let id = id.clone();
        let revoked = self
            .db
            .write(move |tx| Box::pin(async move { revoke(tx, &id, audit).await }));
        Ok(revoked.await?)
    }

    /// Replaces a key by a new one of the same tenant, name, scopes and kind. The key of an environment variable is
    /// replaced by a live one.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn rotate_key(
        &self,
        rotation: Rotation,
        audit: NewAudit,
    ) -> Result<Result<ApiKey, KeyRefusal>, StoreError> {
        let rotated = self
            .db
            .write(move |tx| Box::pin(async move { rotate(tx, rotation, audit).await }));
        Ok(rotated.await?)
    }

    /// Notes that a key was used, unless that was noted within the last minute.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn note_key_use(&self, id: &Id) -> Result<(), StoreError> {
        let id = id.clone();
        let noted = self.db.write(move |tx| {
            Box::pin(async move {
                let now = tx.now().as_millis();
                let sql = "UPDATE api_keys SET last_used_at = ?2
                     WHERE id = ?1 AND (last_used_at IS NULL OR last_used_at <= ?2 - 60000)";
                tx.run(sql, vec![id.as_str().into(), now.into()]).await
            })
        });
        Ok(noted.await?)
    }

    /// Deletes the rows of keys that ended more than a year ago; answers how many.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_old_keys(&self) -> Result<u64, StoreError> {
        let deleted = self.db.write(|tx| {
            Box::pin(async move {
                let horizon = tx.now().as_millis() - i64::try_from(LISTED.as_millis()).unwrap_or(i64::MAX);
                // The row of an environment key is what keeps a revoked one out.
                let sql = "DELETE FROM api_keys
                     WHERE (revoked_at < ?1 OR expires_at < ?1) AND kind <> 'environment'";
                tx.execute(sql, vec![horizon.into()]).await
            })
        });
        Ok(deleted.await?)
    }
}

async fn revoke(tx: &mut Tx, id: &Id, audit: NewAudit) -> Result<Result<ApiKey, KeyRefusal>, DbError> {
    let Some(key) = find_key(tx, id).await? else {
        return Ok(Err(KeyRefusal::NoKey));
    };
    let now = tx.now();
    if !key.state(now).is_accepted() {
        return Ok(Ok(key));
    }
    end(tx, id, now).await?;
    insert_audit(tx, audit).await?;
    Ok(Ok(ApiKey {
        revoked_at: Some(now),
        ..key
    }))
}

async fn rotate(
    tx: &mut Tx,
    rotation: Rotation,
    mut audit: NewAudit,
) -> Result<Result<ApiKey, KeyRefusal>, DbError> {
    let Some(old) = find_key(tx, &rotation.old).await? else {
        return Ok(Err(KeyRefusal::NoKey));
    };
    let now = tx.now();
    if old.state(now) != KeyState::Active {
        return Ok(Err(KeyRefusal::Ended));
    }
    end(tx, &old.id, now.plus(rotation.grace)).await?;
    audit.details = format!("{} new={}", audit.details, rotation.id);
    insert_audit(tx, audit).await?;
    let new = NewApiKey {
        id: rotation.id,
        hash: rotation.hash,
        name: old.name,
        scopes: old.scopes,
        kind: match old.kind {
            KeyKind::Environment => KeyKind::Live,
            kind => kind,
        },
        expires_at: rotation.expires_at,
    };
    insert_key(tx, &new, &old.tenant).await.map(Ok)
}

async fn end(tx: &mut Tx, id: &Id, moment: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE api_keys SET revoked_at = ?2 WHERE id = ?1";
    let values = vec![id.as_str().into(), moment.as_millis().into()];
    tx.run(sql, values).await
}
