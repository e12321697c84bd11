//! A server in this process: temporary database, temporary folders, a port of its own.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ilios::app::{Admission, App};
use ilios::engine::{Engine, LocalEngine, LocalEngineSettings, Tesseract};
use ilios::http::{HttpState, router};
use ilios::model::{ApiKeys, Clock, Ids, SystemClock};
use ilios::spool::Spool;
use ilios::store::Store;
use ilios_convert::Limits;
use ilios_sandbox::Program;
use rand::SeedableRng;
use reqwest::multipart::{Form, Part};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpListener;

/// How a test server differs from the default.
pub(crate) struct Setup {
    pub(crate) api_keys: &'static str,
    pub(crate) max_file_size: u64,
    pub(crate) running: usize,
    pub(crate) waiting: usize,
    pub(crate) max_wait: Duration,
    pub(crate) timeout: Duration,
    pub(crate) program: Program,
    pub(crate) limits: Limits,
    pub(crate) tesseract: PathBuf,
    pub(crate) engine: Option<Arc<dyn Engine>>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            api_keys: "",
            max_file_size: 8 << 20,
            running: 4,
            waiting: 16,
            max_wait: Duration::from_secs(20),
            timeout: Duration::from_secs(60),
            program: Program::new(env!("CARGO_BIN_EXE_ilios"), [ilios::cli::CONVERTER_CHILD]),
            limits: Limits::default(),
            tesseract: "tesseract".into(),
            engine: None,
        }
    }
}

/// A running server. Dropping it fails the test when it has left temporary files.
pub(crate) struct TestServer {
    pub(crate) address: String,
    pub(crate) client: Client,
    pub(crate) store: Store,
    folder: TempDir,
    task: tokio::task::JoinHandle<()>,
}

impl TestServer {
    pub(crate) async fn start() -> Self {
        Self::with(Setup::default()).await
    }

    pub(crate) async fn with(setup: Setup) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let store = Store::open_local(&folder.path().join("ilios.db"))
            .await
            .expect("a database");
        store.migrate(SystemClock.now()).await.expect("migrations run");
        let api_keys = Arc::new(ApiKeys::parse(setup.api_keys));
        let app = App {
            store: store.clone(),
            spool: Spool::new(&folder.path().join("tmp"), setup.max_file_size).expect("a spool"),
            admission: Admission::new(setup.running, setup.waiting, setup.max_wait),
            engine: engine(setup),
            clock: Arc::new(SystemClock),
            ids: Ids::new(rand::rngs::StdRng::from_os_rng()),
        };
        let routes = router(HttpState {
            app: Arc::new(app),
            api_keys,
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let task = tokio::spawn(async move { axum::serve(listener, routes).await.expect("it serves") });
        Self {
            address,
            client: Client::new(),
            store,
            folder,
            task,
        }
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
        let left: Vec<_> = std::fs::read_dir(self.folder.path().join("tmp"))
            .expect("the spool is there")
            .map(|entry| entry.expect("an entry").path())
            .collect();
        if !std::thread::panicking() {
            assert!(left.is_empty(), "left-over temporary files: {left:?}");
        }
    }
}

fn engine(setup: Setup) -> Arc<dyn Engine> {
    setup.engine.unwrap_or_else(|| {
        let environment = vec![("PATH".into(), "/usr/local/bin:/usr/bin:/bin".into())];
        let limits = Limits {
            input_bytes: setup.max_file_size,
            ..setup.limits
        };
        let settings = LocalEngineSettings {
            program: setup.program,
            limits,
            timeout: setup.timeout,
        };
        Arc::new(LocalEngine::new(
            settings,
            Arc::new(Tesseract::new(setup.tesseract, environment)),
        ))
    })
}

/// A form with a file and options after it.
pub(crate) fn form(name: &str, bytes: impl Into<Vec<u8>>, options: &[(&str, &str)]) -> Form {
    let file = Part::bytes(bytes.into()).file_name(name.to_owned());
    options
        .iter()
        .fold(Form::new().part("file", file), |form, (name, value)| {
            form.text((*name).to_owned(), (*value).to_owned())
        })
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
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// The bytes of a file of the repository.
pub(crate) fn sample(path: &str) -> Vec<u8> {
    let path = repository(path);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
