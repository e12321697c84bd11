use std::time::Duration;

use super::{api_key, key_columns};
use crate::model::{ApiKey, Id, Tenant, Timestamp};
use crate::store::lists::{page, place_values};
use crate::store::{Cursor, ListPage, Store, StoreError};

/// Result of a lookup of a key.
#[derive(Debug, Clone)]
pub struct KeyLookup {
    /// The key, if it is stored.
    pub key: Option<ApiKey>,
    /// A tenant was ever made or named: the installation has keys, and is open to nobody without one.
    pub has_tenants: bool,
    /// Time of the database, which decides what has ended: nodes may have others.
    pub now: Timestamp,
}

impl KeyLookup {
    /// The same, `age` later.
    #[must_use]
    pub fn aged(&self, age: Duration) -> Self {
        Self {
            now: self.now.plus(age),
            ..self.clone()
        }
    }
}

/// Filter of listed keys.
#[derive(Debug, Clone, Default)]
pub struct KeyFilter {
    /// Those of this tenant, and of its test data.
    pub tenant: Option<Tenant>,
}

impl Store {
    /// Looks up the key of a SHA-256; that of an empty text is none. What other processes have written within `recent` may be missing.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn look_key_up(&self, hash: &str, recent: Duration) -> Result<KeyLookup, StoreError> {
        self.db.catch_up(recent).await?;
        let hash = hash.to_owned();
        let found = self.db.read(move |tx| {
            Box::pin(async move {
                let sql = concat!("SELECT ", key_columns!(), " FROM api_keys WHERE hash = ?1");
                Ok(KeyLookup {
                    key: tx.one(sql, vec![hash.into()], api_key).await?,
                    has_tenants: tx.exists("SELECT 1 FROM tenants LIMIT 1", Vec::new()).await?,
                    now: tx.now(),
                })
            })
        });
        Ok(found.await?)
    }

    /// Returns true if a tenant was ever made or named.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn has_tenants(&self) -> Result<bool, StoreError> {
        let found = self
            .db
            .one("SELECT 1 FROM tenants LIMIT 1", Vec::new(), Ok)
            .await?;
        Ok(found.is_some())
    }

    /// The key of an id.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn key(&self, id: &Id) -> Result<Option<ApiKey>, StoreError> {
        let sql = concat!("SELECT ", key_columns!(), " FROM api_keys WHERE id = ?1");
        let values = vec![id.as_str().into()];
        Ok(self.db.latest().await?.one(sql, values, api_key).await?)
    }

    /// The keys, newest first, at most `limit` after `after`: those that are accepted, and those that ended within a
    /// year.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn keys(
        &self,
        filter: &KeyFilter,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<ListPage<ApiKey>, StoreError> {
        let mut values = place_values(after, limit).to_vec();
        let sql = match &filter.tenant {
            None => concat!(
                "SELECT ",
                key_columns!(),
                " FROM api_keys WHERE (created_at, id) < (?1, ?2) ORDER BY created_at DESC, id DESC LIMIT ?3"
            ),
            Some(tenant) => {
                values.extend([tenant.as_str().into(), tenant.of_tests().as_str().into()]);
                concat!(
                    "SELECT ",
                    key_columns!(),
                    " FROM api_keys WHERE (created_at, id) < (?1, ?2) AND tenant IN (?4, ?5)
                      ORDER BY created_at DESC, id DESC LIMIT ?3"
                )
            }
        };
        let rows = self.db.latest().await?.all(sql, values, api_key).await?;
        Ok(page(rows, limit, |key| (key.created_at, &key.id)))
    }
}
