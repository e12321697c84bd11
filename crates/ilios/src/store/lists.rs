use super::batches::{batch, batch_columns};
use super::db::Value;
use super::documents::{document, document_columns};
use super::{Store, StoreError};
use crate::model::{Batch, Document, Id, Status, Tenant, Timestamp};

/// A place in a list that is sorted by time, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// Creation time of the last row that was seen.
    pub created_at: Timestamp,
    /// Its id.
    pub id: Id,
}

impl Cursor {
    /// The creation time and the id as parameters of a statement; without a cursor those before which all rows lie.
    pub(super) fn values(after: Option<Self>) -> (Value, Value) {
        match after {
            Some(cursor) => (cursor.created_at.as_millis().into(), cursor.id.as_str().into()),
            None => (i64::MAX.into(), String::new().into()),
        }
    }
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListPage<T> {
    /// Newest first.
    pub rows: Vec<T>,
    /// Cursor of the next page, if there is one.
    pub next: Option<Cursor>,
}

/// Filter of listed documents.
#[derive(Debug, Clone, Default)]
pub struct DocumentFilter {
    /// Those with this status.
    pub status: Option<Status>,
    /// Those of this batch.
    pub batch: Option<Id>,
}

/// Filter of listed batches.
#[derive(Debug, Clone, Copy, Default)]
pub struct BatchFilter {
    /// Those with this status.
    pub status: Option<Status>,
}

impl Store {
    /// The documents of `tenant`, newest first, at most `limit` after `after`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn documents(
        &self,
        tenant: &Tenant,
        filter: &DocumentFilter,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<ListPage<Document>, StoreError> {
        let sql = statement(filter);
        let mut values = page_values(tenant, after, limit);
        let of_batch = filter.batch.as_ref().map(|batch| batch.as_str().into());
        values.extend(of_batch.or_else(|| filter.status.map(|status| status.as_str().into())));
        if filter.batch.is_some() {
            values.extend(filter.status.map(|status| status.as_str().into()));
        }
        let rows = self.db.all(sql, values, document).await?;
        Ok(page(rows, limit, |row| Cursor {
            created_at: row.created_at,
            id: row.id.clone(),
        }))
    }

    /// The batches of `tenant`, newest first, at most `limit` after `after`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn batches(
        &self,
        tenant: &Tenant,
        filter: BatchFilter,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<ListPage<Batch>, StoreError> {
        let sql = if filter.status.is_some() {
            concat!(
                "SELECT ",
                batch_columns!(),
                " FROM batches b WHERE b.tenant = ?1 AND (b.created_at, b.id) < (?2, ?3) AND b.status = ?5
                  ORDER BY b.created_at DESC, b.id DESC LIMIT ?4"
            )
        } else {
            concat!(
                "SELECT ",
                batch_columns!(),
                " FROM batches b WHERE b.tenant = ?1 AND (b.created_at, b.id) < (?2, ?3)
                  ORDER BY b.created_at DESC, b.id DESC LIMIT ?4"
            )
        };
        let mut values = page_values(tenant, after, limit);
        values.extend(filter.status.map(|status| status.as_str().into()));
        let rows = self.db.all(sql, values, batch).await?;
        Ok(page(rows, limit, |row| Cursor {
            created_at: row.created_at,
            id: row.id.clone(),
        }))
    }
}

/// One text a combination of filters, each served by an index of its own.
fn statement(filter: &DocumentFilter) -> &'static str {
    macro_rules! list {
        ($condition:literal) => {
            concat!(
                "SELECT ",
                document_columns!(),
                " FROM documents d WHERE d.tenant = ?1 AND (d.created_at, d.id) < (?2, ?3)",
                $condition,
                " ORDER BY d.created_at DESC, d.id DESC LIMIT ?4"
            )
        };
    }
    match (&filter.batch, filter.status) {
        (None, None) => list!(""),
        // The index by status leaves out the completed documents, which are most.
        (None, Some(Status::Completed)) => list!(" AND d.status = ?5"),
        (None, Some(_)) => list!(" AND d.status = ?5 AND d.status <> 'completed'"),
        (Some(_), None) => list!(" AND d.batch_id = ?5"),
        (Some(_), Some(_)) => list!(" AND d.batch_id = ?5 AND d.status = ?6"),
    }
}

/// The parameters ?1 to ?4 of every list.
fn page_values(tenant: &Tenant, after: Option<Cursor>, limit: u32) -> Vec<Value> {
    let (moment, id) = Cursor::values(after);
    vec![tenant.as_str().into(), moment, id, (limit + 1).into()]
}

/// Cuts off the row that only tells whether there is more.
pub(super) fn page<T>(mut rows: Vec<T>, limit: u32, cursor: impl Fn(&T) -> Cursor) -> ListPage<T> {
    let limit = limit as usize;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = if more { rows.last().map(cursor) } else { None };
    ListPage { rows, next }
}
