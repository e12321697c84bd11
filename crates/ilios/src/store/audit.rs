use super::db::{DbError, Row, Tx};
use super::documents::parsed;
use super::lists::{page, place_values};
use super::{Cursor, ListPage, Store, StoreError, TimeRange};
use crate::model::{AuditEntry, NewAudit, Timestamp};

impl Store {
    /// Adds an entry to the audit log.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn audit(&self, entry: NewAudit) -> Result<(), StoreError> {
        let added = self.db.write(|tx| Box::pin(insert_audit(tx, entry)));
        Ok(added.await?)
    }

    /// The entries of the audit log within `range`, newest first, at most `limit` after `after`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn audit_log(
        &self,
        range: TimeRange,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<ListPage<AuditEntry>, StoreError> {
        let mut values = range.values().to_vec();
        values.extend(place_values(after, limit));
        let sql = "SELECT id, created_at, actor, action, subject, details FROM audit_log
             WHERE created_at >= ?1 AND created_at <= ?2 AND (created_at, id) < (?3, ?4)
             ORDER BY created_at DESC, id DESC LIMIT ?5";
        let rows = self.db.latest().await?.all(sql, values, entry).await?;
        Ok(page(rows, limit, |entry| (entry.created_at, &entry.id)))
    }
}

/// Adds an entry within the transaction of what it records.
pub(super) async fn insert_audit(tx: &mut Tx, entry: NewAudit) -> Result<(), DbError> {
    let now = tx.now().as_millis();
    tx.run(
        "INSERT INTO audit_log (id, created_at, actor, action, subject, details) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        vec![
            entry.id.as_str().into(),
            now.into(),
            entry.actor.text().into(),
            entry.action.as_str().into(),
            entry.subject.into(),
            entry.details.trim().into(),
        ],
    )
    .await
}

fn entry(mut row: Row) -> Result<AuditEntry, DbError> {
    Ok(AuditEntry {
        id: parsed(&row.take::<String>(0)?)?,
        created_at: Timestamp::from_millis(row.take(1)?),
        actor: row.take(2)?,
        action: row.take(3)?,
        subject: row.take(4)?,
        details: row.take(5)?,
    })
}
