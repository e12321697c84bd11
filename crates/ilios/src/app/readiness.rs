//! What a node needs to work, and whether it has it.
//!
//! | | database | spool | folder of originals | bucket |
//! | --- | --- | --- | --- | --- |
//! | answers clients (`all`, `api`) | yes | yes | yes | no: `/v1/convert` and all results work without it |
//! | works on the queue alone (`worker`) | yes, for writing | yes | – | yes: originals are there |
//!
//! A folder is a part of this machine, so its loss is a fault of this node; a bucket that is away is away for all nodes,
//! and if all of them were taken out of service, nothing would be left of it.

use std::time::Duration;

use super::App;
use super::cached_check::CachedCheck;
use crate::disk::DiskFault;
use crate::store::DatabaseFault;

/// What takes longer to answer counts as broken.
const PATIENCE: Duration = Duration::from_secs(2);

/// The checks of what is outside of this process.
#[derive(Default)]
pub struct HealthChecks {
    database: CachedCheck<DatabaseHealth>,
    objects: CachedCheck<bool>,
    spool: CachedCheck<Result<(), DiskFault>>,
}

/// How the database is.
#[derive(Debug, Clone)]
pub struct DatabaseHealth {
    /// Why nothing can be done with it.
    pub fault: Option<DatabaseFault>,
    /// Why it can only be read.
    pub degraded: Option<String>,
}

/// What a node is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Serves {
    /// It answers clients.
    Clients,
    /// It works on the queue alone.
    Queue,
}

/// Why a node cannot do what it is for.
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
    /// How the database is, as of a second ago at most.
    pub async fn database_health(&self) -> DatabaseHealth {
        let store = self.store.clone();
        let check = async move {
            let (checked, degraded) = tokio::join!(
                tokio::time::timeout(PATIENCE, store.check()),
                tokio::time::timeout(PATIENCE, store.degraded()),
            );
            DatabaseHealth {
                fault: checked.unwrap_or(Err(DatabaseFault::Silent)).err(),
                degraded: degraded.unwrap_or_default(),
            }
        };
        let health = self.health.database.get(check).await;
        health.unwrap_or(DatabaseHealth {
            fault: Some(DatabaseFault::Silent),
            degraded: None,
        })
    }

    /// Whether the originals can be reached, as of a second ago at most.
    pub async fn objects_work(&self) -> bool {
        let objects = self.objects.clone();
        let check = async move {
            let checked = tokio::time::timeout(PATIENCE, objects.check()).await;
            if let Ok(Err(error)) = &checked {
                tracing::debug!(%error, "the object store does not work");
            }
            matches!(checked, Ok(Ok(())))
        };
        self.health.objects.get(check).await.unwrap_or_default()
    }

    /// Whether what is being worked on can be written down, as of a second ago at most.
    pub async fn spool_fault(&self) -> Option<DiskFault> {
        let spool = self.spool.clone();
        let check = async move {
            let checked = tokio::task::spawn_blocking(move || spool.check());
            let checked = tokio::time::timeout(PATIENCE, checked).await;
            match checked {
                Ok(Ok(outcome)) => outcome,
                Ok(Err(_)) | Err(_) => Err(DiskFault::Io("it does not answer".into())),
            }
        };
        let checked = self.health.spool.get(check).await;
        checked.unwrap_or(Ok(())).err()
    }

    /// Everything that keeps this node from what it is for; nothing when all is well.
    pub async fn not_ready(&self, serves: Serves) -> Vec<NotReady> {
        let needs_objects = serves == Serves::Queue || !self.objects.is_remote();
        let (database, spool, objects) = tokio::join!(self.database_health(), self.spool_fault(), async {
            !needs_objects || self.objects_work().await
        });
        let stopping = self.signals.stopping.is_cancelled();
        let read_only = serves == Serves::Queue && database.fault.is_none() && database.degraded.is_some();
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
