//! The local copy of a primary: when it is brought up to date, who waits for that, and what is done when it is
//! damaged.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::super::{DbError, Tx};
use super::ReplicaSettings;
use super::primary_client::PrimaryClient;
use super::replica_file::{self, ReplicaFile, Unusable};
use crate::model::Clock;

/// Delay after which own writes are fetched, unless a reader needs them before.
const OWN_WRITES_DELAY: Duration = Duration::from_millis(200);
/// The pause after a synchronization that failed.
const RETRY_DELAY: Duration = Duration::from_secs(1);
/// Interval between pings of the primary during a synchronization.
const PING_INTERVAL: Duration = Duration::from_millis(400);
/// The longest that a reader waits for a synchronization.
const SYNC_TIMEOUT: Duration = Duration::from_secs(10);

const PRIMARY_AWAY: &str =
    "nothing can be written at the primary; what the replica has is served until it can";

/// A local copy that is kept up to date.
pub(super) struct LocalReplica {
    settings: ReplicaSettings,
    primary: Arc<PrimaryClient>,
    clock: Arc<dyn Clock>,
    /// `None` while it is made anew.
    local: Mutex<Option<ReplicaFile>>,
    /// Number of the last requested synchronization.
    asked: AtomicU64,
    /// The one that shows what was last written here.
    own: AtomicU64,
    /// The primary's number of the last frame that was written here.
    frame: AtomicU64,
    state: watch::Sender<State>,
    urgent: Notify,
    wrote: Notify,
    damaged: AtomicBool,
}

/// Progress of synchronizations, by the numbers under which they were requested.
#[derive(Clone, Default)]
struct State {
    tried: u64,
    done: u64,
    /// Start of the last successful one.
    at: Option<Instant>,
    last_error: Option<String>,
}

impl LocalReplica {
    /// Opens the copy, and brings it up to date if the primary can be reached: if the number of its `tables` is known.
    pub(super) async fn open(
        settings: &ReplicaSettings,
        primary: Arc<PrimaryClient>,
        clock: Arc<dyn Clock>,
        tables: Option<i64>,
    ) -> Result<Self, DbError> {
        let (file, reached) = (&settings.file, tables.is_some());
        let opened = match ReplicaFile::open(settings, &clock).await {
            Ok(local) if reached && replica_file::written_before_reboot(file) => {
                local.close().await;
                tracing::info!("the machine was restarted: the replica is made anew");
                None
            }
            // libSQL would keep what was there until the primary has something.
            Ok(local) if tables == Some(0) && local.tables().await.is_ok_and(|tables| tables > 0) => {
                local.close().await;
                tracing::warn!("the primary is empty: the replica is made anew");
                None
            }
            Ok(local) => Some(local),
            Err(Unusable::Final(error)) => return Err(error),
            Err(Unusable::Damaged(text)) if reached => {
                tracing::warn!(
                    error = text,
                    "the replica is damaged or has another key, and is made anew"
                );
                None
            }
            Err(Unusable::Damaged(text)) => {
                return Err(DbError::Unavailable(format!(
                    "{} is damaged or has another key ({text}), and the primary is away, from which it could be \
                     made anew",
                    file.display()
                )));
            }
        };
        let copy = Self {
            settings: settings.clone(),
            primary,
            clock,
            local: Mutex::new(opened),
            asked: AtomicU64::new(0),
            own: AtomicU64::new(0),
            frame: AtomicU64::new(0),
            state: watch::Sender::default(),
            urgent: Notify::new(),
            wrote: Notify::new(),
            damaged: AtomicBool::new(false),
        };
        if copy.local().is_none() {
            copy.rebuild().await?;
        }
        if reached {
            copy.synchronize().await;
        } else {
            tracing::warn!("{PRIMARY_AWAY}");
        }
        Ok(copy)
    }

    /// Returns true if there is anything to read.
    pub(super) async fn is_filled(&self) -> bool {
        match self.local() {
            Some(local) => local.tables().await.is_ok_and(|tables| tables > 0),
            None => false,
        }
    }

    pub(super) async fn read<T, F>(&self, work: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, DbError>> + Send + 'static,
    {
        self.await_own_writes().await;
        let anew = || DbError::Unavailable("the replica is being made anew".into());
        let local = self.local().ok_or_else(anew)?;
        match local.read(work).await {
            Err(DbError::Damaged(text)) => {
                self.damaged.store(true, Ordering::SeqCst);
                self.urgent.notify_one();
                Err(DbError::Unavailable(text))
            }
            outcome => outcome,
        }
    }

    /// Something was written at the primary, up to its `frame`, which reads on this node have to see from now on.
    pub(super) fn note_write(&self, frame: u64) {
        self.frame.fetch_max(frame, Ordering::SeqCst);
        let number = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        self.own.fetch_max(number, Ordering::SeqCst);
        self.wrote.notify_one();
    }

    /// Something could not be written: the primary is pinged until it is back, and the log says why it is not.
    pub(super) fn note_write_failure(&self) {
        self.urgent.notify_one();
    }

    /// Brings it up to date, unless that was done within the last `recent`; answers whether it was.
    pub(super) async fn catch_up(&self, recent: Duration) -> Result<bool, DbError> {
        let fresh = self.state.borrow().at.is_some_and(|at| at.elapsed() < recent);
        if fresh {
            return Ok(false);
        }
        let number = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        let state = self.wait_for_attempt(number).await;
        let away = || DbError::Unavailable("the primary does not answer".into());
        match state {
            Some(state) if state.done >= number => Ok(true),
            Some(state) => Err(state.last_error.map_or_else(away, DbError::Unavailable)),
            None => Err(away()),
        }
    }

    /// The age of what it shows.
    pub(super) fn age(&self) -> Option<Duration> {
        self.state.borrow().at.map(|at| at.elapsed())
    }

    async fn await_own_writes(&self) {
        let own = self.own.load(Ordering::SeqCst);
        if self.state.borrow().tried < own {
            self.wait_for_attempt(own).await;
        }
    }

    /// Waits until the synchronization `number` was tried; `None` when that takes too long.
    async fn wait_for_attempt(&self, number: u64) -> Option<State> {
        let mut states = self.state.subscribe();
        self.urgent.notify_one();
        let tried = states.wait_for(|state| state.tried >= number);
        match tokio::time::timeout(SYNC_TIMEOUT, tried).await {
            Ok(Ok(state)) => Some(state.clone()),
            _ => None,
        }
    }

    fn local(&self) -> Option<ReplicaFile> {
        self.local.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set_local(&self, local: Option<ReplicaFile>) -> Option<ReplicaFile> {
        std::mem::replace(
            &mut *self.local.lock().unwrap_or_else(PoisonError::into_inner),
            local,
        )
    }

    /// Keeps it up to date until `stop`.
    pub(super) async fn keep_synchronized(&self, stop: CancellationToken) {
        let interval = self.settings.sync_interval;
        // One that was opened without the primary looks for it soon.
        let first = self.age().map_or(RETRY_DELAY, |_| interval);
        let mut next = Instant::now() + first;
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                () = self.urgent.notified() => {}
                () = self.wrote.notified() => {
                    next = next.min(Instant::now() + OWN_WRITES_DELAY);
                    continue;
                }
                () = tokio::time::sleep_until(next) => {}
            }
            let pause = if self.synchronize().await {
                interval
            } else {
                RETRY_DELAY
            };
            next = Instant::now() + pause;
        }
    }

    /// Ends what reads it.
    pub(super) async fn close(&self) {
        if let Some(local) = self.set_local(None) {
            local.close().await;
        }
    }

    /// One synchronization, for all that was asked for until now; answers whether it succeeded.
    async fn synchronize(&self) -> bool {
        let (number, begun) = (self.asked.load(Ordering::SeqCst), Instant::now());
        let synchronizing = self.try_synchronize();
        tokio::pin!(synchronizing);
        // libSQL takes seconds to give up, for which no reader has to wait.
        let outcome = tokio::select! {
            outcome = &mut synchronizing => outcome,
            error = self.primary_lost() => {
                self.publish(number, begun, Err(error));
                synchronizing.await
            }
        };
        self.publish(number, begun, outcome)
    }

    /// Returns when it is certain that the primary does not answer; one that is slow is waited for.
    async fn primary_lost(&self) -> DbError {
        loop {
            tokio::time::sleep(PING_INTERVAL).await;
            match self.primary.ping().await {
                Err(error) if !error.maybe_committed => return error.error(),
                _ => {}
            }
        }
    }

    fn publish(&self, number: u64, begun: Instant, outcome: Result<(), DbError>) -> bool {
        let before = self.state.borrow().clone();
        match (&outcome, &before.last_error) {
            (Err(error), None) => {
                tracing::warn!(%error, "{PRIMARY_AWAY}");
            }
            (Ok(()), Some(_)) => tracing::info!("the primary is back"),
            _ => {}
        }
        let done = outcome.is_ok();
        if done && before.at.is_none() {
            replica_file::record_boot_id(&self.settings.file);
        }
        self.state.send_replace(State {
            tried: before.tried.max(number),
            done: if done { number } else { before.done },
            at: if done { Some(begun) } else { before.at },
            last_error: outcome.err().map(|error| error.to_string()),
        });
        done
    }

    async fn try_synchronize(&self) -> Result<(), DbError> {
        let failing = self.state.borrow().last_error.is_some();
        if failing {
            // libSQL would look for three seconds, and not say what is the matter.
            self.ping_primary().await?;
        }
        if self.damaged.swap(false, Ordering::SeqCst) {
            tracing::warn!("the replica is damaged, and is made anew");
            self.rebuild().await?;
        }
        let Some(local) = self.local() else {
            return self.rebuild().await;
        };
        match self.synchronize_own_writes(&local).await {
            Ok(()) => Ok(()),
            Err(DbError::Damaged(error)) => {
                tracing::warn!(error, "the replica is damaged, and is made anew");
                self.rebuild().await
            }
            Err(error) => {
                self.ping_primary().await?;
                Err(error)
            }
        }
    }

    /// Synchronizes until what was written here is there.
    async fn synchronize_own_writes(&self, local: &ReplicaFile) -> Result<(), DbError> {
        let own = self.frame.load(Ordering::SeqCst);
        for _ in 0..3 {
            if local.synchronize().await? >= own {
                return Ok(());
            }
        }
        // A primary that was killed begins to count anew.
        let _ = self
            .frame
            .compare_exchange(own, 0, Ordering::SeqCst, Ordering::SeqCst);
        Ok(())
    }

    async fn ping_primary(&self) -> Result<(), DbError> {
        self.primary.ping().await.map(drop).map_err(|error| error.error())
    }

    /// Deletes the copy and fetches all of it.
    async fn rebuild(&self) -> Result<(), DbError> {
        // There is nothing to make it of otherwise.
        self.ping_primary().await?;
        if let Some(old) = self.set_local(None) {
            old.close().await;
        }
        let removed = replica_file::remove(&self.settings.file);
        removed.map_err(|error| DbError::Unavailable(error.to_string()))?;
        let local = ReplicaFile::open(&self.settings, &self.clock).await;
        let local = local.map_err(|unusable| match unusable {
            Unusable::Damaged(text) => DbError::Unavailable(text),
            Unusable::Final(error) => error,
        })?;
        local.synchronize().await?;
        replica_file::record_boot_id(&self.settings.file);
        self.set_local(Some(local));
        Ok(())
    }
}
