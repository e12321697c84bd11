use super::super::Value;
use super::Failed;
use super::hrana::{Batch, Request};
use super::primary_client::{PrimaryClient, Stream};
use super::primary_error::PrimaryError;
use super::session::Session;

/// End of a commit.
pub(super) enum Commit {
    /// The primary has it, up to this frame where it says so.
    Done(Option<u64>),
    /// Nothing was written.
    Refused(Failed),
    /// It was sent and not answered.
    Unknown(CommitMark),
}

/// A commit's own number in its session, kept in the session's row of `commit_marks`.
pub(super) struct CommitMark {
    session: String,
    number: i64,
}

impl CommitMark {
    /// Of the next commit in `session`.
    pub(super) fn next(session: &Session) -> Self {
        Self {
            session: session.mark.clone().unwrap_or_default(),
            number: session.commits + 1,
        }
    }

    /// Notes the number. In a fenced session the row's check refuses it, and with it all of the transaction.
    pub(super) fn statement(&self) -> (String, Vec<Value>) {
        let sql = "INSERT INTO commit_marks (id, number, opened_at) VALUES (?1, ?2, unixepoch())
            ON CONFLICT (id) DO UPDATE SET number = CASE WHEN fenced = 1 THEN -1 ELSE excluded.number END";
        (
            sql.to_owned(),
            vec![self.session.as_str().into(), self.number.into()],
        )
    }

    /// Asks in another session whether the commit was done. After the answer it cannot be done any more.
    pub(super) async fn committed(&self, primary: &PrimaryClient) -> Result<Option<bool>, String> {
        // Waits for a commit that is under way, and lets none begin after it.
        let fence = "INSERT INTO commit_marks (id, number, fenced, opened_at) VALUES (?1, 0, 1, unixepoch())
            ON CONFLICT (id) DO UPDATE SET fenced = 1 RETURNING number";
        let batch = Batch::new()
            .first("BEGIN IMMEDIATE")
            .then(fence.to_owned(), vec![self.session.as_str().into()])
            .commit();
        let result = Stream::default()
            .batch(primary, &[batch.request(), Request::Close])
            .await;
        let text = |error: PrimaryError| error.text;
        let mut result = result.map_err(text)?;
        let number = result.step_results.get_mut(1).and_then(Option::take);
        result.last(3).map_err(text)?;
        let number = number.ok_or("no number")?.only::<i64>();
        Ok(Some(number.map_err(|error| error.to_string())? >= self.number))
    }
}
