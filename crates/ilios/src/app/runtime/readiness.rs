//! Readiness of a node: the dependencies that it needs, and whether they work.
//!
//! | | database | spool | folder of originals | bucket |
//! | --- | --- | --- | --- | --- |
//! | answers clients (`all`, `api`) | yes | yes | yes | no: `/v1/convert` and all results work without it |
//! | works on the queue alone (`worker`) | yes, for writing | yes | – | yes: originals are there |
//!
//! A folder is a part of this machine, so its loss is a fault of this node. A bucket that fails does so for all nodes:
//! if it took them out of service, what works without the bucket would stop as well.

use std::time::Duration;

use super::cached_check::CachedCheck;
use crate::app::App;
use crate::disk::DiskFault;
use crate::store::DatabaseFault;

/// Time limit of a health check; a dependency that does not answer within it counts as broken. A database that does not
/// say in time whether it can be written to counts as writable.
const CHECK_TIMEOUT: Duration = Duration::from_secs(2);

/// The checks of what is outside of this process.
#[derive(Default)]
pub struct HealthChecks {
    database: CachedCheck<DatabaseHealth>,
    objects: CachedCheck<bool>,
    spool: CachedCheck<Result<(), DiskFault>>,
}

/// State of the database.
#[derive(Debug, Clone)]
pub struct DatabaseHealth {
    /// Reason it cannot be used at all.
    pub fault: Option<DatabaseFault>,
    /// Reason it can only be read.
    pub degraded: Option<String>,
}

/// Task of a node, which decides what it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeTask {
    /// It answers clients.
    Clients,
    /// It works on the queue alone.
    Queue,
}

/// Reason a node cannot do its task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotReady {
    /// It is about to end.
    Stopping,
    /// The database.
    Database(DatabaseFault),
    /// The database can be read, and a worker has to write.
    ReadOnly,
    /// The folder of what is being worked on.
    Spool(DiskFault),
    /// The folder or bucket of the originals.
    Objects,
}

impl App {
    /// State of the database; the outcome of a check is cached for one second.
    pub async fn database_health(&self) -> DatabaseHealth {
        let store = self.store.clone();
        let check = async move {
            let (checked, degraded) = tokio::join!(
                tokio::time::timeout(CHECK_TIMEOUT, store.check()),
                tokio::time::timeout(CHECK_TIMEOUT, store.degraded()),
            );
            DatabaseHealth {
                fault: checked.unwrap_or(Err(DatabaseFault::Silent)).err(),
                degraded: degraded.unwrap_or_else(|_| Some("the primary does not answer in time".into())),
            }
        };
        let health = self.health.database.get(check).await;
        health.unwrap_or(DatabaseHealth {
            fault: Some(DatabaseFault::Silent),
            degraded: None,
        })
    }

    /// Returns true if the originals can be reached; the outcome of a check is cached for one second.
    pub async fn objects_work(&self) -> bool {
        let objects = self.objects.clone();
        let check = async move {
            let checked = tokio::time::timeout(CHECK_TIMEOUT, objects.check()).await;
            if let Ok(Err(error)) = &checked {
                tracing::debug!(%error, "the object store does not work");
            }
            matches!(checked, Ok(Ok(())))
        };
        self.health.objects.get(check).await.unwrap_or_default()
    }

    /// Reason the spool cannot be written to, if there is one; the outcome of a check is cached for one second.
    pub async fn spool_fault(&self) -> Option<DiskFault> {
        let spool = self.spool.clone();
        let check = async move {
            let checked = tokio::task::spawn_blocking(move || spool.check());
            let checked = tokio::time::timeout(CHECK_TIMEOUT, checked).await;
            match checked {
                Ok(Ok(outcome)) => outcome,
                Ok(Err(_)) | Err(_) => Err(DiskFault::Io("it does not answer".into())),
            }
        };
        let checked = self.health.spool.get(check).await;
        let unknown = || Err(DiskFault::Io("its check did not end".into()));
        checked.unwrap_or_else(unknown).err()
    }

    /// Every reason this node cannot do its task; empty when it is ready.
    pub async fn not_ready(&self, serves: NodeTask) -> Vec<NotReady> {
        let needs_objects = serves == NodeTask::Queue || !self.objects.is_remote();
        let (database, spool, objects) = tokio::join!(self.database_health(), self.spool_fault(), async {
            !needs_objects || self.objects_work().await
        });
        let stopping = self.events.stopping.is_cancelled();
        let read_only = serves == NodeTask::Queue && database.fault.is_none() && database.degraded.is_some();
        stopping
            .then_some(NotReady::Stopping)
            .into_iter()
            .chain(database.fault.map(NotReady::Database))
            .chain(read_only.then_some(NotReady::ReadOnly))
            .chain(spool.map(NotReady::Spool))
            .chain((!objects).then_some(NotReady::Objects))
            .collect()
    }
}
