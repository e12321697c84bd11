use super::fields::Fields;
use super::jobs::priority;
use super::{OldBatch, Remark};
use crate::model::{Batch, Progress, Status, Timestamp};

impl OldBatch {
    /// Of a row; what has no moment of its own is of `now`.
    #[must_use]
    pub fn of(mut row: Fields, now: Timestamp) -> (Self, Vec<Remark>) {
        let status: Option<Status> = row.text("status").and_then(|text| text.parse().ok());
        let ended = row.moment("completed_at");
        let batch = Batch {
            id: row.id(),
            tenant: row.tenant(),
            priority: priority(row.whole("priority", 1..=10, 5)),
            // Told by its documents, once they are all there.
            status: Status::Processing,
            created_at: row.moment("created_at").or(ended).unwrap_or(now),
            completed_at: None,
            progress: Progress::default(),
        };
        let old = Self {
            ended_at: ended.filter(|moment| *moment >= batch.created_at),
            failed: status == Some(Status::Failed),
            batch,
        };
        (old, row.into_remarks())
    }
}
