use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ilios::app::{Admission, App, AppParts, Backlog};
use ilios::engine::{
    BatchService, Engine, LocalEngine, LocalEngineSettings, MistralEngine, SelectingEngine, Tesseract,
};
use ilios::jobs::{DocumentJobs, JobSettings, ProviderBatches, ProviderSettings};
use ilios::model::{CarefulClock, Clock, Ids, RetryPolicy, SystemClock};
use ilios::objects::{Objects, SigningKey};
use ilios::queue::{QueueSettings, Workers};
use ilios::spool::Spool;
use ilios::store::{Durability, Store, StoreSettings};
use ilios_convert::Limits;
use ilios_sandbox::{Launcher, Program};
use rand::SeedableRng;

use super::setup::Setup;

pub(super) async fn app(folder: &Path, mut setup: Setup) -> App {
    let clock: Arc<dyn Clock> = Arc::new(CarefulClock::new(setup.clock.clone()));
    let settings = StoreSettings {
        clock: clock.clone(),
        durability: Durability::Crash,
    };
    let store = Store::open_local(&folder.join("ilios.db"), &settings).await;
    let store = store.expect("a database");
    store.migrate().await.expect("migrations run");
    let objects = match setup.objects.clone() {
        Some(objects) => objects,
        None => Objects::open_local(&folder.join("objects"), SigningKey::new([7; 32]))
            .await
            .expect("a folder of objects"),
    };
    let spool = Spool::new(&folder.join("tmp"), setup.max_file_size).expect("a spool");
    App::new(AppParts {
        store,
        spool: spool.clone(),
        objects,
        admission: Admission::new(setup.running, setup.waiting, setup.max_wait),
        fetching: Admission::new(setup.fetching, 64, setup.max_wait),
        backlog: Backlog::new(setup.max_pending),
        max_announced: setup.max_announced,
        file_limits: setup.file_limits,
        prices: setup.prices,
        fetcher: setup.fetcher.take(),
        engine: engine(setup, spool),
        clock,
        ids: Ids::new(rand::rngs::StdRng::from_os_rng()),
    })
}

pub(crate) fn start_provider_batches(
    app: &Arc<App>,
    service: Arc<dyn BatchService>,
    lease: Duration,
) -> Workers<ProviderBatches> {
    let settings = ProviderSettings {
        owner: "test".into(),
        lease,
        poll: Duration::from_millis(30),
        settling: Duration::from_millis(500),
    };
    let batches = Arc::new(ProviderBatches::new(Arc::clone(app), service, settings));
    let settings = QueueSettings {
        workers: 1,
        heartbeat: Duration::from_millis(100),
        poll: Duration::from_millis(100),
    };
    Workers::start(batches, settings)
}

pub(super) fn start_workers(app: &Arc<App>, workers: usize, policy: RetryPolicy) -> Workers<DocumentJobs> {
    let settings = JobSettings {
        owner: app.new_id().to_string(),
        lease: Duration::from_secs(20),
        policy,
    };
    let jobs = Arc::new(DocumentJobs::new(Arc::clone(app), settings));
    let settings = QueueSettings {
        workers,
        heartbeat: Duration::from_millis(100),
        poll: Duration::from_millis(20),
    };
    Workers::start(jobs, settings)
}

fn engine(mut setup: Setup, spool: Spool) -> Arc<dyn Engine> {
    match setup.engine.take() {
        Some(engine) => engine,
        None => {
            let (mistral, select) = (setup.mistral.take(), setup.select);
            let local = Arc::new(local_engine(setup));
            let mistral = mistral.map(|settings| {
                let random = rand::rngs::StdRng::from_os_rng();
                Arc::new(MistralEngine::new(settings, Arc::new(SystemClock), random).expect("a client"))
            });
            Arc::new(SelectingEngine::new(local, mistral, spool, select))
        }
    }
}

/// The local engine, as it is set up for a server.
pub(crate) fn local_engine(setup: Setup) -> LocalEngine {
    let environment = vec![("PATH".into(), "/usr/local/bin:/usr/bin:/bin".into())];
    let limits = Limits {
        input_bytes: setup.max_file_size,
        ..setup.limits
    };
    let settings = LocalEngineSettings {
        program: setup.program,
        limits,
        timeout: setup.timeout,
        stall_timeout: setup.stall_timeout,
        waiting: setup.waiting_children,
        kept: setup.kept_children,
        processors: 4,
        ocr: setup.ocr,
        tokenizers: setup.tokenizers,
    };
    let launcher = Launcher::new(Program::new(
        env!("CARGO_BIN_EXE_ilios"),
        [ilios::cli::LIMITED_PROGRAM],
    ));
    let tesseract = Tesseract::new(setup.tesseract, environment);
    let tesseract = tesseract.limited(launcher, setup.ocr_limits);
    LocalEngine::new(settings, Arc::new(tesseract))
}
