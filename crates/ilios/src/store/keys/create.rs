use super::{api_key, key_columns};
use crate::model::{ApiKey, Id, KeyKind, NewAudit, Scopes, Tenant, TenantEntry, Timestamp};
use crate::store::audit::insert_audit;
use crate::store::db::{DbError, Tx};
use crate::store::{Store, StoreError};

/// API key to be stored.
#[derive(Debug, Clone)]
pub struct NewApiKey {
    /// Its id.
    pub id: Id,
    /// SHA-256 of its text, 64 hex digits.
    pub hash: String,
    /// Name for people.
    pub name: String,
    /// Its permissions.
    pub scopes: Scopes,
    /// Its origin.
    pub kind: KeyKind,
    /// Moment from which it is refused.
    pub expires_at: Option<Timestamp>,
}

/// Tenant of a new key.
#[derive(Debug, Clone)]
pub enum TenantChoice {
    /// A new one of this id and name.
    New(Tenant, String),
    /// The one that has this id or name.
    Existing(String),
}

/// Reason a key or a tenant is not stored as asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyRefusal {
    /// No tenant has this id or name.
    NoTenant,
    /// Another tenant has this name.
    NameTaken,
    /// The key is stored already.
    Exists,
    /// There is no such key.
    NoKey,
    /// The key is not accepted any more, or will soon not be.
    Ended,
}

impl Store {
    /// Stores a key, and its tenant where that is new, together with the entry of the audit log.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn create_key(
        &self,
        key: NewApiKey,
        tenant: TenantChoice,
        audit: NewAudit,
    ) -> Result<Result<ApiKey, KeyRefusal>, StoreError> {
        let created = self
            .db
            .write(move |tx| Box::pin(async move { create(tx, key, tenant, audit).await }));
        Ok(created.await?)
    }

    /// Names `tenant`, which the database did not know by a name, and stores `key`, by which it was known.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn adopt_tenant(
        &self,
        tenant: Tenant,
        name: String,
        key: Option<NewApiKey>,
        audit: NewAudit,
    ) -> Result<Result<TenantEntry, KeyRefusal>, StoreError> {
        let adopted = self
            .db
            .write(move |tx| Box::pin(async move { adopt(tx, tenant, name, key, audit).await }));
        Ok(adopted.await?)
    }
}

async fn create(
    tx: &mut Tx,
    key: NewApiKey,
    tenant: TenantChoice,
    mut audit: NewAudit,
) -> Result<Result<ApiKey, KeyRefusal>, DbError> {
    let is_known = "SELECT 1 FROM api_keys WHERE hash = ?1";
    if tx.exists(is_known, vec![key.hash.as_str().into()]).await? {
        return Ok(Err(KeyRefusal::Exists));
    }
    let tenant = match tenant {
        TenantChoice::New(tenant, name) => {
            if !insert_tenant(tx, &tenant, &name).await? {
                return Ok(Err(KeyRefusal::NameTaken));
            }
            tenant
        }
        TenantChoice::Existing(text) => match find_tenant(tx, &text).await? {
            Some(tenant) => tenant,
            None => return Ok(Err(KeyRefusal::NoTenant)),
        },
    };
    let tenant = match key.kind {
        KeyKind::Test => tenant.of_tests(),
        KeyKind::Live | KeyKind::Environment => tenant,
    };
    audit.details = format!("{} tenant={}", audit.details, tenant.short());
    insert_audit(tx, audit).await?;
    insert_key(tx, &key, &tenant).await.map(Ok)
}

/// Names a tenant that has none yet, and stores the key that it was known by.
async fn adopt(
    tx: &mut Tx,
    tenant: Tenant,
    name: String,
    key: Option<NewApiKey>,
    audit: NewAudit,
) -> Result<Result<TenantEntry, KeyRefusal>, DbError> {
    let is_named = "SELECT 1 FROM tenants WHERE id = ?1";
    if tx.exists(is_named, vec![tenant.as_str().into()]).await? {
        return Ok(Err(KeyRefusal::Exists));
    }
    if !insert_tenant(tx, &tenant, &name).await? {
        return Ok(Err(KeyRefusal::NameTaken));
    }
    if let Some(key) = key {
        insert_key(tx, &key, &tenant).await?;
    }
    insert_audit(tx, audit).await?;
    Ok(Ok(TenantEntry {
        tenant,
        name,
        created_at: tx.now(),
    }))
}

/// Inserts a tenant. `false`: its id or its name is taken.
async fn insert_tenant(tx: &mut Tx, tenant: &Tenant, name: &str) -> Result<bool, DbError> {
    let taken = "SELECT 1 FROM tenants WHERE id IN (?1, ?2) OR name IN (?1, ?2)";
    let values = vec![tenant.as_str().into(), name.into()];
    if tx.exists(taken, values).await? {
        return Ok(false);
    }
    let now = tx.now().as_millis();
    let sql = "INSERT INTO tenants (id, name, created_at) VALUES (?1, ?2, ?3)";
    tx.run(sql, vec![tenant.as_str().into(), name.into(), now.into()])
        .await?;
    Ok(true)
}

/// The tenant of an id or a name. No name is another tenant's id.
pub(super) async fn find_tenant(tx: &mut Tx, text: &str) -> Result<Option<Tenant>, DbError> {
    let sql = "SELECT id FROM tenants WHERE id = ?1 OR name = ?1";
    tx.one(sql, vec![text.into()], |mut row| row.take(0).map(Tenant::stored))
        .await
}

/// Inserts the row of `key`, which belongs to `tenant`; returns the key as stored.
pub(super) async fn insert_key(tx: &mut Tx, key: &NewApiKey, tenant: &Tenant) -> Result<ApiKey, DbError> {
    let now = tx.now().as_millis();
    tx.run(
        "INSERT INTO api_keys (id, hash, tenant, name, scopes, kind, created_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        vec![
            key.id.as_str().into(),
            key.hash.as_str().into(),
            tenant.as_str().into(),
            key.name.as_str().into(),
            key.scopes.to_string().into(),
            key.kind.as_str().into(),
            now.into(),
            key.expires_at.map(Timestamp::as_millis).into(),
        ],
    )
    .await?;
    let stored = find_key(tx, &key.id).await?;
    stored.ok_or_else(|| DbError::Schema("a key vanished".into()))
}

/// The key of an id.
pub(super) async fn find_key(tx: &mut Tx, id: &Id) -> Result<Option<ApiKey>, DbError> {
    let sql = concat!("SELECT ", key_columns!(), " FROM api_keys WHERE id = ?1");
    tx.one(sql, vec![id.as_str().into()], api_key).await
}
