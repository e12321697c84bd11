//! A server in this process: temporary database, temporary folders, a port of its own.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use ilios::app::{Admission, App, AppParts, Backlog};
use ilios::billing::Prices;
use ilios::engine::{
    Engine, LocalEngine, LocalEngineSettings, MistralEngine, MistralSettings, SelectSettings,
    SelectingEngine, Tesseract,
};
use ilios::http::{Edge, HttpState, router, serve};
use ilios::jobs::{DocumentJobs, JobSettings, ProviderBatches, ProviderSettings};
use ilios::model::{ApiKeys, CarefulClock, Clock, Ids, RetryPolicy, SystemClock, Timestamp};
use ilios::objects::{Objects, SigningKey};
use ilios::outbound::Fetcher;
use ilios::queue::{QueueSettings, Workers};
use ilios::spool::Spool;
use ilios::store::{Durability, Store, StoreSettings};
use ilios_convert::Limits;
use ilios_sandbox::{Launcher, Program, ProgramLimits};
use rand::SeedableRng;
use reqwest::multipart::{Form, Part};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// How a test server differs from the default.
pub(crate) struct Setup {
    pub(crate) api_keys: &'static str,
    pub(crate) admin_key: Option<&'static str>,
    pub(crate) metrics_key: Option<&'static str>,
    pub(crate) edge: Edge,
    pub(crate) max_file_size: u64,
    pub(crate) running: usize,
    pub(crate) waiting: usize,
    pub(crate) max_wait: Duration,
    pub(crate) timeout: Duration,
    pub(crate) stall_timeout: Duration,
    pub(crate) waiting_children: usize,
    pub(crate) program: Program,
    pub(crate) limits: Limits,
    pub(crate) tesseract: PathBuf,
    pub(crate) ocr_limits: ProgramLimits,
    pub(crate) engine: Option<Arc<dyn Engine>>,
    /// What fetches documents; nothing by default.
    pub(crate) fetcher: Option<Fetcher>,
    /// Mistral's OCR beside the local engine; none by default.
    pub(crate) mistral: Option<MistralSettings>,
    pub(crate) select: SelectSettings,
    /// Where originals are kept; a folder by default.
    pub(crate) objects: Option<Objects>,
    /// Workers of the queue; none by default.
    pub(crate) workers: usize,
    pub(crate) max_pending: u64,
    pub(crate) max_announced: u64,
    /// Documents that are fetched at once.
    pub(crate) fetching: usize,
    pub(crate) prices: Prices,
    pub(crate) policy: RetryPolicy,
    /// How far the server's time is ahead.
    pub(crate) clock: Arc<ShiftedClock>,
}

/// The machine's clock, ahead by what a test sets.
#[derive(Default)]
pub(crate) struct ShiftedClock {
    /// Time that has passed, by milliseconds.
    passed: AtomicI64,
    /// By how many milliseconds somebody has set the clock.
    stepped: AtomicI64,
}

impl ShiftedClock {
    /// Lets time pass.
    pub(crate) fn advance(&self, span: Duration) {
        let millis = i64::try_from(span.as_millis()).expect("a span");
        self.passed.fetch_add(millis, Ordering::SeqCst);
    }

    /// Sets the clock, without that time passes.
    pub(crate) fn step(&self, seconds: i64) {
        self.stepped.fetch_add(seconds * 1_000, Ordering::SeqCst);
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Timestamp {
        let ahead = self.passed.load(Ordering::SeqCst) + self.stepped.load(Ordering::SeqCst);
        Timestamp::from_millis(SystemClock.now().as_millis() + ahead)
    }

    fn steady(&self) -> Timestamp {
        let ahead = self.passed.load(Ordering::SeqCst);
        Timestamp::from_millis(SystemClock.steady().as_millis() + ahead)
    }
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            api_keys: "",
            admin_key: None,
            metrics_key: None,
            edge: Edge::default(),
            max_file_size: 8 << 20,
            running: 4,
            waiting: 16,
            max_wait: Duration::from_secs(20),
            timeout: Duration::from_secs(60),
            stall_timeout: Duration::from_secs(60),
            waiting_children: 0,
            program: Program::new(env!("CARGO_BIN_EXE_ilios"), [ilios::cli::CONVERTER_CHILD]),
            limits: Limits::default(),
            tesseract: "tesseract".into(),
            ocr_limits: ProgramLimits {
                memory: 512 << 20,
                cpu: Duration::from_secs(120),
            },
            engine: None,
            fetcher: None,
            mistral: None,
            select: SelectSettings::default(),
            objects: None,
            workers: 0,
            max_pending: 10_000,
            max_announced: 1_000,
            fetching: 16,
            prices: Prices::default(),
            policy: RetryPolicy {
                first_delay: Duration::from_millis(20),
                ..RetryPolicy::default()
            },
            clock: Arc::default(),
        }
    }
}

/// A running server. Dropping it fails the test when it has left temporary files.
pub(crate) struct TestServer {
    pub(crate) address: String,
    pub(crate) client: Client,
    pub(crate) store: Store,
    pub(crate) app: Arc<App>,
    clock: Arc<ShiftedClock>,
    folder: TempDir,
    task: tokio::task::JoinHandle<()>,
    _workers: Workers<DocumentJobs>,
    provider_batches: Option<tokio::task::JoinHandle<()>>,
}

impl TestServer {
    pub(crate) async fn start() -> Self {
        Self::with(Setup::default()).await
    }

    /// A server with workers of the queue.
    pub(crate) async fn working() -> Self {
        Self::with(Setup {
            workers: 2,
            ..Setup::default()
        })
        .await
    }

    pub(crate) async fn with(setup: Setup) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let api_keys = ApiKeys::parse(setup.api_keys).with_operators(setup.admin_key, setup.metrics_key);
        let api_keys = Arc::new(api_keys);
        let edge = setup.edge.clone();
        let clock = Arc::clone(&setup.clock);
        let (workers, policy) = (setup.workers, setup.policy);
        let app = Arc::new(app(folder.path(), setup).await);
        let provider_batches = start_provider_batches(&app, workers);
        let workers = start_workers(&app, workers, policy);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let answer_timeout = edge.answer_timeout;
        let routes = router(HttpState {
            app: Arc::clone(&app),
            api_keys,
            edge,
        });
        let serving = serve(listener, routes, answer_timeout, CancellationToken::new());
        let task = tokio::spawn(serving);
        // A redirection is an answer to look at.
        let client = Client::builder().redirect(Policy::none()).build();
        Self {
            address,
            client: client.expect("a client"),
            store: app.store().clone(),
            app,
            clock,
            folder,
            task,
            _workers: workers,
            provider_batches,
        }
    }

    /// Lets time pass for the server.
    pub(crate) fn pass(&self, span: Duration) {
        self.clock.advance(span);
    }

    /// The folder with the database, the objects and the spool.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method = method.parse::<Method>().expect("a method");
        self.client.request(method, format!("{}{path}", self.address))
    }

    pub(crate) fn post(&self, path: &str) -> RequestBuilder {
        self.request("POST", path)
    }

    /// The JSON of a path that answers 200.
    pub(crate) async fn json(&self, path: &str) -> Value {
        json(self.get(path).send().await.expect("an answer"), 200).await
    }

    /// Queues a file and returns the answer.
    pub(crate) async fn submit(&self, name: &str, bytes: impl Into<Vec<u8>>) -> Value {
        let request = self
            .post("/api/documents/submit")
            .multipart(form(name, bytes, &[]));
        json(request.send().await.expect("an answer"), 200).await
    }

    /// Queues a file; its id.
    pub(crate) async fn submitted(&self, name: &str, bytes: impl Into<Vec<u8>>) -> String {
        text(&self.submit(name, bytes).await["id"])
    }

    /// The status of a document once it has ended.
    pub(crate) async fn ended(&self, id: &str) -> Value {
        self.json(&format!("/api/documents/status/{id}?wait=60")).await
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.address))
    }

    pub(crate) fn convert(&self, form: Form) -> RequestBuilder {
        self.client
            .post(format!("{}/v1/convert", self.address))
            .multipart(form)
    }

    /// Sends a file with options and returns the answer.
    pub(crate) async fn send(
        &self,
        name: &str,
        bytes: impl Into<Vec<u8>>,
        options: &[(&str, &str)],
    ) -> Response {
        self.convert(form(name, bytes, options))
            .send()
            .await
            .expect("an answer")
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.task.abort();
        self.provider_batches
            .iter()
            .for_each(tokio::task::JoinHandle::abort);
        let left: Vec<_> = std::fs::read_dir(self.folder.path().join("tmp"))
            .expect("the spool is there")
            .map(|entry| entry.expect("an entry").path())
            .collect();
        if !std::thread::panicking() {
            assert!(left.is_empty(), "left-over temporary files: {left:?}");
        }
    }
}

async fn app(folder: &Path, mut setup: Setup) -> App {
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
        prices: setup.prices,
        fetcher: setup.fetcher.take(),
        engine: engine(setup, spool),
        clock,
        ids: Ids::new(rand::rngs::StdRng::from_os_rng()),
    })
}

fn start_provider_batches(app: &Arc<App>, workers: usize) -> Option<tokio::task::JoinHandle<()>> {
    let service = app.engine().batches().filter(|_| workers > 0)?;
    let settings = ProviderSettings {
        owner: "test".into(),
        lease: Duration::from_secs(20),
        poll: Duration::from_millis(30),
        settling: Duration::from_millis(500),
        idle_poll: Duration::from_millis(100),
    };
    Some(ProviderBatches::new(Arc::clone(app), service, settings).start())
}

fn start_workers(app: &Arc<App>, workers: usize, policy: RetryPolicy) -> Workers<DocumentJobs> {
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
    };
    let launcher = Launcher::new(Program::new(
        env!("CARGO_BIN_EXE_ilios"),
        [ilios::cli::LIMITED_PROGRAM],
    ));
    let tesseract = Tesseract::new(setup.tesseract, environment);
    let tesseract = tesseract.limited(launcher, setup.ocr_limits);
    LocalEngine::new(settings, Arc::new(tesseract))
}

/// A file as a part of a form.
pub(crate) fn part(name: &str, bytes: impl Into<Vec<u8>>) -> Part {
    Part::bytes(bytes.into()).file_name(name.to_owned())
}

/// A form with a file and options after it.
pub(crate) fn form(name: &str, bytes: impl Into<Vec<u8>>, options: &[(&str, &str)]) -> Form {
    options.iter().fold(
        Form::new().part("file", part(name, bytes)),
        |form, (name, value)| form.text((*name).to_owned(), (*value).to_owned()),
    )
}

/// A form with files under the name `files`.
pub(crate) fn files(files: &[(&str, &[u8])]) -> Form {
    files.iter().fold(Form::new(), |form, (name, bytes)| {
        form.part("files", part(name, *bytes))
    })
}

/// The JSON body of an answer; fails when it has another status.
pub(crate) async fn json(response: Response, status: u16) -> Value {
    let got = response.status().as_u16();
    let text = response.text().await.expect("a body");
    assert_eq!(got, status, "{text}");
    serde_json::from_str(&text).expect("a JSON body")
}

/// A JSON string.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().expect("a string").to_owned()
}

/// The body of a problem; fails when the answer is none with this status and code.
pub(crate) async fn problem(response: Response, status: u16, code: &str) -> Value {
    let id = response
        .headers()
        .get("x-request-id")
        .map(|id| id.to_str().expect("text").to_owned());
    let got = response.status().as_u16();
    let text = response.text().await.expect("a body");
    assert_eq!(got, status, "{text}");
    let body: Value = serde_json::from_str(&text).expect("a JSON body");
    assert_eq!(body["code"], code, "{body}");
    assert!(
        body["error"].as_str().is_some_and(|error| !error.is_empty()),
        "{body}"
    );
    assert_eq!(
        body["requestId"].as_str().map(str::to_owned),
        id,
        "the id of the header"
    );
    body
}

/// A file of the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    std::path::absolute(".")
        .expect("the folder of the crate")
        .join("../..")
        .join(path)
}

/// The bytes of a file of the repository.
pub(crate) fn sample(path: &str) -> Vec<u8> {
    let path = repository(path);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
