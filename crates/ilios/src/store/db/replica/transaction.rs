use super::super::sqlite_tx::without_row_locks;
use super::super::{DbError, Row, Value};
use super::Failed;
use super::commit::{Commit, CommitMark};
use super::hrana::{Batch, Outcome, Request, StepResult};
use super::primary_error::{Fault, PrimaryError};
use super::primary_time::PrimaryTime;
use super::session::InUse;
use crate::model::Timestamp;

const SELECT_TIME: &str = "SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER)";

/// A write transaction at the primary, which has one at a time.
pub struct PrimaryTx {
    used: InUse,
    now: Timestamp,
    /// Statements that go with the next one.
    queued: Vec<(&'static str, Vec<Value>)>,
    /// True if it may have changed something.
    wrote: bool,
    /// Fault of the last statement that failed.
    fault: Option<Fault>,
}

impl PrimaryTx {
    pub(super) async fn begin(mut used: InUse, time: &PrimaryTime) -> Result<Self, Failed> {
        let batch = used.begin().then(SELECT_TIME.into(), Vec::new());
        let steps = batch.steps.len();
        used.is_clean = false;
        let result = used
            .session
            .stream
            .batch(&used.primary(), &[batch.request()])
            .await;
        let told = result.and_then(|result| result.last(steps));
        let told = told.map_err(|error| error.failed())?;
        let millis = told.only().map_err(Failed::Final)?;
        Ok(Self {
            used,
            now: time.record(Timestamp::from_millis(millis)),
            queued: Vec::new(),
            wrote: false,
            fault: None,
        })
    }

    pub(in super::super) fn now(&self) -> Timestamp {
        self.now
    }

    /// Sends a statement along with the next one, or with the commit.
    pub(in super::super) fn run(&mut self, sql: &'static str, values: Vec<Value>) {
        self.wrote = true;
        self.queued.push((sql, values));
    }

    pub(in super::super) async fn execute(
        &mut self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<u64, DbError> {
        let result = self.statement(sql, values).await?;
        self.wrote |= result.affected_row_count > 0;
        Ok(result.affected_row_count)
    }

    pub(in super::super) async fn query(
        &mut self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<Vec<Row>, DbError> {
        let result = self.statement(sql, values).await?;
        self.wrote |= result.affected_row_count > 0;
        result.rows()
    }

    pub(in super::super) async fn query_each(
        &mut self,
        sql: &'static str,
        values: Vec<Vec<Value>>,
    ) -> Result<Vec<Vec<Row>>, DbError> {
        if values.is_empty() {
            return Ok(Vec::new());
        }
        let mut batch = self.queued();
        let first = batch.steps.len();
        for values in values {
            batch = batch.then(without_row_locks(sql), values);
        }
        let steps = batch.steps.len();
        let primary = self.used.primary();
        let result = self.used.session.stream.batch(&primary, &[batch.request()]).await;
        let found = self.check(result.and_then(|result| result.all(first, steps)))?;
        self.wrote |= found.iter().any(|result| result.affected_row_count > 0);
        found.into_iter().map(StepResult::rows).collect()
    }

    pub(in super::super) async fn script(&mut self, sql: &'static str) -> Result<(), DbError> {
        self.wrote = true;
        if let Some((sql, values)) = self.queued.pop() {
            self.statement(sql, values).await?;
        }
        let primary = self.used.primary();
        let outcome = self
            .used
            .session
            .stream
            .send(&primary, &[Request::Sequence { sql }])
            .await;
        let outcome = outcome.and_then(|outcomes| match outcomes.into_iter().next() {
            Some(Outcome::Error { error }) => Err(PrimaryError::of(&error)),
            _ => Ok(()),
        });
        self.check(outcome)
    }

    async fn statement(&mut self, sql: &'static str, values: Vec<Value>) -> Result<StepResult, DbError> {
        let batch = self.queued().then(without_row_locks(sql), values);
        let steps = batch.steps.len();
        let primary = self.used.primary();
        let result = self.used.session.stream.batch(&primary, &[batch.request()]).await;
        self.check(result.and_then(|result| result.last(steps)))
    }

    fn queued(&mut self) -> Batch {
        let queued = std::mem::take(&mut self.queued).into_iter();
        queued.fold(Batch::new(), |batch, (sql, values)| {
            batch.then(without_row_locks(sql), values)
        })
    }

    /// Ends it with nothing written; tells whether running it again may help.
    pub(super) async fn roll_back(mut self, error: DbError) -> Failed {
        // With the stream the transaction is lost.
        if !self.used.session.stream.is_new() {
            let primary = self.used.primary();
            let batch = Batch::new().then("ROLLBACK".into(), Vec::new());
            let ended = self.used.session.stream.batch(&primary, &[batch.request()]).await;
            self.used.is_clean = ended.is_ok();
        }
        match (self.fault, error) {
            (Some(Fault::Away | Fault::Contended), error) => Failed::Retry(error),
            (_, error) => Failed::Final(error),
        }
    }

    /// Commits, along with what is queued. The number of the commit is written too, so that it can be asked about.
    pub(super) async fn commit(mut self) -> Commit {
        let mark = CommitMark::next(&self.used.session);
        let mut batch = self.queued();
        if self.wrote {
            let (sql, values) = mark.statement();
            batch = batch.then(sql, values);
        }
        let batch = batch.commit();
        let steps = batch.steps.len() - 1;
        let primary = self.used.primary();
        let result = self.used.session.stream.batch(&primary, &[batch.request()]).await;
        match result {
            Ok(result) => {
                // What did not commit was rolled back in the same round.
                self.used.is_clean = true;
                let frame = result
                    .replication_index
                    .as_ref()
                    .and_then(|frame| frame.parse().ok());
                match result.last(steps) {
                    Ok(_) => {
                        self.used.session.commits += i64::from(self.wrote);
                        Commit::Done(frame)
                    }
                    Err(error) => Commit::Refused(error.failed()),
                }
            }
            Err(error) if error.maybe_committed && self.wrote => {
                // Its row is about to be fenced.
                self.used.session.mark = None;
                Commit::Unknown(mark)
            }
            Err(error) => Commit::Refused(error.failed()),
        }
    }

    /// True if it may have changed something.
    pub(super) fn wrote(&self) -> bool {
        self.wrote
    }

    /// Remembers what was the matter.
    fn check<T>(&mut self, outcome: Result<T, PrimaryError>) -> Result<T, DbError> {
        outcome.map_err(|error| {
            self.fault = Some(error.fault);
            error.error()
        })
    }
}
