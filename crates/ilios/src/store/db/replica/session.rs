use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::super::DbError;
use super::Failed;
use super::hrana::Batch;
use super::primary_client::{PrimaryClient, Stream};
use super::primary_error::{Fault, PrimaryError};

/// Transactions of this process at the primary at once. There is one writer, so more would only wait for longer; with
/// several a slow one does not hold up those that come between its statements and others' commits.
const MAX_SESSIONS: usize = 4;

/// One row a session: the number of its last commit. A row that is fenced takes no more.
const CREATE_COMMIT_MARKS: &str = "CREATE TABLE IF NOT EXISTS commit_marks (
    id          TEXT PRIMARY KEY,
    number      BIGINT NOT NULL DEFAULT 0 CHECK (number >= 0),
    fenced      BIGINT NOT NULL DEFAULT 0,
    opened_at   BIGINT NOT NULL
)";
const DELETE_OLD_MARKS: &str = "DELETE FROM commit_marks WHERE opened_at < unixepoch() - 86400";
const INSERT_MARK: &str = "INSERT INTO commit_marks (id, opened_at)
    VALUES (lower(hex(randomblob(16))), unixepoch()) RETURNING id";
const FOREIGN_KEYS: &str = "PRAGMA foreign_keys = ON";

/// The sessions with a primary.
#[derive(Clone)]
pub(super) struct Sessions {
    pub(super) primary: Arc<PrimaryClient>,
    free: Arc<Mutex<Vec<Session>>>,
    permits: Arc<Semaphore>,
    retry_timeout: Duration,
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
    /// True if no transaction is open.
    pub(super) is_clean: bool,
    sessions: Sessions,
    _permit: OwnedSemaphorePermit,
}

impl Sessions {
    pub(super) fn new(primary: PrimaryClient, retry_timeout: Duration) -> Self {
        Self {
            primary: Arc::new(primary),
            free: Arc::default(),
            permits: Arc::new(Semaphore::new(MAX_SESSIONS)),
            retry_timeout,
        }
    }

    /// Takes a free session, with a row of its own.
    pub(super) async fn take(&self) -> Result<InUse, Failed> {
        let busy = || {
            Failed::Final(DbError::Unavailable(
                "all sessions with the primary are in use".into(),
            ))
        };
        let permit =
            tokio::time::timeout(self.retry_timeout, Arc::clone(&self.permits).acquire_owned()).await;
        let permit = permit.map_err(|_| busy())?.map_err(|_| busy())?;
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut used = InUse {
            session: free.unwrap_or_default(),
            is_clean: true,
            sessions: self.clone(),
            _permit: permit,
        };
        if used.session.mark.is_none() {
            used.is_clean = false;
            used.register().await?;
            used.is_clean = true;
        }
        Ok(used)
    }
}

impl InUse {
    pub(super) fn primary(&self) -> Arc<PrimaryClient> {
        Arc::clone(&self.sessions.primary)
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

    async fn register(&mut self) -> Result<(), Failed> {
        let batch = self.begin();
        let batch = batch
            .then(CREATE_COMMIT_MARKS.into(), Vec::new())
            .then(DELETE_OLD_MARKS.into(), Vec::new())
            .then("PRAGMA foreign_keys".into(), Vec::new())
            .then(INSERT_MARK.into(), Vec::new());
        let inserted = batch.steps.len();
        let batch = batch.commit();
        let committed = inserted + 1;
        let result = self
            .session
            .stream
            .batch(&self.sessions.primary, &[batch.request()])
            .await;
        let mut result = result.map_err(|error| error.failed())?;
        let mut step = |number: usize| result.step_results.get_mut(number).and_then(Option::take);
        let (keys, mark) = (step(inserted - 2), step(inserted - 1));
        result.last(committed).map_err(|error| error.failed())?;
        let (Some(keys), Some(mark)) = (keys, mark) else {
            let text = "the primary answers less than it was asked";
            return Err(PrimaryError::new(Fault::Refused, text).failed());
        };
        if keys.only::<i64>().map_err(Failed::Final)? != 1 {
            let text = "the primary does not enforce foreign keys";
            return Err(PrimaryError::new(Fault::Refused, text).failed());
        }
        self.session.mark = Some(mark.only().map_err(Failed::Final)?);
        self.session.commits = 0;
        Ok(())
    }
}

impl Drop for InUse {
    fn drop(&mut self) {
        let mut session = std::mem::take(&mut self.session);
        if !self.is_clean {
            // The primary ends what is open when another session wants to write, or the stream has been idle.
            session.stream = Stream::default();
        }
        let mut free = self.sessions.free.lock().unwrap_or_else(PoisonError::into_inner);
        free.push(session);
    }
}
