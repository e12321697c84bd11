use crate::app::{App, AppError};
use crate::model::{Tenant, UsageRecord};
use crate::store::{Cursor, ListPage, TimeRange, UsageGroup, UsageKey, UsageTotals};

impl App {
    /// Usage of `tenant` by operation.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn usage_by_operation(
        &self,
        tenant: &Tenant,
        filter: TimeRange,
    ) -> Result<Vec<UsageGroup>, AppError> {
        Ok(self.store.usage_by_operation(tenant, filter).await?)
    }

    /// Usage of all tenants by a property, the most pages first, at most `limit` groups.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn usage_of_all(
        &self,
        key: UsageKey,
        filter: TimeRange,
        limit: u32,
    ) -> Result<Vec<(String, UsageTotals)>, AppError> {
        Ok(self.store.usage_of_all(key, filter, limit).await?)
    }

    /// The usage records of `tenant`, newest first.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn usage_records(
        &self,
        tenant: &Tenant,
        filter: TimeRange,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<ListPage<UsageRecord>, AppError> {
        Ok(self.store.usage_records(tenant, filter, after, limit).await?)
    }
}
