use std::collections::HashMap;

use super::{OldDatabase, OldTable, Remark};
use crate::model::{Priority, Timestamp};
use crate::store::db::DbError;

/// The jobs of version 2.1 that had not come to an end, by the document's id there.
#[derive(Default)]
pub struct OldJobs(HashMap<String, OldJob>);

/// A job that had not come to an end.
#[derive(Debug, Clone)]
pub(super) struct OldJob {
    pub(super) priority: Priority,
    pub(super) scheduled_at: Option<Timestamp>,
}

impl OldJobs {
    /// Reads them, with what was wrong with them.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] when the file is damaged.
    pub async fn read(old: &OldDatabase) -> Result<(Self, Vec<Remark>), DbError> {
        let (mut jobs, mut remarks) = (HashMap::new(), Vec::new());
        let mut after = Some(i64::MIN);
        while let Some(row) = after {
            let block = old.block(OldTable::Jobs, row).await?;
            for mut fields in block.rows {
                let status = fields.text("status").unwrap_or_default();
                let document = fields.text("document_id");
                if matches!(status.as_str(), "completed" | "failed") {
                    continue;
                }
                let Some(document) = document.filter(|id| !id.is_empty()) else {
                    fields.remark("it names no document and is left out");
                    remarks.extend(fields.into_remarks());
                    continue;
                };
                let job = OldJob {
                    priority: priority(fields.whole("priority", 1..=10, 5)),
                    scheduled_at: fields
                        .moment("scheduled_at")
                        .or_else(|| fields.moment("created_at")),
                };
                jobs.insert(document, job);
                remarks.extend(fields.into_remarks());
            }
            after = block.next;
        }
        Ok((Self(jobs), remarks))
    }

    pub(super) fn of(&self, document: &str) -> Option<&OldJob> {
        self.0.get(document)
    }
}

pub(super) fn priority(number: i64) -> Priority {
    number.to_string().parse().unwrap_or_default()
}
