use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use futures::future::BoxFuture;
use ilios::app::{Admission, App, AppParts, Backlog};
use ilios::billing::Prices;
use ilios::engine::{Converted, Engine, EngineError, Request as EngineRequest};
use ilios::http::{HttpState, router};
use ilios::model::{ApiKeys, Ids, SystemClock};
use ilios::objects::{Objects, SigningKey};
use ilios::spool::Spool;
use ilios::store::{Durability, FileLimits, Store, StoreSettings};
use rand::SeedableRng;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;

/// Bytes of a file that is taken.
const MAX_FILE_BYTES: u64 = 64 << 10;

/// Converts nothing: the form is what is looked at.
struct NoEngine;

impl Engine for NoEngine {
    fn convert<'a>(&'a self, _: &'a EngineRequest) -> BoxFuture<'a, Result<Converted, EngineError>> {
        Box::pin(std::future::ready(Err(EngineError::Crashed)))
    }
}

struct Server {
    runtime: Runtime,
    routes: Router,
    _folder: TempDir,
}

fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let (runtime, folder) = (runtime.expect("a runtime"), TempDir::new().expect("a folder"));
        let app = runtime.block_on(app(&folder));
        let routes = router(HttpState {
            app: Arc::new(app),
            api_keys: Arc::new(ApiKeys::parse("")),
            edge: Arc::default(),
        });
        Server {
            runtime,
            routes,
            _folder: folder,
        }
    })
}

async fn app(folder: &TempDir) -> App {
    let settings = StoreSettings {
        clock: Arc::new(SystemClock),
        durability: Durability::Crash,
    };
    let store = Store::open_local(&folder.path().join("ilios.db"), &settings).await;
    let store = store.expect("a database");
    store.migrate().await.expect("migrations run");
    let objects = Objects::open_local(&folder.path().join("objects"), SigningKey::new([7; 32])).await;
    App::new(AppParts {
        store,
        spool: Spool::new(&folder.path().join("tmp"), MAX_FILE_BYTES).expect("a spool"),
        objects: objects.expect("a folder of objects"),
        fetcher: None,
        engine: Arc::new(NoEngine),
        admission: Admission::new(4, 4, Duration::from_secs(1)),
        fetching: Admission::new(1, 1, Duration::from_secs(1)),
        backlog: Backlog::new(1),
        max_announced: 1,
        file_limits: FileLimits { count: 1, bytes: 1 },
        prices: Prices::default(),
        clock: Arc::new(SystemClock),
        ids: Ids::new(rand::rngs::StdRng::from_os_rng()),
    })
}

/// A form of any bytes is the client's fault or its document's, never the server's.
pub fn multipart(data: &[u8]) {
    let server = server();
    let request = Request::post("/v1/convert")
        .header("host", "localhost")
        .header("content-type", "multipart/form-data; boundary=b")
        .body(Body::from(data.to_vec()))
        .expect("a request");
    let (status, body) = server.runtime.block_on(async {
        let response = server.routes.clone().oneshot(request).await.expect("an answer");
        let status = response.status();
        (
            status,
            to_bytes(response.into_body(), 1 << 20).await.expect("a body"),
        )
    });
    let body = String::from_utf8_lossy(&body);
    assert!(status.is_client_error(), "{status}: {body}");
}
