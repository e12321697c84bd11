//! The real program as a process: start, signals, log.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::s3_server::{ACCESS_KEY, BUCKET, S3Server, SECRET};

/// Maximum time for an expected event.
const WAIT_TIMEOUT: Duration = Duration::from_secs(30);

pub(crate) struct Server {
    process: Running,
    pub(crate) address: String,
    log: std::thread::JoinHandle<Vec<String>>,
    pub(crate) folder: TempDir,
}

/// A process that ends with its test, however that does.
struct Running(Child);

impl std::ops::Deref for Running {
    type Target = Child;

    fn deref(&self) -> &Child {
        &self.0
    }
}

impl std::ops::DerefMut for Running {
    fn deref_mut(&mut self) -> &mut Child {
        &mut self.0
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Server {
    pub(crate) fn start(environment: &[(&str, &str)]) -> Self {
        Self::start_in(TempDir::new().expect("a temporary folder"), environment)
    }

    /// A server that works in `folder`.
    pub(crate) fn start_in(folder: TempDir, environment: &[(&str, &str)]) -> Self {
        let process = Command::new(env!("CARGO_BIN_EXE_ilios"))
            .arg("serve")
            .current_dir(folder.path())
            .env_clear()
            .envs([("PATH", "/usr/bin:/bin"), ("PORT", "0")])
            .envs(environment.iter().copied())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut process = Running(process);
        let mut lines = BufReader::new(process.stderr.take().expect("a log"))
            .lines()
            .map_while(Result::ok);
        let mut seen = Vec::new();
        let address = loop {
            let line = lines.next().expect("a line that tells the address");
            let entry: Value = serde_json::from_str(&line).expect("a JSON line");
            seen.push(line);
            if let Some(address) = entry["address"].as_str() {
                break address.to_owned();
            }
        };
        let log = std::thread::spawn(move || seen.into_iter().chain(lines).collect());
        Self {
            process,
            address,
            log,
            folder,
        }
    }

    /// Bytes of memory that the program has for itself.
    pub(crate) fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()));
        let status = status.expect("its status");
        let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
        kilobytes.expect("a number") << 10
    }

    pub(crate) fn signal(&self, name: &str) {
        let status = Command::new("kill")
            .args([name, &self.process.id().to_string()])
            .status();
        assert!(status.expect("kill runs").success());
    }

    /// Waits for the end; returns the folder that the server has worked in.
    pub(crate) fn ended(mut self) -> TempDir {
        self.process.wait().expect("it ends");
        self.log.join().expect("the log");
        self.folder
    }

    /// Waits for the end; returns the exit status and the log.
    pub(crate) fn end(mut self) -> (Option<i32>, Vec<String>) {
        let code = self.process.wait().expect("it ends").code();
        (code, self.log.join().expect("the log"))
    }
}

/// Begins an upload: returns once the server asks for its body.
async fn upload(server: &Server, body: &str) -> TcpStream {
    let mut stream = TcpStream::connect(&server.address).await.expect("a connection");
    let head = format!(
        "POST /v1/convert HTTP/1.1\r\nHost: x\r\nX-Request-Id: my-upload\r\nConnection: close\r\n\
         Expect: 100-continue\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.expect("it is taken");
    let mut told = [0; b"HTTP/1.1 100 Continue\r\n\r\n".len()];
    stream.read_exact(&mut told).await.expect("it asks");
    assert!(told.starts_with(b"HTTP/1.1 100 ") && told.ends_with(b"\r\n\r\n"));
    stream
}

/// The processes that the process has started.
fn children(process: u32) -> Vec<u32> {
    let tasks = std::fs::read_dir(format!("/proc/{process}/task"))
        .into_iter()
        .flatten()
        .flatten();
    let lists = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok());
    let ids: Vec<String> = lists.collect();
    let ids = ids.iter().flat_map(|list| list.split_ascii_whitespace());
    ids.filter_map(|id| id.parse().ok()).collect()
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn converters_that_wait_end_with_the_program() {
    for signal in ["-TERM", "-KILL"] {
        let server = Server::start(&[("CONVERT_WAITING", "3")]);
        let started = Instant::now();
        let mut waiting = Vec::new();
        while waiting.len() < 3 && started.elapsed() < WAIT_TIMEOUT {
            tokio::time::sleep(Duration::from_millis(20)).await;
            waiting = children(server.process.id());
        }
        assert_eq!(waiting.len(), 3);
        server.signal(signal);
        server.end();
        let alive = |id: &u32| std::path::Path::new(&format!("/proc/{id}")).exists();
        let started = Instant::now();
        while waiting.iter().any(alive) && started.elapsed() < WAIT_TIMEOUT {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert!(!waiting.iter().any(alive), "{signal}: {waiting:?}");
    }
}

const BODY: &str = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"private.txt\"\r\n\r\n\
                    confidential words\r\n--b--\r\n";

#[tokio::test]
async fn a_signal_lets_a_running_request_end_and_then_the_program() {
    for signal in ["-TERM", "-INT"] {
        let server = Server::start(&[]);
        let mut stream = upload(&server, BODY).await;
        stream
            .write_all(&BODY.as_bytes()[..40])
            .await
            .expect("it is taken");
        server.signal(signal);
        let signalled = Instant::now();
        while TcpStream::connect(&server.address).await.is_ok() {
            assert!(signalled.elapsed() < WAIT_TIMEOUT, "it takes new connections");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        stream
            .write_all(&BODY.as_bytes()[40..])
            .await
            .expect("it is still taken");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("an answer");
        assert!(
            answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("confidential words\n"),
            "{answer}"
        );
        assert_eq!(server.end().0, Some(0));
    }
}

#[tokio::test]
async fn a_request_that_never_ends_does_not_keep_the_program() {
    let server = Server::start(&[]);
    let _stream = upload(&server, BODY).await;
    let started = Instant::now();
    server.signal("-TERM");
    assert_eq!(server.end().0, Some(0));
    let took = started.elapsed();
    assert!(
        (Duration::from_secs(4)..Duration::from_secs(8)).contains(&took),
        "{took:?}"
    );
}

#[tokio::test]
async fn the_log_is_json_with_request_ids_and_without_keys_or_content() {
    let server = Server::start(&[("API_KEY", "hunter2"), ("HOST", "127.0.0.1")]);
    let client = ilios::tls::http_client().build().expect("a client");
    let file = reqwest::multipart::Part::text("confidential words").file_name("private.txt");
    let form = reqwest::multipart::Form::new().part("file", file);
    let request = client
        .post(format!("http://{}/v1/convert", server.address))
        .multipart(form);
    let response = request
        .bearer_auth("hunter2")
        .header("x-request-id", "my-upload")
        .send()
        .await;
    assert_eq!(response.expect("an answer").status(), 200);
    server.signal("-TERM");
    let (code, log) = server.end();
    assert_eq!(code, Some(0));
    let entries: Vec<Value> = log
        .iter()
        .map(|line| serde_json::from_str(line).expect("a JSON line"))
        .collect();
    let answered: Vec<_> = entries
        .iter()
        .filter(|entry| entry["message"] == "answered")
        .collect();
    assert_eq!(answered.len(), 1, "{log:?}");
    assert_eq!(answered[0]["span"]["request_id"], "my-upload");
    assert_eq!(
        (&answered[0]["status"], &answered[0]["path"]),
        (&200.into(), &"/v1/convert".into())
    );
    let all = log.join("\n");
    assert!(!all.contains("hunter2") && !all.contains("confidential"), "{all}");
}

#[tokio::test]
async fn the_log_can_be_plain_text() {
    let folder = TempDir::new().expect("a temporary folder");
    let mut process = Command::new(env!("CARGO_BIN_EXE_ilios"))
        .arg("serve")
        .current_dir(folder.path())
        .env_clear()
        .envs([("PORT", "0"), ("LOG_FORMAT", "text")])
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut lines = BufReader::new(process.stderr.take().expect("a log"))
        .lines()
        .map_while(Result::ok);
    let line = lines.find(|line| line.contains("listening")).expect("a line");
    assert!(
        line.contains("INFO") && line.contains("no API_KEY is set") && !line.contains('{'),
        "{line}"
    );
    process.kill().expect("it ends");
    process.wait().expect("it ends");
}

#[tokio::test]
async fn a_port_that_is_taken_is_one_clear_line() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let folder = TempDir::new().expect("a temporary folder");
    let output = Command::new(env!("CARGO_BIN_EXE_ilios"))
        .arg("serve")
        .current_dir(folder.path())
        .env_clear()
        .env("PORT", &port)
        .output()
        .expect("it runs");
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        err.lines()
            .any(|line| line.starts_with("ilios: ") && line.contains(&port)),
        "{err}"
    );
}

/// The fault that a server does not start with, with `environment`.
fn refused(folder: &TempDir, environment: &[(&str, String)]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_ilios"))
        .arg("serve")
        .current_dir(folder.path())
        .env_clear()
        .env("PORT", "0")
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .output()
        .expect("it runs");
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{err}");
    let fault = err.lines().find(|line| line.starts_with("ilios: "));
    fault.unwrap_or_else(|| panic!("no fault: {err}")).to_owned()
}

#[tokio::test]
async fn a_second_server_keeps_off_the_database_of_the_first() {
    let server = Server::start(&[]);
    let fault = refused(&server.folder, &[]);
    assert!(fault.contains("another server works with"), "{fault}");
    assert!(fault.contains("LOCAL_DB_PATH"), "{fault}");
    server.signal("-TERM");
    assert_eq!(server.end().0, Some(0));
}

#[tokio::test]
async fn a_bucket_that_refuses_the_server_stops_the_start_and_names_what_to_look_at() {
    let s3 = S3Server::start().await;
    let folder = TempDir::new().expect("a temporary folder");
    let setting = |bucket: &str, secret: &str| {
        [
            ("S3_BUCKET", bucket.to_owned()),
            ("AWS_ENDPOINT_URL_S3", format!("http://{}", s3.address)),
            ("AWS_ACCESS_KEY_ID", ACCESS_KEY.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", secret.to_owned()),
        ]
    };
    let fault = refused(&folder, &setting(BUCKET, "not-the-secret"));
    assert!(fault.contains("AWS_SECRET_ACCESS_KEY"), "{fault}");
    assert!(!fault.contains("not-the-secret"), "{fault}");
    let fault = refused(&folder, &setting("no-such-bucket", SECRET));
    assert!(fault.contains("S3_BUCKET"), "{fault}");
}
