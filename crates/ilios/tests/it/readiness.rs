//! Probes while faults happen that the server does not cause itself: they have to report each fault, and its end.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use ilios::http::{HttpState, worker_router};
use ilios::model::{ApiKeys, Secret};
use ilios::objects::{NoUploadLog, Objects, RetrySettings, S3Settings};
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::harness::{Setup, TestServer, form, json, problem};
use crate::serve::Server;

/// Until when a fault has to be told, and its end.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(5);

pub(crate) async fn ask(address: &str, path: &str) -> (u16, Value) {
    let answer = ilios::tls::http_client()
        .build()
        .expect("a client")
        .get(format!("http://{address}{path}"))
        .send()
        .await
        .expect("an answer");
    let status = answer.status().as_u16();
    (status, answer.json().await.expect("JSON"))
}

/// Waits until `/readyz` answers with this code, or that all is well; the process serves all the time.
pub(crate) async fn becomes(server: &Server, code: Option<&str>) {
    let started = Instant::now();
    loop {
        let (status, body) = ask(&server.address, "/readyz").await;
        let as_expected = match code {
            Some(code) => status == 503 && body["code"] == code,
            None => status == 200 && body["status"] == "ready",
        };
        if as_expected {
            break;
        }
        assert!(started.elapsed() < RESPONSE_TIMEOUT, "{code:?}: {status} {body}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(
        ask(&server.address, "/livez").await,
        (200, serde_json::json!({"status": "alive"}))
    );
}

/// Converts a line of text; the status of the answer, and the document's id.
pub(crate) async fn convert(server: &Server) -> (u16, Option<String>) {
    let request = ilios::tls::http_client()
        .build()
        .expect("a client")
        .post(format!("http://{}/v1/convert", server.address));
    let answer = request
        .multipart(form("a.txt", "a line of text", &[]))
        .send()
        .await;
    let answer = answer.expect("an answer");
    let id = answer.headers().get("x-document-id");
    let id = id.map(|id| id.to_str().expect("text").to_owned());
    (answer.status().as_u16(), id)
}

pub(crate) async fn converted(server: &Server) -> String {
    let (status, id) = convert(server).await;
    assert_eq!(status, 200);
    id.expect("an id")
}

pub(crate) fn data(server: &Server) -> PathBuf {
    server.folder.path().join("data")
}

#[tokio::test]
async fn a_database_that_another_process_has_for_itself() {
    let server = Server::start(&[]);
    becomes(&server, None).await;
    let database = libsql::Builder::new_local(data(&server).join("ilios.db"));
    let connection = database
        .build()
        .await
        .expect("a file")
        .connect()
        .expect("a database");
    connection
        .execute_batch("BEGIN IMMEDIATE")
        .await
        .expect("the lock");
    becomes(&server, Some("database_locked")).await;
    connection
        .execute_batch("ROLLBACK")
        .await
        .expect("it is given back");
    becomes(&server, None).await;
    converted(&server).await;
}

#[tokio::test]
async fn folders_that_are_missing() {
    let server = Server::start(&[]);
    becomes(&server, None).await;
    for (folder, code) in [
        ("data/tmp", "spool_unavailable"),
        ("data/objects", "objects_unavailable"),
        ("data", "database_missing"),
    ] {
        let (here, away) = (
            server.folder.path().join(folder),
            server.folder.path().join("away"),
        );
        std::fs::rename(&here, &away).expect("it is moved");
        becomes(&server, Some(code)).await;
        std::fs::rename(&away, &here).expect("it is moved");
        becomes(&server, None).await;
    }
    converted(&server).await;
}

/// A small file system of its own, gone when this is dropped.
pub(crate) struct SmallDisk(pub(crate) PathBuf);

impl SmallDisk {
    pub(crate) fn mount(folder: &Path, megabytes: u32) -> Self {
        std::fs::create_dir_all(folder).expect("a folder");
        let mut mount = Command::new("mount");
        let size = format!("size={megabytes}m");
        let mount = mount.args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(folder);
        assert!(mount.status().expect("mount runs").success(), "it needs root");
        Self(folder.to_owned())
    }

    /// Leaves no room on it; answers the file to delete.
    pub(crate) fn fill(&self) -> PathBuf {
        let filler = self.0.join("filler");
        let full = std::fs::write(&filler, vec![0; 64 << 20]);
        assert!(full.is_err(), "the disk is smaller");
        filler
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // A test that fails says more than what is still mounted then.
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[tokio::test]
async fn a_full_disk() {
    let folder = TempDir::new().expect("a temporary folder");
    let disk = SmallDisk::mount(&folder.path().join("data"), 8);
    let server = Server::start_in(folder, &[]);
    let mut documents = vec![converted(&server).await];
    becomes(&server, None).await;
    let filler = disk.fill();
    becomes(&server, Some("disk_full")).await;
    std::fs::remove_file(&filler).expect("it is deleted");
    becomes(&server, None).await;
    documents.push(converted(&server).await);
    drop(server);
}

/// A bucket at `address` that nobody waits long for.
pub(crate) fn bucket(address: &str) -> Objects {
    let settings = S3Settings {
        bucket: "originals".into(),
        endpoint: Some(format!("http://{address}")),
        region: "auto".into(),
        path_style: true,
        access_key_id: Secret::new("id"),
        secret_access_key: Secret::new("secret"),
        retry: RetrySettings {
            retries: 0,
            ..RetrySettings::default()
        },
    };
    Objects::open_s3(&settings, Arc::new(NoUploadLog)).expect("a client")
}

/// The address of the probes of a worker that works with the same things as `server`.
async fn worker(server: &TestServer) -> String {
    let routes = worker_router(HttpState {
        app: Arc::clone(&server.app),
        api_keys: Arc::new(ApiKeys::parse("")),
        edge: Arc::default(),
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    tokio::spawn(async move { axum::serve(listener, routes).await });
    address
}

#[tokio::test]
async fn a_lost_bucket_takes_the_work_from_workers_and_nothing_else_from_clients() {
    let server = TestServer::with(Setup {
        objects: Some(bucket("127.0.0.1:9")),
        ..Setup::default()
    })
    .await;
    let ready = server.get("/readyz").send().await.expect("an answer");
    assert_eq!(json(ready, 200).await["status"], "ready");
    assert_eq!(server.send("a.txt", "text", &[]).await.status(), 200);
    let health = server.get("/health").send().await.expect("an answer");
    assert_eq!(json(health, 503).await["services"]["s3"], "unhealthy");
    let worker = worker(&server).await;
    let (status, body) = ask(&worker, "/readyz").await;
    assert_eq!(
        (status, &body["code"]),
        (503, &"objects_unavailable".into()),
        "{body}"
    );
    assert_eq!(ask(&worker, "/livez").await.0, 200);
}

#[tokio::test]
async fn a_node_that_ends_is_not_ready_any_more() {
    let server = TestServer::start().await;
    server.app.events().stopping.cancel();
    let answer = server.get("/readyz").send().await.expect("an answer");
    problem(answer, 503, "stopping").await;
    assert_eq!(
        server.get("/livez").send().await.expect("an answer").status(),
        200
    );
}

#[tokio::test]
async fn however_many_ask_the_bucket_is_asked_once_a_second() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let visits = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&visits);
    tokio::spawn(async move {
        let mut open = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            // Nobody is answered.
            open.push(stream);
        }
    });
    let server = TestServer::with(Setup {
        objects: Some(bucket(&address)),
        ..Setup::default()
    })
    .await;
    let started = Instant::now();
    for _ in 0..20 {
        // Whoever does not wait for the answer has not asked in vain.
        let impatient = server
            .get("/health")
            .timeout(Duration::from_millis(20))
            .send()
            .await;
        match impatient {
            Ok(answer) => assert_eq!(answer.status(), 503),
            Err(error) => assert!(error.is_timeout(), "{error}"),
        }
    }
    let answers = (0..50).map(|_| server.get("/health").send());
    for answer in futures::future::join_all(answers).await {
        assert_eq!(answer.expect("an answer").status(), 503);
    }
    let seconds = usize::try_from(started.elapsed().as_secs()).expect("a number");
    let visits = visits.load(Ordering::SeqCst);
    assert!((1..=seconds + 1).contains(&visits), "{visits} in {seconds} s");
}
