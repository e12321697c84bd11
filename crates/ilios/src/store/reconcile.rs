use super::db::Row;
use super::{Store, StoreError};
use crate::model::{MicroCents, Timestamp};

/// Usage of one model of a paid service on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageDay {
    /// The day in UTC, such as `2026-01-31`.
    pub day: String,
    /// The model by the name that the service gave.
    pub model: String,
    /// Pages that it says it has processed.
    pub pages: u64,
    /// Their cost before the margin.
    pub base: MicroCents,
}

/// Milliseconds.
const DAY_MILLIS: i64 = 24 * 60 * 60 * 1_000;

impl Store {
    /// Usage of the paid services by all tenants, by day and model.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn service_usage_by_day(&self) -> Result<Vec<UsageDay>, StoreError> {
        let sql = "SELECT created_at / ?1, model, CAST(SUM(pages) AS BIGINT), CAST(SUM(base) AS BIGINT)
             FROM usage_records WHERE engine = 'mistral'
             GROUP BY created_at / ?1, model ORDER BY 1, 2";
        let usage = |mut row: Row| {
            let moment = Timestamp::from_millis(row.take::<i64>(0)?.saturating_mul(DAY_MILLIS));
            Ok(UsageDay {
                day: moment.to_string().chars().take(10).collect(),
                model: row.take(1)?,
                pages: row.take(2)?,
                base: MicroCents::new(row.take(3)?),
            })
        };
        Ok(self.db.all(sql, vec![DAY_MILLIS.into()], usage).await?)
    }
}
