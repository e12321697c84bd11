//! A local replica of a libSQL primary: reads run on the replica, writes at the primary.
//!
//! ```text
//! read  ──> LocalReplica ──> ReplicaFile <── sync (libSQL, frames) ── primary
//!             waits until own writes are in it                          ^
//! write ──> Sessions ──> PrimaryTx ──> Stream (Hrana 3 over HTTP) ──────┘
//!             at most MAX_SESSIONS at once; begin, statements, commit: one round trip each
//! ```
//!
//! - A write runs in a task of its own (`run_detached`) and again while it fails with `Failed::Retry`, up to
//!   `retry_timeout`: other transactions were in the way, or the stream broke before the commit was sent.
//! - Each commit writes its number into the session's row of `commit_marks` in the same transaction. When the response to
//!   a commit is lost (`PrimaryError::maybe_committed`), `CommitMark::committed` sets the
//!   row's `fenced` flag from another session: a commit that is still under way then violates the row's check and can no
//!   longer succeed, and the stored number tells whether it had succeeded before. This is the fence: a transaction is
//!   never run again while it may still commit.
//! - `LocalReplica` numbers the requested synchronizations. A reader waits for the one that shows this node's last write;
//!   `catch_up` requests one, to see what other nodes have written.
//! - A damaged replica, one with another key, and one that was written before a reboot (libSQL does not wait for the disk)
//!   are deleted and fetched anew, never repaired. While the primary is away, the replica is served as it is and writes
//!   fail as unavailable.

mod commit;
mod connector;
mod hrana;
mod local_replica;
mod primary_client;
mod primary_error;
mod primary_time;
mod replica_file;
mod session;
mod text_compression;
mod transaction;

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::transaction_retry::{Failed, resolve_commit, run_detached, run_until_settled};
use super::{DbError, Tx};
use crate::crash_point;
use crate::model::{Clock, Secret};
use commit::Commit;
use local_replica::LocalReplica;
use primary_client::PrimaryClient;
use primary_error::Fault;
use primary_time::PrimaryTime;
use session::Sessions;

pub use replica_file::is_copy;
pub(super) use transaction::PrimaryTx;

/// Time for which the last synchronization is waited for.
const LAST_SYNC_TIMEOUT: Duration = Duration::from_secs(4);

/// Settings of a primary and its replica.
#[derive(Clone)]
pub struct ReplicaSettings {
    /// The copy.
    pub file: PathBuf,
    /// Encryption key of the replica.
    pub key: Option<Secret>,
    /// The primary: `libsql://…`, `https://…` or `http://…`.
    pub url: String,
    /// Access token of the primary.
    pub token: Option<Secret>,
    /// Interval between synchronizations that no request asks for.
    pub sync_interval: Duration,
    /// Time for which an operation is retried while the primary is away or overloaded.
    pub retry_timeout: Duration,
    /// The time, where it is not to be the primary's: for tests.
    pub clock: Option<Arc<dyn Clock>>,
}

/// A primary and the local copy of it.
#[derive(Clone)]
pub struct Replica {
    sessions: Sessions,
    copy: Arc<LocalReplica>,
    time: Arc<PrimaryTime>,
    retry_timeout: Duration,
    running: TaskTracker,
    /// Task that keeps the replica up to date, until `stop`.
    synchronizer: TaskTracker,
    stop: CancellationToken,
    /// Keeps other processes off the copy.
    _lock: Arc<File>,
}

impl Replica {
    /// Opens the copy. Without one that holds something, waits up to the settings' `retry_timeout` for the primary.
    pub(super) async fn open(settings: &ReplicaSettings) -> Result<Self, DbError> {
        let lock = replica_file::lock(&settings.file)?;
        let primary = PrimaryClient::new(&settings.url, settings.token.as_ref())?;
        let sessions = Sessions::new(primary, settings.retry_timeout);
        let time = Arc::new(PrimaryTime::new(settings.clock.clone()));
        let clock: Arc<dyn Clock> = Arc::clone(&time) as Arc<dyn Clock>;
        let copy = run_until_settled(settings.retry_timeout, || {
            open_copy(settings, &sessions.primary, &clock)
        })
        .await?;
        let replica = Self {
            sessions,
            copy: Arc::new(copy),
            time,
            retry_timeout: settings.retry_timeout,
            running: TaskTracker::new(),
            synchronizer: TaskTracker::new(),
            stop: CancellationToken::new(),
            _lock: Arc::new(lock),
        };
        let (copy, stop) = (Arc::clone(&replica.copy), replica.stop.clone());
        replica
            .synchronizer
            .spawn(async move { copy.keep_synchronized(stop).await });
        replica.synchronizer.close();
        Ok(replica)
    }

    pub(super) async fn write<T, F>(&self, work: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, DbError>> + Clone + Send + 'static,
    {
        let replica = self.clone();
        run_detached(&self.running, async move {
            let replica = &replica;
            let outcome =
                run_until_settled(replica.retry_timeout, move || replica.attempt(work.clone())).await;
            if matches!(outcome, Err(DbError::Unavailable(_))) {
                replica.copy.note_write_failure();
            }
            outcome
        })
        .await
    }

    pub(super) async fn read<T, F>(&self, work: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, DbError>> + Send + 'static,
    {
        self.copy.read(work).await
    }

    pub(super) async fn catch_up(&self, recent: Duration) -> Result<bool, DbError> {
        self.copy.catch_up(recent).await
    }

    /// Reason nothing can be written at this moment.
    pub(super) async fn degraded(&self) -> Option<String> {
        match self.sessions.primary.ping().await {
            Ok(_) => None,
            Err(error) if error.fault == Fault::Refused => Some(error.text),
            // Clients need not know the primary's address.
            Err(_) => Some("the primary does not answer".into()),
        }
    }

    pub(super) fn age(&self) -> Option<Duration> {
        self.copy.age()
    }

    pub(super) async fn close(self) {
        self.running.close();
        self.running.wait().await;
        self.stop.cancel();
        // Without a primary libSQL takes that long to give up.
        if tokio::time::timeout(LAST_SYNC_TIMEOUT, self.synchronizer.wait())
            .await
            .is_err()
        {
            tracing::debug!("a synchronization was not waited for");
        }
        self.copy.close().await;
    }

    async fn attempt<T, F>(&self, work: F) -> Result<T, Failed>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, DbError>>,
    {
        let used = self.sessions.take().await?;
        let mut tx = Tx::Primary(Box::new(PrimaryTx::begin(used, &self.time).await?));
        let outcome = work(&mut tx).await;
        let Tx::Primary(tx) = tx else {
            return Err(Failed::Final(DbError::Schema(
                "another backend's transaction".into(),
            )));
        };
        let value = match outcome {
            Ok(value) => value,
            Err(error) => return Err(tx.roll_back(error).await),
        };
        let wrote = tx.wrote();
        crash_point::reach("before_commit");
        let committed = tx.commit().await;
        crash_point::reach("after_commit");
        let frame = match committed {
            Commit::Done(frame) => frame,
            Commit::Refused(error) => return Err(error),
            Commit::Unknown(mark) => {
                resolve_commit(|| mark.committed(&self.sessions.primary)).await?;
                None
            }
        };
        if wrote {
            self.copy.note_write(frame.unwrap_or_default());
        }
        Ok(value)
    }
}

/// Opens the copy; as long as it holds nothing, the primary has to answer.
async fn open_copy(
    settings: &ReplicaSettings,
    primary: &Arc<PrimaryClient>,
    clock: &Arc<dyn Clock>,
) -> Result<LocalReplica, Failed> {
    let reached = primary.ping().await;
    let answered = reached.as_ref().ok().copied();
    let copy = LocalReplica::open(settings, Arc::clone(primary), Arc::clone(clock), answered).await;
    let copy = copy.map_err(Failed::Final)?;
    if let Err(mut error) = reached
        && !copy.is_filled().await
    {
        copy.close().await;
        error.text += ", and there is no copy of it yet";
        return Err(error.failed());
    }
    Ok(copy)
}
