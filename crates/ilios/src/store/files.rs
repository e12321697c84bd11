use super::db::{DbError, Row, Tx};
use super::documents::parsed;
use super::objects::plan_deletion;
use super::{Store, StoreError};
use crate::model::{FileName, Id, Tenant, TenantFile, Timestamp};

/// Limits of the files of one tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileLimits {
    /// Files.
    pub count: u64,
    /// Bytes of all of them.
    pub bytes: u64,
}

impl Store {
    /// Stores a file, whose bytes are in the object store already, unless its tenant would then have more than `limits`
    /// allow: those that are stored at the same moment on other nodes are not counted. Answers whether it did.
    ///
    /// # Errors
    /// [`StoreError::Database`]; then nothing was stored.
    pub async fn insert_file(&self, file: TenantFile, limits: FileLimits) -> Result<bool, StoreError> {
        self.write(move |tx| Box::pin(insert(tx, file, limits))).await
    }

    /// The file `id` of `tenant`, unless its time is over.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn file(&self, tenant: &Tenant, id: &Id) -> Result<Option<TenantFile>, StoreError> {
        let sql = "SELECT id, tenant, file_name, size, mime_type, sha256, purpose, object_key, created_at, expires_at
             FROM files WHERE id = ?1 AND tenant = ?2 AND expires_at > ?3";
        let (tenant, id) = (tenant.as_str().to_owned(), id.as_str().to_owned());
        let found = self.db.latest().await?.read(move |tx| {
            Box::pin(async move {
                let now = tx.now().as_millis();
                tx.one(sql, vec![id.into(), tenant.into(), now.into()], file)
                    .await
            })
        });
        Ok(found.await?)
    }

    /// The files of `tenant` whose time is not over, newest first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn files(&self, tenant: &Tenant, limit: u64) -> Result<Vec<TenantFile>, StoreError> {
        let sql = "SELECT id, tenant, file_name, size, mime_type, sha256, purpose, object_key, created_at, expires_at
             FROM files WHERE tenant = ?1 AND expires_at > ?2 ORDER BY created_at DESC, id DESC LIMIT ?3";
        let tenant = tenant.as_str().to_owned();
        let found = self.db.latest().await?.read(move |tx| {
            Box::pin(async move {
                let now = tx.now().as_millis();
                tx.all(sql, vec![tenant.into(), now.into(), limit.into()], file)
                    .await
            })
        });
        Ok(found.await?)
    }

    /// Deletes the file `id` of `tenant`. Answers the key of its bytes, which are planned to be deleted; `None` when there
    /// is no such file.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_file(&self, tenant: &Tenant, id: &Id) -> Result<Option<String>, StoreError> {
        let (tenant, id) = (tenant.as_str().to_owned(), id.as_str().to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                let sql = "SELECT object_key FROM files WHERE id = ?1 AND tenant = ?2";
                let values = vec![id.as_str().into(), tenant.into()];
                let found: Option<String> = tx.one(sql, values, |mut row| row.take(0)).await?;
                if let Some(key) = &found {
                    delete(tx, &id, key).await?;
                }
                Ok(found)
            })
        })
        .await
    }

    /// Deletes at most `limit` files whose time is over, by the database's time and by `moment`; answers how many. Their
    /// bytes are planned to be deleted.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_due_files(&self, moment: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let now = tx.now().min(moment).as_millis();
                let sql = "SELECT id, object_key FROM files WHERE expires_at <= ?1 ORDER BY expires_at
                     LIMIT ?2 FOR UPDATE SKIP LOCKED";
                let due = |mut row: Row| Ok((row.take::<String>(0)?, row.take::<String>(1)?));
                let due = tx.all(sql, vec![now.into(), limit.into()], due).await?;
                for (id, key) in &due {
                    delete(tx, id, key).await?;
                }
                Ok(due.len() as u64)
            })
        })
        .await
    }
}

async fn insert(tx: &mut Tx, new: TenantFile, limits: FileLimits) -> Result<bool, DbError> {
    let now = tx.now().as_millis();
    let sql = "SELECT COUNT(*), CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM files
         WHERE tenant = ?1 AND expires_at > ?2";
    let values = vec![new.tenant.as_str().into(), now.into()];
    let used = |mut row: Row| Ok((row.take::<u64>(0)?, row.take::<u64>(1)?));
    let (count, bytes) = tx.one(sql, values, used).await?.unwrap_or_default();
    if count >= limits.count || bytes.saturating_add(new.size) > limits.bytes {
        return Ok(false);
    }
    tx.run(
        "INSERT INTO files (id, tenant, file_name, size, mime_type, sha256, purpose, object_key, created_at,
             expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        vec![
            new.id.as_str().into(),
            new.tenant.as_str().into(),
            new.file_name.as_str().into(),
            new.size.into(),
            new.mime_type.into(),
            new.sha256.into(),
            new.purpose.into(),
            new.object_key.into(),
            new.created_at.as_millis().into(),
            new.expires_at.as_millis().into(),
        ],
    )
    .await?;
    Ok(true)
}

async fn delete(tx: &mut Tx, id: &str, key: &str) -> Result<(), DbError> {
    tx.run("DELETE FROM files WHERE id = ?1", vec![id.into()]).await?;
    plan_deletion(tx, key).await
}

fn file(mut row: Row) -> Result<TenantFile, DbError> {
    Ok(TenantFile {
        id: parsed(&row.take::<String>(0)?)?,
        tenant: Tenant::stored(row.take(1)?),
        file_name: FileName::clean(&row.take::<String>(2)?),
        size: row.take(3)?,
        mime_type: row.take(4)?,
        sha256: row.take(5)?,
        purpose: row.take(6)?,
        object_key: row.take(7)?,
        created_at: Timestamp::from_millis(row.take(8)?),
        expires_at: Timestamp::from_millis(row.take(9)?),
    })
}
