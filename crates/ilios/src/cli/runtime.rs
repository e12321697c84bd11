use std::sync::{Arc, OnceLock};

use anyhow::{Context, bail};
use ilios_sandbox::{Launcher, Mode, Program, ProgramLimits};
use rand::SeedableRng;
use rand::rngs::StdRng;
use tokio::runtime::{Builder, Runtime};

use super::{CONVERTER_CHILD, LIMITED_PROGRAM};
use crate::config::{Config, DatabaseConfig, Reuse};
use crate::engine::{Engine, LocalEngine, LocalEngineSettings, MistralEngine, SelectingEngine, Tesseract};
use crate::model::{CarefulClock, Clock, SystemClock};
use crate::outbound::{Fetcher, SystemLookup};
use crate::spool::Spool;
use crate::store::v2;
use crate::store::{Store, StoreSettings};

/// Environment of converters. The library that runs networks would start a thread for each processor, of which it is
/// given work for one.
const CONVERTER_ENVIRONMENT: &[(&str, &str)] = &[("RTEN_NUM_THREADS", "1")];

/// The runtime of a command that works with the network, the database or children.
pub(super) fn runtime() -> anyhow::Result<Runtime> {
    Ok(Builder::new_multi_thread().enable_all().build()?)
}

/// The OCR program as configured.
pub(super) fn tesseract(config: &Config) -> anyhow::Result<Tesseract> {
    let tesseract = Tesseract::new(config.tesseract.clone(), config.program_environment.clone());
    if config.sandbox.mode == Mode::Off {
        return Ok(tesseract);
    }
    let limits = ProgramLimits {
        memory: config.sandbox.memory,
        cpu: config.sandbox.cpu,
    };
    Ok(tesseract.limited(
        Launcher::new(Program::current_executable([LIMITED_PROGRAM])?),
        limits,
    ))
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
        durability: config.durability,
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
        DatabaseConfig::Postgres(postgres) => Store::open_postgres(postgres).await,
        DatabaseConfig::Replica(replica) => Store::open_replica(replica).await,
    };
    opened.with_context(|| format!("database {}", config.database))
}

/// The local engine, whose children are this very program; `waiting` of them are started before they are needed. Must
/// be called within a runtime.
pub(super) fn local_engine(config: &Config, waiting: usize) -> anyhow::Result<LocalEngine> {
    let settings = LocalEngineSettings {
        program: Program::current_executable([CONVERTER_CHILD])?
            .with_policy(config.sandbox)
            .with_environment(CONVERTER_ENVIRONMENT),
        limits: config.limits.clone(),
        timeout: config.convert_timeout,
        stall_timeout: config.convert_silence,
        waiting,
        kept: match config.convert_reuse {
            Reuse::Tenant => config.convert_concurrency + config.worker_count,
            Reuse::Off => 0,
        },
        processors: config.processors,
        ocr: config.ocr.clone(),
        tokenizers: config.tokenizers.clone(),
    };
    Ok(LocalEngine::new(settings, Arc::new(tesseract(config)?)))
}

/// Mistral's OCR as configured, where there is a key.
pub(super) fn mistral(config: &Config) -> anyhow::Result<Option<MistralEngine>> {
    let Some(settings) = config.mistral.clone() else {
        return Ok(None);
    };
    let engine = MistralEngine::new(settings, Arc::new(SystemClock), StdRng::from_os_rng());
    engine.map(Some).map_err(anyhow::Error::msg)
}

/// All engines, and the choice between them, as configured.
pub(super) fn engine(config: &Config, spool: Spool, waiting: usize) -> anyhow::Result<Arc<dyn Engine>> {
    let local = Arc::new(local_engine(config, waiting)?);
    let mistral = mistral(config)?.map(Arc::new);
    Ok(Arc::new(SelectingEngine::new(
        local,
        mistral,
        spool,
        config.select,
    )))
}

/// Client that fetches documents, when that is allowed.
pub(super) fn fetcher(config: &Config) -> Option<Fetcher> {
    let fetcher = || Fetcher::new(config.fetcher.clone(), Arc::new(SystemLookup));
    config.url_input.then(fetcher)
}
