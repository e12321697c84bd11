use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::super::DbError;
use super::Failed;
use super::fault::{Fault, Trouble};
use super::hrana::Batch;
use super::stream::{Stream, Way};

/// Transactions of this process at the primary at once. There is one writer, so more would only wait for longer; with
/// several a slow one does not hold up those that come between its statements and others' commits.
const SESSIONS: usize = 4;

/// One row a session: the number of its last commit. A row that is fenced takes no more.
const MARKS: &str = "CREATE TABLE IF NOT EXISTS commit_marks (
    id          TEXT PRIMARY KEY,
    number      BIGINT NOT NULL DEFAULT 0 CHECK (number >= 0),
    fenced      BIGINT NOT NULL DEFAULT 0,
    opened_at   BIGINT NOT NULL
)";
const FORGET: &str = "DELETE FROM commit_marks WHERE opened_at < unixepoch() - 86400";
const INTRODUCE: &str = "INSERT INTO commit_marks (id, opened_at)
    VALUES (lower(hex(randomblob(16))), unixepoch()) RETURNING id";
const FOREIGN_KEYS: &str = "PRAGMA foreign_keys = ON";

/// The sessions with a primary.
#[derive(Clone)]
pub(super) struct Sessions {
    pub(super) way: Arc<Way>,
    free: Arc<Mutex<Vec<Session>>>,
    permits: Arc<Semaphore>,
    patience: Duration,
}

/// A stream with the row that tells its commits.
#[derive(Default)]
pub(super) struct Session {
    pub(super) stream: Stream,
    /// The row; none before the first transaction.
    pub(super) mark: Option<String>,
    pub(super) commits: i64,
}

/// A session in use. It is given back when it is dropped, without its stream when that is in the middle of something.
pub(super) struct InUse {
    pub(super) session: Session,
    /// Whether no transaction is open.
    pub(super) clean: bool,
    sessions: Sessions,
    _permit: OwnedSemaphorePermit,
}

impl Sessions {
    pub(super) fn new(way: Way, patience: Duration) -> Self {
        Self {
            way: Arc::new(way),
            free: Arc::default(),
            permits: Arc::new(Semaphore::new(SESSIONS)),
            patience,
        }
    }

    /// A session that nobody else uses, with a row of its own.
    pub(super) async fn take(&self) -> Result<InUse, Failed> {
        let busy = || {
            Failed::Final(DbError::Unavailable(
                "all sessions with the primary are in use".into(),
            ))
        };
        let permit = tokio::time::timeout(self.patience, Arc::clone(&self.permits).acquire_owned()).await;
        let permit = permit.map_err(|_| busy())?.map_err(|_| busy())?;
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut used = InUse {
            session: free.unwrap_or_default(),
            clean: true,
            sessions: self.clone(),
            _permit: permit,
        };
        if used.session.mark.is_none() {
            used.clean = false;
            used.introduce().await?;
            used.clean = true;
        }
        Ok(used)
    }
}

impl InUse {
    pub(super) fn way(&self) -> Arc<Way> {
        Arc::clone(&self.sessions.way)
    }

    /// The statements that begin a round, with the settings of a new connection.
    pub(super) fn begin(&mut self) -> Batch {
        let batch = Batch::new();
        if self.session.stream.is_new() {
            return batch
                .first(FOREIGN_KEYS)
                .then("BEGIN IMMEDIATE".into(), Vec::new());
        }
        batch.first("BEGIN IMMEDIATE")
    }

    async fn introduce(&mut self) -> Result<(), Failed> {
        let batch = self.begin();
        let batch = batch
            .then(MARKS.into(), Vec::new())
            .then(FORGET.into(), Vec::new())
            .then("PRAGMA foreign_keys".into(), Vec::new())
            .then(INTRODUCE.into(), Vec::new());
        let inserted = batch.steps.len();
        let batch = batch.commit();
        let committed = inserted + 1;
        let result = self
            .session
            .stream
            .batch(&self.sessions.way, &[batch.request()])
            .await;
        let mut result = result.map_err(|trouble| trouble.failed())?;
        let mut step = |number: usize| result.step_results.get_mut(number).and_then(Option::take);
        let (keys, mark) = (step(inserted - 2), step(inserted - 1));
        result.last(committed).map_err(|trouble| trouble.failed())?;
        let (Some(keys), Some(mark)) = (keys, mark) else {
            let text = "the primary answers less than it was asked";
            return Err(Trouble::new(Fault::Refused, text).failed());
        };
        if keys.only::<i64>().map_err(Failed::Final)? != 1 {
            let text = "the primary does not enforce foreign keys";
            return Err(Trouble::new(Fault::Refused, text).failed());
        }
        self.session.mark = Some(mark.only().map_err(Failed::Final)?);
        self.session.commits = 0;
        Ok(())
    }
}

impl Drop for InUse {
    fn drop(&mut self) {
        let mut session = std::mem::take(&mut self.session);
        if !self.clean {
            // The primary ends what is open when somebody else wants to write, or the stream has been idle.
            session.stream = Stream::default();
        }
        let mut free = self.sessions.free.lock().unwrap_or_else(PoisonError::into_inner);
        free.push(session);
    }
}
