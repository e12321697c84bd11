use super::db::{DbError, Row};
use super::usage::totals;
use super::{Store, StoreError, TimeRange, UsageTotals};
use crate::model::Tenant;

/// Milliseconds of a day.
const DAY: i64 = 24 * 60 * 60 * 1_000;

/// Property by which the usage of all tenants is summed up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UsageKey {
    /// The tenant that pays.
    Tenant,
    /// The day in UTC.
    Day,
    /// The engine.
    Engine,
    /// The engine's model.
    Model,
    /// The operation.
    Operation,
}

/// Statement that sums up by an expression; it has a name for people as its last column.
macro_rules! sums_by {
    ($key:literal, $name:literal, $join:literal) => {
        concat!(
            "SELECT CAST(",
            $key,
            " AS TEXT), COUNT(*), CAST(SUM(u.pages) AS BIGINT), CAST(SUM(u.input_tokens) AS BIGINT),
                CAST(SUM(u.output_tokens) AS BIGINT), CAST(SUM(u.base) AS BIGINT), CAST(SUM(u.total) AS BIGINT), ",
            $name,
            " FROM usage_records u ",
            $join,
            " WHERE u.created_at >= ?1 AND u.created_at <= ?2
             GROUP BY ",
            $key,
            ", ",
            $name,
            " ORDER BY 3 DESC, 1 LIMIT ?3"
        )
    };
}

impl UsageKey {
    fn statement(self) -> &'static str {
        match self {
            Self::Tenant => sums_by!("u.tenant", "t.name", "LEFT JOIN tenants t ON t.id = u.tenant"),
            Self::Day => sums_by!("(u.created_at / 86400000)", "u.created_at / 86400000", ""),
            Self::Engine => sums_by!("u.engine", "u.engine", ""),
            Self::Model => sums_by!("u.model", "u.model", ""),
            Self::Operation => sums_by!("u.operation", "u.operation", ""),
        }
    }

    /// Name of a group, of the values that it has in the database.
    fn name(self, key: String, row: &mut Row) -> Result<String, DbError> {
        match self {
            Self::Tenant => {
                let name: Option<String> = row.take(7)?;
                Ok(name.unwrap_or_else(|| Tenant::stored(key).short().to_owned()))
            }
            Self::Day => {
                let day: i64 = key
                    .parse()
                    .map_err(|_| DbError::Schema(format!("the day {key}")))?;
                let moment = crate::model::Timestamp::from_millis(day.saturating_mul(DAY)).to_string();
                Ok(moment.split('T').next().unwrap_or_default().to_owned())
            }
            Self::Engine | Self::Model | Self::Operation => Ok(key),
        }
    }
}

impl Store {
    /// The sums of all tenants by `key`, the most pages first, at most `limit` of them.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn usage_of_all(
        &self,
        key: UsageKey,
        filter: TimeRange,
        limit: u32,
    ) -> Result<Vec<(String, UsageTotals)>, StoreError> {
        let [from, to] = filter.values();
        let values = vec![from, to, limit.into()];
        let group = move |mut row: Row| {
            let totals = totals(&mut row)?;
            let found = row.take(0)?;
            Ok((key.name(found, &mut row)?, totals))
        };
        Ok(self.db.all(key.statement(), values, group).await?)
    }
}
