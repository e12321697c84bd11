//! A real libSQL server for a test, with a database of its own.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use ilios::model::{Clock, Secret};
use ilios::store::ReplicaSettings;
use serde_json::{Value, json};
use tempfile::TempDir;

const VERSION: &str = "0.24.1-pre.42";

/// A server on ports of its own. Ends when it is dropped.
pub(crate) struct PrimaryServer {
    pub(crate) address: SocketAddr,
    folder: TempDir,
    /// Whether it lets in only who has a token.
    tokens: Option<Tokens>,
    child: Mutex<Child>,
}

impl PrimaryServer {
    pub(crate) async fn start() -> Self {
        Self::start_with(None).await
    }

    /// One that lets in who has a token.
    pub(crate) async fn start_with_tokens() -> Self {
        Self::start_with(Some(Tokens::make())).await
    }

    async fn start_with(tokens: Option<Tokens>) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        for _ in 0..5 {
            let address = free();
            let mut child = spawn(folder.path(), address, tokens.as_ref());
            // Somebody else may have taken the port since.
            if answers(address, &mut child).await {
                return Self {
                    address,
                    folder,
                    tokens,
                    child: Mutex::new(child),
                };
            }
        }
        panic!("the libSQL server does not start");
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Ends it as a power cut would, but for what is in the page cache.
    pub(crate) fn kill(&self) {
        let mut child = self.child.lock().expect("nobody panics");
        child.kill().expect("it is killed");
        child.wait().expect("it ends");
    }

    /// Starts it again, with what it has kept.
    pub(crate) async fn start_again(&self) {
        let mut child = spawn(self.folder.path(), self.address, self.tokens.as_ref());
        assert!(answers(self.address, &mut child).await, "it starts again");
        *self.child.lock().expect("nobody panics") = child;
    }

    /// Starts it again with nothing.
    pub(crate) async fn start_empty(&self) {
        std::fs::remove_dir_all(self.folder.path().join("data")).expect("it is deleted");
        self.start_again().await;
    }

    /// A token that is good for so many seconds from now.
    pub(crate) fn token(&self, seconds: i64) -> Secret {
        Secret::new(self.tokens.as_ref().expect("there are tokens").sign(seconds))
    }

    /// Settings of a copy in `folder`.
    pub(crate) fn settings(&self, folder: &Path, clock: Option<Arc<dyn Clock>>) -> ReplicaSettings {
        settings(&self.url(), folder, clock)
    }

    /// Answer to a pipeline of requests, as it is sent.
    pub(crate) async fn pipeline(&self, requests: &Value) -> String {
        let request = ilios::tls::http_client()
            .build()
            .expect("a client")
            .post(format!("{}/v3/pipeline", self.url()));
        let answer = request.json(requests).send().await.expect("an answer");
        answer.text().await.expect("a text")
    }

    /// Runs a statement; answers its rows, values as text.
    pub(crate) async fn sql(&self, sql: &str) -> Vec<Vec<Option<String>>> {
        let requests = json!({ "requests": [
            { "type": "execute", "stmt": { "sql": sql } }, { "type": "close" }
        ] });
        let mut request = ilios::tls::http_client()
            .build()
            .expect("a client")
            .post(format!("{}/v2/pipeline", self.url()));
        if self.tokens.is_some() {
            request = request.bearer_auth(self.token(60).reveal());
        }
        let answer = request.json(&requests).send().await.expect("an answer");
        let answer: Value = answer.json().await.expect("JSON");
        let result = &answer["results"][0]["response"]["result"];
        let rows = result["rows"]
            .as_array()
            .unwrap_or_else(|| panic!("{sql}: {answer}"));
        let text = |value: &Value| match &value["value"] {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        };
        let values = |row: &Value| row.as_array().expect("values").iter().map(text).collect();
        rows.iter().map(values).collect()
    }

    /// The only number of the only row.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        let rows = self.sql(sql).await;
        let number = rows.first().and_then(|row| row.first()?.as_deref()?.parse().ok());
        number.unwrap_or_else(|| panic!("{sql}: {rows:?}"))
    }
}

impl Drop for PrimaryServer {
    fn drop(&mut self) {
        // Nothing more can be done for a process that does not end.
        if let Ok(child) = self.child.get_mut() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

pub(crate) fn settings(url: &str, folder: &Path, clock: Option<Arc<dyn Clock>>) -> ReplicaSettings {
    ReplicaSettings {
        file: folder.join("replica.db"),
        key: None,
        url: url.to_owned(),
        token: None,
        sync_interval: Duration::from_secs(3_600),
        retry_timeout: Duration::from_secs(20),
        clock,
    }
}

/// What signs tokens, and what the server knows them by.
struct Tokens(TempDir);

impl Tokens {
    fn make() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        openssl(
            folder.path(),
            &["genpkey", "-algorithm", "ed25519", "-out", "key.pem"],
        );
        openssl(
            folder.path(),
            &["pkey", "-in", "key.pem", "-pubout", "-out", "public.pem"],
        );
        Self(folder)
    }

    fn public(&self) -> PathBuf {
        self.0.path().join("public.pem")
    }

    fn sign(&self, seconds: i64) -> String {
        use base64::Engine;
        let encode = |bytes: &[u8]| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes);
        let now = ilios::model::SystemClock;
        let until = Clock::now(&now).as_millis() / 1_000 + seconds;
        let claims = format!(r#"{{"exp":{until}}}"#);
        let signed = format!(
            "{}.{}",
            encode(br#"{"alg":"EdDSA","typ":"JWT"}"#),
            encode(claims.as_bytes())
        );
        std::fs::write(self.0.path().join("signed"), &signed).expect("a file");
        openssl(
            self.0.path(),
            &[
                "pkeyutl",
                "-sign",
                "-inkey",
                "key.pem",
                "-rawin",
                "-in",
                "signed",
                "-out",
                "signature",
            ],
        );
        let signature = std::fs::read(self.0.path().join("signature")).expect("a signature");
        format!("{signed}.{}", encode(&signature))
    }
}

fn openssl(folder: &Path, arguments: &[&str]) {
    let mut openssl = Command::new("openssl");
    let status = openssl
        .args(arguments)
        .current_dir(folder)
        .stderr(Stdio::null())
        .status();
    assert!(status.expect("openssl runs").success(), "{arguments:?}");
}

fn free() -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address")
}

#[expect(clippy::disallowed_methods, reason = "a test has no configuration module")]
fn program() -> PathBuf {
    let cache = match std::env::var("XDG_CACHE_HOME") {
        Ok(cache) => PathBuf::from(cache),
        Err(_) => PathBuf::from(std::env::var("HOME").expect("a home")).join(".cache"),
    };
    let program = cache.join(format!("ilios/sqld-{VERSION}/sqld"));
    assert!(
        program.exists(),
        "no libSQL server; run scripts/install-test-packages.sh"
    );
    program
}

fn spawn(folder: &Path, address: SocketAddr, tokens: Option<&Tokens>) -> Child {
    let mut sqld = Command::new(program());
    sqld.arg("--db-path")
        .arg(folder.join("data"))
        .args(["--http-listen-addr", &address.to_string()])
        .args(["--no-welcome", "--disable-metrics"])
        .env_clear()
        .env("RUST_LOG", "error")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    if let Some(tokens) = tokens {
        sqld.arg("--auth-jwt-key-file").arg(tokens.public());
    }
    sqld.spawn().expect("sqld runs")
}

async fn answers(address: SocketAddr, child: &mut Child) -> bool {
    let since = Instant::now();
    while since.elapsed() < Duration::from_secs(30) {
        if child.try_wait().expect("a status").is_some() {
            return false;
        }
        let health = ilios::tls::http_client()
            .build()
            .expect("a client")
            .get(format!("http://{address}/health"))
            .send()
            .await;
        if health.is_ok_and(|answer| answer.status().is_success()) {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    false
}
