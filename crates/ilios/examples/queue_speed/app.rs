//! The server's parts, with an engine that does not convert.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use ilios::app::{Admission, App, AppParts, Backlog};
use ilios::billing::Prices;
use ilios::engine::{Converted, Engine, EngineError, Request};
use ilios::jobs::{DocumentJobs, JobSettings};
use ilios::model::{Ids, RetryPolicy, Secret, SystemClock};
use ilios::objects::{Objects, SigningKey};
use ilios::queue::{QueueSettings, Workers};
use ilios::spool::Spool;
use ilios::store::{Durability, FileLimits, PostgresSettings, ReplicaSettings, Store, StoreSettings};
use ilios_convert::{Limits, NoOcr, Options, convert};
use rand::SeedableRng;

use crate::{LEASE, Outcome, SIZE};

/// Answers after a time with the same page, whatever it is given.
struct After(Duration, Converted);

impl Engine for After {
    fn convert<'a>(&'a self, _request: &'a Request) -> BoxFuture<'a, Result<Converted, EngineError>> {
        Box::pin(async {
            if !self.0.is_zero() {
                tokio::time::sleep(self.0).await;
            }
            Ok(self.1.clone())
        })
    }
}

/// A server's parts whose files are in `folder`, on a PostgreSQL database or a libSQL primary where there is a
/// `url`. A conversion takes `latency`.
pub(crate) async fn app(folder: &Path, url: Option<&str>, latency: Duration) -> Outcome<Arc<App>> {
    let text = "A line of plain text, as documents have many.\n".repeat(SIZE / 46);
    let input = ilios_convert::Input {
        bytes: text.as_bytes(),
        name: "a.txt",
    };
    let conversion = convert(input, &Options::default(), &Limits::default(), &mut NoOcr)?;
    let settings = StoreSettings {
        clock: Arc::new(SystemClock),
        durability: Durability::PowerCut,
    };
    let store = match url {
        None => Store::open_local(&folder.join("ilios.db"), &settings).await?,
        Some(url) if !url.starts_with("postgres") => {
            let settings = ReplicaSettings {
                file: folder.join("replica.db"),
                key: None,
                url: url.to_owned(),
                token: None,
                sync_interval: Duration::from_secs(60),
                retry_timeout: Duration::from_secs(10),
                clock: None,
            };
            Store::open_replica(&settings).await?
        }
        Some(url) => {
            let settings = PostgresSettings {
                url: Secret::new(url),
                connections: 16,
                retry_timeout: Duration::from_secs(10),
                clock: None,
            };
            Store::open_postgres(&settings).await?
        }
    };
    store.migrate().await?;
    Ok(Arc::new(App::new(AppParts {
        store,
        spool: Spool::new(&folder.join("tmp"), 1 << 30)?,
        objects: Objects::open_local(&folder.join("objects"), SigningKey::new([7; 32])).await?,
        fetcher: None,
        engine: Arc::new(After(latency, Converted::local(conversion, "none"))),
        admission: Admission::new(2, 64, Duration::from_secs(30)),
        fetching: Admission::new(1, 1, Duration::from_secs(30)),
        backlog: Backlog::new(100_000_000),
        max_announced: 1_000,
        file_limits: FileLimits {
            count: 1_000,
            bytes: 1 << 30,
        },
        prices: Prices::default(),
        clock: Arc::new(SystemClock),
        ids: Ids::new(rand::rngs::StdRng::from_os_rng()),
    })))
}

/// Workers of a node, as a server has them.
pub(crate) fn start_workers(app: &Arc<App>, owner: &str, workers: usize) -> Workers<DocumentJobs> {
    let settings = JobSettings {
        owner: owner.to_owned(),
        lease: LEASE,
        policy: RetryPolicy::default(),
    };
    let jobs = Arc::new(DocumentJobs::new(Arc::clone(app), settings));
    let settings = QueueSettings {
        workers,
        heartbeat: Duration::from_secs(5),
        poll: Duration::from_secs(1),
    };
    Workers::start(jobs, settings)
}
