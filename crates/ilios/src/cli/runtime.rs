use std::sync::{Arc, OnceLock};

use anyhow::{Context, bail};
use ilios_sandbox::{Launcher, Layers, Mode, Policy, Program, ProgramLimits};
use rand::SeedableRng;
use rand::rngs::StdRng;
use tokio::runtime::{Builder, Runtime};

use super::{CONVERTER_CHILD, LIMITED_PROGRAM};
use crate::billing::Prices;
use crate::config::{Config, DatabaseConfig, PostgresConfig, ReplicaConfig, S3Config, Sandbox, Synchronous};
use crate::engine::mistral::{BASE_URL, MODEL, RetryPolicy, ServiceLimits};
use crate::engine::{
    Engine, LocalEngine, LocalEngineSettings, MistralEngine, MistralSettings, SelectSettings,
    SelectingEngine, Tesseract,
};
use crate::model::{CarefulClock, Clock, SystemClock};
use crate::objects::{self, S3Settings};
use crate::outbound::{AllowedHosts, Fetcher, FetcherSettings, SystemLookup};
use crate::spool::Spool;
use crate::store::v2;
use crate::store::{Durability, PostgresSettings, ReplicaSettings, Store, StoreSettings};

/// The runtime of a command that works with the network, the database or children.
pub(super) fn runtime() -> anyhow::Result<Runtime> {
    Ok(Builder::new_multi_thread().enable_all().build()?)
}

/// The OCR program as configured.
pub(super) fn tesseract(config: &Config) -> anyhow::Result<Tesseract> {
    let tesseract = Tesseract::new(config.tesseract.clone(), config.program_environment.clone());
    if config.sandbox == Sandbox::Off {
        return Ok(tesseract);
    }
    let limits = ProgramLimits {
        memory: config.convert_memory,
        cpu: config.convert_cpu,
    };
    Ok(tesseract.limited(
        Launcher::new(Program::current_executable([LIMITED_PROGRAM])?),
        limits,
    ))
}

/// Sandbox policy of a converter child, as configured.
pub(super) fn policy(config: &Config) -> Policy {
    Policy {
        mode: match config.sandbox {
            Sandbox::Required => Mode::Required,
            Sandbox::BestEffort => Mode::BestEffort,
            Sandbox::Off => Mode::Off,
        },
        layers: Layers::ALL,
        memory: config.convert_memory,
        cpu: config.convert_cpu,
    }
}

/// The time that this process goes by.
pub(super) fn clock() -> Arc<dyn Clock> {
    static CLOCK: OnceLock<Arc<CarefulClock>> = OnceLock::new();
    let clock = CLOCK.get_or_init(|| Arc::new(CarefulClock::new(Arc::new(SystemClock))));
    Arc::clone(clock) as Arc<dyn Clock>
}

/// Settings of the local database, as configured.
fn store_settings(config: &Config) -> StoreSettings {
    StoreSettings {
        clock: clock(),
        durability: match config.synchronous {
            Synchronous::Full => Durability::PowerCut,
            Synchronous::Normal => Durability::Crash,
        },
    }
}

/// Refuses a local database of version 2.1 before anything is written to it or beside it.
pub(super) async fn refuse_version_2(config: &Config) -> anyhow::Result<()> {
    let DatabaseConfig::Local { file, key } = &config.database else {
        return Ok(());
    };
    if v2::is_old(file, key.as_ref(), &config.spool).await {
        let file = file.display();
        bail!(
            "{file} is a database of Ilios 2.1, which this version does not touch: give this one a DATA_DIR or \
             LOCAL_DB_PATH of its own and bring everything over with `ilios db import-v2 {file}`, as \
             docs/migrating-from-2.md says"
        );
    }
    Ok(())
}

/// The database as configured; a local one is created when it is missing.
pub(super) async fn open_store(config: &Config) -> anyhow::Result<Store> {
    refuse_version_2(config).await?;
    let opened = match &config.database {
        DatabaseConfig::Local { file, key } => {
            Store::open_encrypted(file, key.as_ref(), &store_settings(config)).await
        }
        DatabaseConfig::Postgres(postgres) => Store::open_postgres(&postgres_settings(postgres)).await,
        DatabaseConfig::Replica(replica) => Store::open_replica(&replica_settings(replica)).await,
    };
    opened.with_context(|| format!("database {}", config.database))
}

/// Settings of PostgreSQL, as configured.
fn postgres_settings(config: &PostgresConfig) -> PostgresSettings {
    PostgresSettings {
        url: config.url.clone(),
        connections: config.connections,
        retry_timeout: config.timeout,
        clock: None,
    }
}

/// Settings of the primary and its replica, as configured.
fn replica_settings(config: &ReplicaConfig) -> ReplicaSettings {
    ReplicaSettings {
        file: config.file.clone(),
        key: config.key.clone(),
        url: config.url.clone(),
        token: config.token.clone(),
        sync_interval: config.sync_interval,
        retry_timeout: config.timeout,
        clock: None,
    }
}

/// The local engine, whose children are this very program; `waiting` of them are started before they are needed. Must
/// be called within a runtime.
pub(super) fn local_engine(config: &Config, waiting: usize) -> anyhow::Result<LocalEngine> {
    let settings = LocalEngineSettings {
        program: Program::current_executable([CONVERTER_CHILD])?.with_policy(policy(config)),
        limits: config.limits.clone(),
        timeout: config.convert_timeout,
        stall_timeout: config.convert_silence,
        waiting,
    };
    Ok(LocalEngine::new(settings, Arc::new(tesseract(config)?)))
}

/// Mistral's OCR as configured, where there is a key.
pub(super) fn mistral(config: &Config) -> anyhow::Result<Option<MistralEngine>> {
    let mistral = &config.mistral;
    let Some(key) = mistral.key.clone() else {
        return Ok(None);
    };
    let or = |text: &Option<String>, default: &str| text.clone().unwrap_or_else(|| default.to_owned());
    let settings = MistralSettings {
        key,
        base_url: or(&mistral.base_url, BASE_URL),
        model: or(&mistral.model, MODEL),
        timeout: mistral.timeout,
        max_concurrency: mistral.max_concurrency,
        retry: RetryPolicy::default(),
        limits: ServiceLimits::default(),
    };
    let engine = MistralEngine::new(settings, Arc::new(SystemClock), StdRng::from_os_rng());
    engine.map(Some).map_err(anyhow::Error::msg)
}

/// All engines, and the choice between them, as configured.
pub(super) fn engine(config: &Config, spool: Spool, waiting: usize) -> anyhow::Result<Arc<dyn Engine>> {
    let settings = SelectSettings {
        default: config.mistral.engine,
        fallback: config.mistral.fallback,
    };
    let local = Arc::new(local_engine(config, waiting)?);
    let mistral = mistral(config)?.map(Arc::new);
    Ok(Arc::new(SelectingEngine::new(local, mistral, spool, settings)))
}

/// Prices of pages, as configured.
pub(super) fn prices(config: &Config) -> Prices {
    Prices {
        mistral: config.mistral.page_price,
        margin_basis_points: config.margin_basis_points,
        ..Prices::default()
    }
}

/// Settings of the S3 bucket, as configured.
pub(super) fn s3_settings(config: &S3Config) -> S3Settings {
    S3Settings {
        bucket: config.bucket.clone(),
        endpoint: config.endpoint.clone(),
        region: config.region.clone(),
        path_style: config.path_style,
        access_key_id: config.access_key_id.clone(),
        secret_access_key: config.secret_access_key.clone(),
        retry: objects::RetrySettings::default(),
    }
}

/// Client that fetches documents, when that is allowed.
pub(super) fn fetcher(config: &Config) -> Option<Fetcher> {
    let settings = FetcherSettings {
        allowed_hosts: AllowedHosts::new(config.url_hosts.clone()?),
        timeout: config.url_timeout,
    };
    Some(Fetcher::new(settings, Arc::new(SystemLookup)))
}
