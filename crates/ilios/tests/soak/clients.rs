use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use reqwest::multipart::{Form, Part};
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Clients at work at the same time.
const CLIENTS: u64 = 4;
/// The longest pause of a client between two requests: the server is busy, not overrun.
const MAX_PAUSE: Duration = Duration::from_millis(200);
const BATCH_FILES: usize = 6;

const KINDS: [&str; 6] = [
    "convert",
    "submit",
    "batch",
    "direct upload",
    "broken file",
    "leaves early",
];

/// Clients that send mixed requests until they are stopped.
pub(crate) struct Clients {
    stop: CancellationToken,
    running: TaskTracker,
    counts: Arc<Mutex<BTreeMap<&'static str, u64>>>,
}

struct Sender {
    client: Client,
    address: String,
    files: Arc<Vec<PathBuf>>,
    random: StdRng,
}

impl Clients {
    pub(crate) fn start(address: &str, seed: u64) -> Self {
        let (stop, running) = (CancellationToken::new(), TaskTracker::new());
        let counts: Arc<Mutex<BTreeMap<_, _>>> = Arc::new(Mutex::new(KINDS.map(|kind| (kind, 0)).into()));
        let files = Arc::new(files());
        for number in 0..CLIENTS {
            let mut sender = Sender {
                client: ilios::tls::http_client().build().expect("a client"),
                address: address.to_owned(),
                files: Arc::clone(&files),
                random: StdRng::seed_from_u64(seed.wrapping_mul(1_000).wrapping_add(number)),
            };
            let (stop, counts) = (stop.clone(), Arc::clone(&counts));
            running.spawn(async move {
                while !stop.is_cancelled() {
                    let kind = KINDS[sender.random.random_range(0..KINDS.len())];
                    sender.send(kind).await;
                    *counts.lock().expect("nobody panics").entry(kind).or_default() += 1;
                    let pause = sender.random.random_range(Duration::ZERO..MAX_PAUSE);
                    tokio::time::sleep(pause).await;
                }
            });
        }
        running.close();
        Self {
            stop,
            running,
            counts,
        }
    }

    /// Lets the clients end what they are at; requests by kind.
    pub(crate) async fn stop(self) -> BTreeMap<&'static str, u64> {
        self.stop.cancel();
        self.running.wait().await;
        std::mem::take(&mut *self.counts.lock().expect("nobody panics"))
    }
}

impl Sender {
    async fn send(&mut self, kind: &str) {
        match kind {
            "convert" => self.convert().await,
            "submit" => self.submit().await,
            "batch" => self.batch().await,
            "direct upload" => self.direct_upload().await,
            "broken file" => self.broken_file().await,
            _ => self.leave_early().await,
        }
    }

    async fn convert(&mut self) {
        let format = ["markdown", "json", "html", "text"][self.random.random_range(0..4)];
        let form = Form::new().part("file", self.part()).text("format", format);
        let answer = self
            .post("/v1/convert")
            .multipart(form)
            .send()
            .await
            .expect("an answer");
        let status = answer.status();
        let text = answer.text().await.expect("a text");
        assert!(status == 200 && !text.is_empty(), "{status}: {text}");
    }

    async fn submit(&mut self) {
        let form = Form::new().part("file", self.part());
        let accepted = read(self.post("/api/documents/submit").multipart(form)).await;
        let id = accepted["id"].as_str().expect("an id").to_owned();
        self.completed(&id).await;
        self.ask(Method::GET, &format!("/api/documents/{id}/original"))
            .await;
        self.ask(Method::DELETE, &format!("/api/documents/{id}")).await;
    }

    async fn batch(&mut self) {
        let form = (0..BATCH_FILES).fold(Form::new(), |form, _| form.part("files", self.part()));
        let accepted = read(self.post("/v1/batch/submit").multipart(form)).await;
        let id = accepted["batchId"].as_str().expect("an id").to_owned();
        let path = format!("/v1/batch/status/{id}?wait=60");
        let status = read(self.request(Method::GET, &path)).await;
        assert_eq!(status["status"], "completed", "{status}");
        for format in ["zip", "jsonl", "markdown"] {
            self.ask(Method::GET, &format!("/v1/batch/download/{id}?format={format}"))
                .await;
        }
    }

    async fn direct_upload(&mut self) {
        let path = self.file();
        let bytes = std::fs::read(&path).expect("a file");
        let body = json!({"fileName": name(&path), "fileSize": bytes.len()});
        let upload = read(self.post("/api/documents/upload-url").json(&body)).await;
        let (id, url) = (text(&upload, "id"), text(&upload, "uploadUrl"));
        let put = self.client.put(url).body(bytes).send().await.expect("an answer");
        assert_eq!(put.status(), 200);
        read(self.post(&format!("/api/documents/upload-complete/{id}"))).await;
        self.completed(&id).await;
    }

    async fn broken_file(&mut self) {
        let part = Part::bytes(&b"%PDF-1.7 and nothing of it"[..]).file_name("broken.pdf");
        let form = Form::new().part("file", part);
        let answer = self
            .post("/v1/convert")
            .multipart(form)
            .send()
            .await
            .expect("an answer");
        assert!(answer.status().is_client_error(), "{}", answer.status());
    }

    /// A client that goes away while its file is on its way or converted.
    async fn leave_early(&mut self) {
        let form = Form::new().part("file", self.part());
        let request = self.post("/v1/convert").multipart(form).send();
        let timeout = self
            .random
            .random_range(Duration::ZERO..Duration::from_millis(40));
        // Whether the answer came first makes no difference here.
        drop(tokio::time::timeout(timeout, request).await);
    }

    async fn completed(&self, id: &str) {
        let path = format!("/api/documents/status/{id}?wait=60");
        let status = read(self.request(Method::GET, &path)).await;
        assert_eq!(status["status"], "completed", "{status}");
        self.ask(Method::GET, &format!("/api/documents/{id}")).await;
    }

    async fn ask(&self, method: Method, path: &str) {
        let answer = self.request(method, path).send().await.expect("an answer");
        let status = answer.status();
        let body = answer.bytes().await.expect("a body");
        assert!(
            status.is_success(),
            "{path}: {status}: {}",
            String::from_utf8_lossy(&body)
        );
    }

    fn post(&self, path: &str) -> RequestBuilder {
        self.request(Method::POST, path)
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.address))
    }

    fn file(&mut self) -> PathBuf {
        self.files[self.random.random_range(0..self.files.len())].clone()
    }

    fn part(&mut self) -> Part {
        let path = self.file();
        Part::bytes(std::fs::read(&path).expect("a file")).file_name(name(&path))
    }
}

/// The JSON of an answer of success.
async fn read(request: RequestBuilder) -> Value {
    let answer: Response = request.send().await.expect("an answer");
    let status = answer.status();
    let body = answer.text().await.expect("a text");
    assert!(status.is_success(), "{status}: {body}");
    serde_json::from_str(&body).expect("JSON")
}

fn text(value: &Value, field: &str) -> String {
    value[field].as_str().expect("a text").to_owned()
}

fn name(path: &Path) -> String {
    path.file_name().expect("a name").to_string_lossy().into_owned()
}

/// One file of each format, and the sample of the first page.
fn files() -> Vec<PathBuf> {
    let root = std::path::absolute(".").expect("the folder of the crate");
    let corpus = root.join("../convert/tests/fixtures/corpus");
    let entries = std::fs::read_dir(corpus).expect("a folder");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension != "py"));
    files.push(root.join("../../samples/annual-report.pdf"));
    files.sort();
    files
}
