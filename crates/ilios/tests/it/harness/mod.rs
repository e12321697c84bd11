//! A server in this process: temporary database, temporary folders, a port of its own.

mod bodies;
mod parts;
mod setup;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ilios::app::App;
use ilios::http::{HttpState, router, serve};
use ilios::jobs::{DocumentJobs, ProviderBatches};
use ilios::model::ApiKeys;
use ilios::queue::Workers;
use ilios::store::Store;
use reqwest::multipart::Form;
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub(crate) use bodies::{files, form, json, part, problem, repository, sample, text};
use parts::{app, start_workers};
pub(crate) use parts::{local_engine, start_provider_batches};
pub(crate) use setup::{Setup, ShiftedClock};

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
    _provider_batches: Option<Workers<ProviderBatches>>,
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
        let service = app.engine().batches().filter(|_| workers > 0);
        let lease = Duration::from_secs(20);
        let provider_batches = service.map(|service| start_provider_batches(&app, service, lease));
        let workers = start_workers(&app, workers, policy);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let answer_timeout = edge.answer_timeout;
        let routes = router(HttpState {
            app: Arc::clone(&app),
            api_keys,
            edge: Arc::new(edge),
        });
        let serving = serve(listener, routes, answer_timeout, CancellationToken::new());
        let task = tokio::spawn(serving);
        // A redirection is an answer to look at.
        let client = ilios::tls::http_client().redirect(Policy::none()).build();
        Self {
            address,
            client: client.expect("a client"),
            store: app.store().clone(),
            app,
            clock,
            folder,
            task,
            _workers: workers,
            _provider_batches: provider_batches,
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

    /// The body of what a path answers.
    pub(crate) async fn body(&self, path: &str) -> String {
        let answer = self.get(path).send().await.expect("an answer");
        answer.text().await.expect("a body")
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
        let left: Vec<_> = std::fs::read_dir(self.folder.path().join("tmp"))
            .expect("the spool is there")
            .map(|entry| entry.expect("an entry").path())
            .collect();
        if !std::thread::panicking() {
            assert!(left.is_empty(), "left-over temporary files: {left:?}");
        }
    }
}
