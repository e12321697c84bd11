use super::db::{DbError, Row};
use super::documents::{DOCUMENT, document, parsed};
use super::lists::filtered;
use super::{Cursor, DocumentFilter, ListPage, Store, StoreError};
use crate::model::{Document, Id, Status, Tenant, Timestamp};

/// Names that one search looks at, so that its cost is bounded.
const MAX_NAMES: u32 = 10_000;

/// As `select_documents!`, of what a search looks at.
macro_rules! select_names {
    ($($rest:literal),+) => { concat!("SELECT d.id, d.created_at, d.file_name", $($rest),+) };
}

impl Store {
    /// The documents of `tenant` with `part` in their name in whatever case, newest first, at most `limit` after
    /// `after`. Names are compared here, since databases differ in what they hold for the same letter. At most 10,000
    /// are looked at: a page with a next one may have fewer rows than `limit`, or none.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn find_documents(
        &self,
        tenant: &Tenant,
        filter: &DocumentFilter,
        part: &str,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<ListPage<Document>, StoreError> {
        let sql = filtered!(filter, select_names);
        let values = filter.values(tenant, after, MAX_NAMES);
        let (part, tenant) = (part.to_lowercase(), tenant.clone());
        let found = self.db.read(move |tx| {
            Box::pin(async move {
                let names = tx.all(sql, values, name).await?;
                let (ids, next) = matching(&names, &part, limit as usize);
                let mut rows = Vec::with_capacity(ids.len());
                for id in ids {
                    let values = vec![id.as_str().into(), tenant.as_str().into()];
                    rows.extend(tx.one(DOCUMENT, values, document).await?);
                }
                Ok(ListPage { rows, next })
            })
        });
        Ok(found.await?)
    }
}

/// A document's place in the list, and its name.
type Name = (Cursor, String);

fn name(mut row: Row) -> Result<Name, DbError> {
    let cursor = Cursor {
        id: parsed(&row.take::<String>(0)?)?,
        created_at: Timestamp::from_millis(row.take(1)?),
    };
    Ok((cursor, row.take(2)?))
}

/// Ids of the first `limit` names with `part` in them, and the place behind which the search goes on, if there is more.
fn matching<'a>(names: &'a [Name], part: &str, limit: usize) -> (Vec<&'a Id>, Option<Cursor>) {
    let looked_at = names.len().min(MAX_NAMES as usize);
    let mut ids = Vec::new();
    for (at, (cursor, name)) in names.iter().take(looked_at).enumerate() {
        if name.to_lowercase().contains(part) {
            ids.push(&cursor.id);
            if ids.len() == limit && at + 1 < names.len() {
                return (ids, Some(cursor.clone()));
            }
        }
    }
    let last = names
        .get(looked_at.wrapping_sub(1))
        .filter(|_| names.len() > looked_at);
    (ids, last.map(|(cursor, _)| cursor.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(count: usize) -> Vec<Name> {
        let cursor = |at: usize| Cursor {
            created_at: Timestamp::from_millis(1),
            id: format!("d{at:023}").parse().expect("an id"),
        };
        (0..count)
            .map(|at| (cursor(at), format!("Report {at}.pdf")))
            .collect()
    }

    #[test]
    fn a_page_ends_with_its_limit_and_goes_on_behind_it() {
        let names = names(30);
        let (ids, next) = matching(&names, "report 1", 5);
        assert_eq!(ids.len(), 5);
        assert_eq!(next.map(|next| next.id), Some(names[13].0.id.clone()));
        assert_eq!(matching(&names, "report 1", 11).1, Some(names[19].0.clone()));
        assert_eq!(matching(&names, "report 29", 1).1, None, "it is the last one");
    }

    #[test]
    fn a_search_that_looked_at_enough_goes_on_with_the_next() {
        let many = names(MAX_NAMES as usize + 1);
        let (ids, next) = matching(&many, "nothing", 50);
        assert!(ids.is_empty());
        assert_eq!(next, Some(many[MAX_NAMES as usize - 1].0.clone()));
        assert_eq!(matching(&[], "nothing", 50), (Vec::new(), None));
    }
}
