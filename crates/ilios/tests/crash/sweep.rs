//! The maintenance runs in the test's own process once the server has ended, without the age that protects requests in
//! progress: there are none.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use ilios::app::{Admission, App, AppParts, Backlog};
use ilios::billing::Prices;
use ilios::engine::{Converted, Engine, EngineError, Request};
use ilios::jobs::{Maintenance, MaintenanceSettings};
use ilios::model::{Ids, SystemClock};
use ilios::spool::Spool;
use ilios::store::FileLimits;
use rand::SeedableRng;

use crate::storage::Storage;

/// Converts nothing: nobody asks it to.
struct NoEngine;

impl Engine for NoEngine {
    fn convert<'a>(&'a self, _: &'a Request) -> BoxFuture<'a, Result<Converted, EngineError>> {
        Box::pin(std::future::ready(Err(EngineError::Unavailable(
            "there is none".into(),
        ))))
    }
}

/// Does all planned deletions, and deletes every object that no row names.
pub(crate) async fn sweep(data: &Path, storage: &Storage) {
    let app = App::new(AppParts {
        store: storage.store(data).await,
        spool: Spool::new(&data.join("tmp"), 1 << 20).expect("a spool"),
        objects: storage.originals.open(data).await,
        fetcher: None,
        engine: Arc::new(NoEngine),
        admission: Admission::new(1, 1, Duration::from_secs(1)),
        fetching: Admission::new(1, 1, Duration::from_secs(1)),
        backlog: Backlog::new(1),
        max_announced: 1,
        file_limits: FileLimits { count: 1, bytes: 1 },
        prices: Prices::default(),
        clock: Arc::new(SystemClock),
        ids: Ids::new(rand::rngs::StdRng::from_os_rng()),
    });
    let app = Arc::new(app);
    let settings = MaintenanceSettings {
        sweep_age: Duration::ZERO,
        ..MaintenanceSettings::default()
    };
    let maintenance = Maintenance::new(Arc::clone(&app), settings);
    maintenance.run_once().await;
    maintenance.sweep().await;
    app.store().clone().close().await;
}
