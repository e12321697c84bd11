use super::db::{DbError, Row, Value};
use super::lists::{page, place_values};
use super::{Cursor, ListPage, Store, StoreError, TimeRange};
use crate::model::{Id, MicroCents, Operation, Tenant, Timestamp, UsageRecord};
use crate::store::documents::parsed;

/// Sums over usage records.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UsageTotals {
    /// Records, which is documents, for each has one.
    pub count: u64,
    /// Pages.
    pub pages: u64,
    /// Estimated tokens of the originals.
    pub input_tokens: u64,
    /// Estimated tokens of the results.
    pub output_tokens: u64,
    /// Before the margin.
    pub base: MicroCents,
    /// With the margin.
    pub total: MicroCents,
}

/// The sums of one operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageGroup {
    /// Its name, as stored.
    pub operation: String,
    /// Its sums.
    pub totals: UsageTotals,
}

impl Store {
    /// The sums of `tenant`, by operation in the order of their names.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn usage_by_operation(
        &self,
        tenant: &Tenant,
        filter: TimeRange,
    ) -> Result<Vec<UsageGroup>, StoreError> {
        let sql = "SELECT operation, COUNT(*), CAST(SUM(pages) AS BIGINT), CAST(SUM(input_tokens) AS BIGINT),
                    CAST(SUM(output_tokens) AS BIGINT), CAST(SUM(base) AS BIGINT),
                    CAST(SUM(total) AS BIGINT)
             FROM usage_records WHERE tenant = ?1 AND created_at >= ?2 AND created_at <= ?3
             GROUP BY operation ORDER BY operation";
        Ok(self.db.all(sql, range_values(tenant, filter), group).await?)
    }

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

    /// The usage records of `tenant`, newest first, at most `limit` after `after`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn usage_records(
        &self,
        tenant: &Tenant,
        filter: TimeRange,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<ListPage<UsageRecord>, StoreError> {
        let mut values = range_values(tenant, filter);
        values.extend(place_values(after, limit));
        let sql =
            "SELECT id, tenant, document_id, operation, engine, model, pages, input_tokens, output_tokens,
                    unit_price, margin_basis_points, base, total, created_at
             FROM usage_records
             WHERE tenant = ?1 AND created_at >= ?2 AND created_at <= ?3 AND (created_at, id) < (?4, ?5)
             ORDER BY created_at DESC, id DESC LIMIT ?6";
        let rows = self.db.all(sql, values, record).await?;
        Ok(page(rows, limit, |row| (row.created_at, &row.id)))
    }
}

/// The parameters ?1 to ?3 of every report.
fn range_values(tenant: &Tenant, filter: TimeRange) -> Vec<Value> {
    let mut values = vec![tenant.as_str().into()];
    values.extend(filter.values());
    values
}

fn group(mut row: Row) -> Result<UsageGroup, DbError> {
    Ok(UsageGroup {
        operation: row.take(0)?,
        totals: totals(&mut row)?,
    })
}

/// Sums of the columns 1 to 6.
pub(super) fn totals(row: &mut Row) -> Result<UsageTotals, DbError> {
    Ok(UsageTotals {
        count: row.take(1)?,
        pages: row.take(2)?,
        input_tokens: row.take(3)?,
        output_tokens: row.take(4)?,
        base: MicroCents::new(row.take(5)?),
        total: MicroCents::new(row.take(6)?),
    })
}

fn record(mut row: Row) -> Result<UsageRecord, DbError> {
    let number = |row: &mut Row, column| -> Result<u32, DbError> {
        u32::try_from(row.take::<u64>(column)?).map_err(|error| DbError::Schema(error.to_string()))
    };
    Ok(UsageRecord {
        id: parsed::<Id>(&row.take::<String>(0)?)?,
        tenant: Tenant::stored(row.take(1)?),
        document_id: parsed::<Id>(&row.take::<String>(2)?)?,
        operation: Operation::named(&row.take::<String>(3)?),
        engine: row.take(4)?,
        model: row.take(5)?,
        pages: number(&mut row, 6)?,
        input_tokens: row.take(7)?,
        output_tokens: row.take(8)?,
        unit_price: MicroCents::new(row.take(9)?),
        margin_basis_points: number(&mut row, 10)?,
        base: MicroCents::new(row.take(11)?),
        total: MicroCents::new(row.take(12)?),
        created_at: Timestamp::from_millis(row.take(13)?),
    })
}
