use super::db::{DbError, Row, Tx};
use super::{Store, StoreError};
use crate::model::{Tenant, Timestamp};

/// A client's name for a request, with what is needed to answer the same request again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// Owner.
    pub tenant: Tenant,
    /// The name, as the client sent it.
    pub key: String,
    /// SHA-256 of what was asked for; another request with the same name has another.
    pub fingerprint: String,
    /// The document or batch that the request made.
    pub subject: String,
    /// The answer that was given; empty where it is made again from the subject.
    pub answer: String,
    /// Time at which the request was accepted.
    pub created_at: Timestamp,
}

/// A request that was answered before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRequest {
    /// SHA-256 of what was asked for.
    pub fingerprint: String,
    /// The document or batch that it made.
    pub subject: String,
    /// The answer; empty where it is made again from the subject.
    pub answer: String,
    /// Time at which the request was accepted.
    pub created_at: Timestamp,
}

impl Store {
    /// Finds the request of `tenant` under `key` at or after `since`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn find_idempotency_key(
        &self,
        tenant: &Tenant,
        key: &str,
        since: Timestamp,
    ) -> Result<Option<StoredRequest>, StoreError> {
        let values = vec![tenant.as_str().into(), key.into(), since.as_millis().into()];
        let sql = "SELECT fingerprint, subject_id, answer, created_at FROM idempotency_keys
             WHERE tenant = ?1 AND idempotency_key = ?2 AND created_at >= ?3";
        let stored = |mut row: Row| {
            Ok(StoredRequest {
                fingerprint: row.take(0)?,
                subject: row.take(1)?,
                answer: row.take(2)?,
                created_at: Timestamp::from_millis(row.take(3)?),
            })
        };
        Ok(self.db.latest().await?.one(sql, values, stored).await?)
    }

    /// Forgets the names of requests before `moment`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_expired_idempotency_keys(&self, moment: Timestamp) -> Result<u64, StoreError> {
        let values = vec![moment.as_millis().into()];
        self.write(move |tx| {
            Box::pin(tx.execute("DELETE FROM idempotency_keys WHERE created_at < ?1", values))
        })
        .await
    }
}

/// Names a request, where it has a name, inside the transaction that accepts it. The caller has looked for the name before: what is there by
/// now, another request wrote in between.
pub(super) async fn insert_idempotency_key(tx: &mut Tx, key: Option<IdempotencyKey>) -> Result<(), DbError> {
    let Some(key) = key else {
        return Ok(());
    };
    let inserted = tx
        .execute(
            "INSERT INTO idempotency_keys (tenant, idempotency_key, fingerprint, subject_id, answer, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (tenant, idempotency_key) DO UPDATE SET fingerprint = ?3, subject_id = ?4, answer = ?5,
                 created_at = ?6
             WHERE idempotency_keys.created_at < ?7",
            vec![
                key.tenant.as_str().into(),
                key.key.into(),
                key.fingerprint.into(),
                key.subject.into(),
                key.answer.into(),
                key.created_at.as_millis().into(),
                (key.created_at.as_millis() - LIFETIME_MILLIS).into(),
            ],
        )
        .await?;
    if inserted == 1 {
        Ok(())
    } else {
        Err(DbError::Conflict)
    }
}

/// Milliseconds that a request is remembered: a day.
const LIFETIME_MILLIS: i64 = 24 * 60 * 60 * 1_000;

impl IdempotencyKey {
    /// The moment before which requests are forgotten, at `now`.
    #[must_use]
    pub fn horizon(now: Timestamp) -> Timestamp {
        Timestamp::from_millis(now.as_millis() - LIFETIME_MILLIS)
    }
}
