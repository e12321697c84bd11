use super::db::Row;
use super::{Store, StoreError};
use crate::model::{Status, Tenant};

/// Number of documents by status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DocumentCounts {
    /// Those that wait.
    pub pending: u64,
    /// Those that are converted.
    pub processing: u64,
    /// Those that have a result.
    pub completed: u64,
    /// Those that were given up.
    pub failed: u64,
    /// Those whose result was archived.
    pub archived: u64,
}

/// All documents are counted by one index, those that are not completed by another, which leaves out the completed ones.
const COUNTS: &str = "SELECT others.status, COUNT(*) FROM
         (SELECT status FROM documents WHERE tenant = ?1 AND status <> 'completed' LIMIT ?2) AS others
     GROUP BY others.status
     UNION ALL SELECT 'completed', COUNT(*) FROM (SELECT 1 FROM documents WHERE tenant = ?1 LIMIT ?2) AS every_one";

impl Store {
    /// Counts the documents of `tenant` by status; at most `limit` documents, so that the cost is bounded.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn document_counts(&self, tenant: &Tenant, limit: u64) -> Result<DocumentCounts, StoreError> {
        let values = vec![tenant.as_str().into(), limit.into()];
        let count = |mut row: Row| Ok((row.take::<String>(0)?, row.take::<u64>(1)?));
        let mut counts = DocumentCounts::default();
        let (mut all, mut others) = (0, 0);
        for (status, count) in self.db.all(COUNTS, values, count).await? {
            let place = match status.parse() {
                Ok(Status::Pending) => &mut counts.pending,
                Ok(Status::Processing) => &mut counts.processing,
                Ok(Status::Failed) => &mut counts.failed,
                Ok(Status::Archived) => &mut counts.archived,
                Ok(Status::Completed) => {
                    all = count;
                    continue;
                }
                // A status of a later version counts among the rest.
                Err(_) => continue,
            };
            *place = count;
            others += count;
        }
        counts.completed = all.saturating_sub(others);
        Ok(counts)
    }
}
