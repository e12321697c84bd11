use super::batches::{batch, select_batches};
use super::db::Value;
use super::documents::{document, select_documents};
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

/// A part of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListPage<T> {
    /// Newest first.
    pub rows: Vec<T>,
    /// Cursor of the next page, if there is one.
    pub next: Option<Cursor>,
}

/// Range of the creation times of rows.
#[derive(Debug, Clone, Copy, Default)]
pub struct TimeRange {
    /// Those of this moment or later.
    pub from: Option<Timestamp>,
    /// Those of this moment or earlier.
    pub to: Option<Timestamp>,
}

impl TimeRange {
    /// The parameters of `created_at >= ? AND created_at <= ?`.
    pub(super) fn values(self) -> [Value; 2] {
        [
            self.from.map_or(i64::MIN, Timestamp::as_millis).into(),
            self.to.map_or(i64::MAX, Timestamp::as_millis).into(),
        ]
    }
}

/// Filter of listed documents.
#[derive(Debug, Clone, Default)]
pub struct DocumentFilter {
    /// Those with this status.
    pub status: Option<Status>,
    /// Those of this batch.
    pub batch: Option<Id>,
    /// Those that were created within this range.
    pub range: TimeRange,
}

/// Filter of listed batches.
#[derive(Debug, Clone, Copy, Default)]
pub struct BatchFilter {
    /// Those with this status.
    pub status: Option<Status>,
}

/// A statement for the documents of a filter, newest first, that selects with a macro as `select_documents!`. One text
/// a combination of filters, each served by an index of its own.
#[rustfmt::skip]
macro_rules! filtered {
    ($filter:expr, $select:ident) => {{
        macro_rules! list {
            ($condition:literal) => {
                $select!(
                    " FROM documents d
                      WHERE d.tenant = ?1 AND (d.created_at, d.id) < (?2, ?3) AND d.created_at >= ?5",
                    $condition,
                    " ORDER BY d.created_at DESC, d.id DESC LIMIT ?4"
                )
            };
        }
        match (&$filter.batch, $filter.status) {
            (None, None) => list!(""),
            // The index by status leaves out the completed documents, which are most.
            (None, Some(Status::Completed)) => list!(" AND d.status = ?6"),
            (None, Some(_)) => list!(" AND d.status = ?6 AND d.status <> 'completed'"),
            (Some(_), None) => list!(" AND d.batch_id = ?6"),
            (Some(_), Some(_)) => list!(" AND d.batch_id = ?6 AND d.status = ?7"),
        }
    }};
}
pub(super) use filtered;

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
        let sql = filtered!(filter, select_documents);
        let values = filter.values(tenant, after, limit);
        let rows = self.db.all(sql, values, document).await?;
        Ok(page(rows, limit, |row| (row.created_at, &row.id)))
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
            select_batches!(
                " FROM batches b WHERE b.tenant = ?1 AND (b.created_at, b.id) < (?2, ?3) AND b.status = ?5
                  ORDER BY b.created_at DESC, b.id DESC LIMIT ?4"
            )
        } else {
            select_batches!(
                " FROM batches b WHERE b.tenant = ?1 AND (b.created_at, b.id) < (?2, ?3)
                  ORDER BY b.created_at DESC, b.id DESC LIMIT ?4"
            )
        };
        let mut values = page_values(tenant, after, limit);
        values.extend(filter.status.map(|status| status.as_str().into()));
        let rows = self.db.all(sql, values, batch).await?;
        Ok(page(rows, limit, |row| (row.created_at, &row.id)))
    }
}

impl DocumentFilter {
    /// The parameters of a statement of `filtered!`. The end of the range is a place in the list like any other.
    pub(super) fn values(&self, tenant: &Tenant, after: Option<Cursor>, limit: u32) -> Vec<Value> {
        let TimeRange { from, to } = self.range;
        let end = to.map_or(i64::MAX, |to| to.as_millis().saturating_add(1));
        let (moment, id) = match after.filter(|cursor| cursor.created_at.as_millis() < end) {
            Some(cursor) => (cursor.created_at.as_millis(), cursor.id.to_string()),
            None => (end, String::new()),
        };
        let from = from.map_or(i64::MIN, Timestamp::as_millis);
        let tenant = tenant.as_str();
        let mut values: Vec<Value> = vec![
            tenant.into(),
            moment.into(),
            id.into(),
            (limit + 1).into(),
            from.into(),
        ];
        values.extend(self.batch.as_ref().map(|batch| batch.as_str().into()));
        values.extend(self.status.map(|status| status.as_str().into()));
        values
    }
}

/// The parameters ?1 to ?4 of every list.
fn page_values(tenant: &Tenant, after: Option<Cursor>, limit: u32) -> Vec<Value> {
    let mut values = vec![tenant.as_str().into()];
    values.extend(place_values(after, limit));
    values
}

/// The parameters of `(created_at, id) < (?, ?) … LIMIT ?`.
pub(super) fn place_values(after: Option<Cursor>, limit: u32) -> [Value; 3] {
    let (moment, id) = after.map_or((i64::MAX, String::new()), |cursor| {
        (cursor.created_at.as_millis(), cursor.id.to_string())
    });
    [moment.into(), id.into(), (limit + 1).into()]
}

/// Cuts off the row that only tells whether there is more.
pub(super) fn page<T>(mut rows: Vec<T>, limit: u32, place: impl Fn(&T) -> (Timestamp, &Id)) -> ListPage<T> {
    let limit = limit as usize;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let last = rows.last().filter(|_| more).map(place);
    let next = last.map(|(created_at, id)| Cursor {
        created_at,
        id: id.clone(),
    });
    ListPage { rows, next }
}
