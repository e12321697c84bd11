use super::db::{DbError, Tx};
use super::{Store, StoreError};
use crate::model::{Tenant, UsageRecord};

/// Inserts a usage record. A second one for the same document is refused by the table.
pub(super) async fn insert_usage(tx: &mut Tx, usage: UsageRecord) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO usage_records (id, tenant, document_id, operation, engine, model, pages, input_tokens,
             output_tokens, unit_price, margin_basis_points, base, total, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        vec![
            usage.id.as_str().into(),
            usage.tenant.as_str().into(),
            usage.document_id.as_str().into(),
            usage.operation.as_str().into(),
            usage.engine.into(),
            usage.model.into(),
            usage.pages.into(),
            usage.input_tokens.into(),
            usage.output_tokens.into(),
            usage.unit_price.get().into(),
            usage.margin_basis_points.into(),
            usage.base.get().into(),
            usage.total.get().into(),
            usage.created_at.as_millis().into(),
        ],
    )
    .await
}

impl Store {
    /// Number of usage records of `tenant`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn usage_record_count(&self, tenant: &Tenant) -> Result<u64, StoreError> {
        let sql = "SELECT COUNT(*) FROM usage_records WHERE tenant = ?1";
        let values = vec![tenant.as_str().into()];
        let count = self.db.one(sql, values, |mut row| row.take(0)).await?;
        Ok(count.unwrap_or(0))
    }
}
