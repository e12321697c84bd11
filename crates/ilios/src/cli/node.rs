use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use futures::future::OptionFuture;
use rand::{RngCore, SeedableRng};
use tokio::task::JoinHandle;

use super::instance_lock::InstanceLock;
use super::runtime;
use crate::app::{Admission, App, AppParts, Backlog};
use crate::config::{BatchTimes, Config, ObjectsConfig, Role};
use crate::jobs::{
    DocumentJobs, JobSettings, Maintenance, MaintenanceSettings, ProviderBatches, ProviderSettings,
    StoredUploadLog, keep_node_noted, listen_for_jobs,
};
use crate::model::{Clock, Ids, RetryPolicy, SystemClock};
use crate::objects::{Disposition, Objects, SigningKey};
use crate::queue::{QueueSettings, Workers};
use crate::spool::Spool;
use crate::store::v2::IMPORT_NAME;
use crate::store::{Node as NodeRecord, SpaceMode, Store};

/// Heartbeats that a worker gives in the time of a lease.
const HEARTBEATS_PER_LEASE: u32 = 4;
/// Time of a lease, which heartbeats renew.
const LEASE_TIME: Duration = Duration::from_secs(20);
/// The longest that a worker sleeps without looking for due jobs.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// One server with its workers: everything but its listener.
pub(super) struct Node {
    pub(super) app: Arc<App>,
    workers: Workers<DocumentJobs>,
    /// None where no service has batches.
    provider_batches: Option<Workers<ProviderBatches>>,
    maintenance: Vec<JoinHandle<()>>,
    /// Name under which it takes jobs.
    name: String,
    /// Keeps other servers off local files.
    _locks: InstanceLock,
}

impl Node {
    /// Opens what the configuration names, takes back what a killed process has left, and begins to work.
    pub(super) async fn start(config: &Config) -> anyhow::Result<Self> {
        runtime::refuse_version_2(config).await?;
        let locks = InstanceLock::take(config)?;
        let store = open_store(config).await?;
        let started = Self::with(config, locks, store.clone()).await;
        if started.is_err() {
            store.close().await;
        }
        started
    }

    async fn with(config: &Config, mut locks: InstanceLock, store: Store) -> anyhow::Result<Self> {
        match store.unfinished_import().await? {
            Some(name) if name.starts_with(IMPORT_NAME) => {
                bail!("the import of {name} is not finished: run `ilios db import-v2` again");
            }
            Some(archive) => {
                bail!("the import of archive {archive} is not finished: run `ilios db import` again")
            }
            None => {}
        }
        locks.require_own_folder(&store).await?;
        if locks.is_exclusive() {
            reclaim_lost(&store).await?;
            enable_incremental_vacuum(&store).await;
        }
        let objects = open_objects(config, &store).await?;
        let spool = Spool::new(&config.spool, config.max_file_size)
            .with_context(|| format!("spool {}", config.spool.display()))?
            .with_memory(config.upload_memory);
        let app = Arc::new(App::new(AppParts {
            store,
            spool: spool.clone(),
            objects,
            fetcher: runtime::fetcher(config),
            engine: runtime::engine(config, spool, config.convert_waiting)?,
            admission: Admission::new(
                config.convert_concurrency,
                config.convert_queue,
                config.convert_queue_timeout,
            ),
            fetching: Admission::of_fetches(config.fetcher.timeout),
            backlog: Backlog::new(config.max_queued_jobs),
            max_announced: config.max_announced_uploads,
            file_limits: config.file_limits,
            prices: config.prices,
            clock: runtime::clock(),
            ids: Ids::new(rand::rngs::StdRng::from_os_rng()),
        }));
        let name = app.new_id().to_string();
        let mut maintenance = start_maintenance(&app, config);
        maintenance.push(keep_node_noted(Arc::clone(&app), describe(config, &name)));
        Ok(Self {
            workers: start_workers(&app, config, &name),
            provider_batches: start_provider_batches(&app, config),
            maintenance,
            app,
            name,
            _locks: locks,
        })
    }

    /// Stops the workers: what runs may end within `grace`, the rest is given back. Then closes the database.
    pub(super) async fn stop(self, grace: Duration) {
        self.maintenance.iter().for_each(JoinHandle::abort);
        let provider_batches = self.provider_batches.map(|workers| workers.stop(grace));
        tokio::join!(self.workers.stop(grace), OptionFuture::from(provider_batches));
        if let Err(error) = self.app.store().forget_node(&self.name).await {
            tracing::debug!(%error, "this node is still noted in the database");
        }
        self.app.store().clone().close().await;
    }

    /// Once `stopped` is over, takes no more jobs and answers those who wait for a document; never ends.
    pub(super) async fn drain_when(&self, stopped: impl Future<Output = ()>) -> Infallible {
        stopped.await;
        self.workers.stop_claiming();
        self.provider_batches.iter().for_each(Workers::stop_claiming);
        self.app.events().stopping.cancel();
        std::future::pending().await
    }
}

/// A test build may have shorter leases.
fn lease(config: &Config) -> Duration {
    #[cfg(feature = "crash-points")]
    let shorter = config.lease;
    #[cfg(not(feature = "crash-points"))]
    let shorter = {
        let _ = config;
        None
    };
    shorter.unwrap_or(LEASE_TIME)
}

/// Workers of the queue on this node.
fn workers(config: &Config) -> usize {
    match config.role {
        Role::All | Role::Worker => config.worker_count,
        Role::Api => 0,
    }
}

/// This node, as it tells of itself to administrators.
fn describe(config: &Config, name: &str) -> NodeRecord {
    NodeRecord {
        id: name.to_owned(),
        host: rustix::system::uname().nodename().to_string_lossy().into_owned(),
        role: config.role.as_str().to_owned(),
        workers: u64::try_from(workers(config)).unwrap_or(u64::MAX),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

fn start_workers(app: &Arc<App>, config: &Config, name: &str) -> Workers<DocumentJobs> {
    let lease = lease(config);
    let settings = JobSettings {
        owner: name.to_owned(),
        lease,
        policy: RetryPolicy::default(),
    };
    let workers = workers(config);
    tracing::info!(worker = %settings.owner, workers, "takes jobs under this name");
    let jobs = Arc::new(DocumentJobs::new(Arc::clone(app), settings));
    let settings = QueueSettings {
        workers,
        heartbeat: lease / HEARTBEATS_PER_LEASE,
        poll: POLL_INTERVAL,
    };
    Workers::start(jobs, settings)
}

/// A test build may have shorter ones.
fn batch_times(config: &Config) -> BatchTimes {
    #[cfg(feature = "crash-points")]
    if let Some(lease) = config.lease {
        return BatchTimes {
            poll: lease / 2,
            settling: 3 * lease,
            lease: 3 * lease,
        };
    }
    config.mistral_batches
}

fn start_provider_batches(app: &Arc<App>, config: &Config) -> Option<Workers<ProviderBatches>> {
    let times = batch_times(config);
    let service = app.engine().batches()?;
    let settings = ProviderSettings {
        owner: app.new_id().to_string(),
        lease: times.lease,
        poll: times.poll,
        settling: times.settling,
    };
    let batches = Arc::new(ProviderBatches::new(Arc::clone(app), service, settings));
    let settings = QueueSettings {
        workers: 1,
        heartbeat: times.lease / HEARTBEATS_PER_LEASE,
        poll: POLL_INTERVAL.min(times.poll),
    };
    Some(Workers::start(batches, settings))
}

fn start_maintenance(app: &Arc<App>, config: &Config) -> Vec<JoinHandle<()>> {
    let settings = MaintenanceSettings {
        retention: config.retention_action,
        ..MaintenanceSettings::default()
    };
    let mut tasks = Maintenance::new(Arc::clone(app), settings).start();
    tasks.extend(listen_for_jobs(app));
    tasks
}

async fn open_store(config: &Config) -> anyhow::Result<Store> {
    let store = runtime::open_store(config).await?;
    let migrated = store.migrate().await;
    let migrated = migrated.with_context(|| format!("database {}", config.database))?;
    if migrated.from != migrated.to {
        tracing::info!(from = migrated.from, to = migrated.to, "migrated the database");
    }
    Ok(store)
}

/// Reclaims the jobs that a killed process has left on a database that no other process can use.
async fn reclaim_lost(store: &Store) -> anyhow::Result<()> {
    let reaped = store.reclaim_expired_jobs(RetryPolicy::default(), true).await?;
    if reaped > 0 {
        tracing::warn!(
            jobs = reaped,
            "took back jobs that were being worked on when the server ended"
        );
    }
    Ok(())
}

/// A database of an older version keeps the space of deleted rows; that is no reason not to start.
async fn enable_incremental_vacuum(store: &Store) {
    match store.enable_incremental_vacuum().await {
        Ok(SpaceMode::Returnable) => {}
        Ok(SpaceMode::TooLarge) => tracing::info!(
            "the database keeps the space of deleted rows: `ilios db compact`, with the server stopped, changes that"
        ),
        Err(error) => tracing::warn!(%error, "the database keeps the space of deleted rows"),
    }
}

/// The originals as configured.
pub(super) async fn open_objects(config: &Config, store: &Store) -> anyhow::Result<Objects> {
    let objects = match &config.objects {
        ObjectsConfig::Local { folder } => {
            let objects = Objects::open_local(folder, signing_key(store).await?)
                .await
                .with_context(|| format!("objects {}", folder.display()))?;
            let swept = objects.sweep_staging(SystemClock.now()).await?;
            if swept > 0 {
                tracing::info!(
                    files = swept,
                    "removed files that were cut off while they were written"
                );
            }
            objects
        }
        ObjectsConfig::S3(s3) => {
            let log = Arc::new(StoredUploadLog::new(store.clone()));
            Objects::open_s3(s3, log).context("the object store")?
        }
    };
    match objects.check().await {
        Ok(()) => Ok(objects),
        // A store that is away comes back; one that refuses this server needs an operator.
        Err(error) if error.disposition() == Disposition::Retry => {
            tracing::warn!(%error, "the object store does not answer; starting all the same");
            Ok(objects)
        }
        Err(error) => Err(error).context("the object store"),
    }
}

/// The key of signed addresses, which all starts of this database share.
async fn signing_key(store: &Store) -> anyhow::Result<SigningKey> {
    let mut bytes = [0; 32];
    rand::rngs::StdRng::from_os_rng().fill_bytes(&mut bytes);
    let proposed = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let kept = store.setting("url_signing_key", proposed).await?;
    for (place, byte) in bytes.iter_mut().enumerate() {
        let digits = kept
            .get(2 * place..2 * place + 2)
            .context("the signing key is too short")?;
        *byte = u8::from_str_radix(digits, 16).context("the signing key is no hexadecimal")?;
    }
    Ok(SigningKey::new(bytes))
}
