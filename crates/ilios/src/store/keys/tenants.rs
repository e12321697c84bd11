use super::create::{KeyRefusal, find_tenant};
use crate::model::{NewAudit, Tenant, TenantEntry, Timestamp};
use crate::store::audit::insert_audit;
use crate::store::db::{DbError, Row, Tx};
use crate::store::{Store, StoreError};

impl Store {
    /// The tenants that were made or named, by name: at most `limit` behind the name `after`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn tenants(&self, after: &str, limit: u32) -> Result<Vec<TenantEntry>, StoreError> {
        let sql = "SELECT id, name, created_at FROM tenants WHERE name > ?1 ORDER BY name LIMIT ?2";
        let values = vec![after.into(), limit.into()];
        Ok(self.db.latest().await?.all(sql, values, entry).await?)
    }

    /// The tenant that has the id or name `text`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn tenant(&self, text: &str) -> Result<Option<TenantEntry>, StoreError> {
        let sql = "SELECT id, name, created_at FROM tenants WHERE id = ?1 OR name = ?1";
        Ok(self.db.latest().await?.one(sql, vec![text.into()], entry).await?)
    }

    /// Gives the tenant with the id or name `text` another name.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn rename_tenant(
        &self,
        text: &str,
        name: &str,
        audit: NewAudit,
    ) -> Result<Result<TenantEntry, KeyRefusal>, StoreError> {
        let (text, name) = (text.to_owned(), name.to_owned());
        let renamed = self
            .db
            .write(move |tx| Box::pin(async move { rename(tx, &text, &name, audit).await }));
        Ok(renamed.await?)
    }
}

async fn rename(
    tx: &mut Tx,
    text: &str,
    name: &str,
    mut audit: NewAudit,
) -> Result<Result<TenantEntry, KeyRefusal>, DbError> {
    let Some(tenant) = find_tenant(tx, text).await? else {
        return Ok(Err(KeyRefusal::NoTenant));
    };
    let values = || vec![tenant.as_str().into(), name.into()];
    let taken = "SELECT 1 FROM tenants WHERE (name = ?2 OR id = ?2) AND id <> ?1";
    if tx.exists(taken, values()).await? {
        return Ok(Err(KeyRefusal::NameTaken));
    }
    tx.run("UPDATE tenants SET name = ?2 WHERE id = ?1", values())
        .await?;
    tenant.short().clone_into(&mut audit.subject);
    insert_audit(tx, audit).await?;
    let sql = "SELECT id, name, created_at FROM tenants WHERE id = ?1";
    let renamed = tx.one(sql, vec![tenant.as_str().into()], entry).await?;
    Ok(renamed.ok_or(KeyRefusal::NoTenant))
}

fn entry(mut row: Row) -> Result<TenantEntry, DbError> {
    Ok(TenantEntry {
        tenant: Tenant::stored(row.take(0)?),
        name: row.take(1)?,
        created_at: Timestamp::from_millis(row.take(2)?),
    })
}
