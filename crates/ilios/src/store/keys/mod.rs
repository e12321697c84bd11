//! Tenants and their API keys. Each change is written together with its entry in the audit log.

mod changes;
mod create;
mod reads;
mod tenants;

pub use changes::Rotation;
pub use create::{KeyRefusal, NewApiKey, TenantChoice};
pub use reads::{KeyFilter, KeyLookup};

use super::db::{DbError, Row};
use super::documents::parsed;
use crate::model::{ApiKey, KeyKind, Tenant, Timestamp};

macro_rules! key_columns {
    () => {
        "id, tenant, name, scopes, kind, created_at, expires_at, last_used_at, revoked_at"
    };
}
use key_columns;

fn api_key(mut row: Row) -> Result<ApiKey, DbError> {
    let moment = |millis: Option<i64>| millis.map(Timestamp::from_millis);
    let scopes: String = row.take(3)?;
    let kind: String = row.take(4)?;
    Ok(ApiKey {
        id: parsed(&row.take::<String>(0)?)?,
        tenant: Tenant::stored(row.take(1)?),
        name: row.take(2)?,
        scopes: parsed(&scopes)?,
        kind: KeyKind::named(&kind).ok_or_else(|| DbError::Schema(format!("a kind of key {kind}")))?,
        created_at: Timestamp::from_millis(row.take(5)?),
        expires_at: moment(row.take(6)?),
        last_used_at: moment(row.take(7)?),
        revoked_at: moment(row.take(8)?),
    })
}
