//! A real S3 server for a test, and a way to it that fails on purpose.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures::future::BoxFuture;
use ilios::model::Secret;
use ilios::objects::{NoUploadLog, ObjectKey, Objects, RetrySettings, S3Settings, UploadLog};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

pub(crate) const BUCKET: &str = "originals";
pub(crate) const ACCESS_KEY: &str = "AKIATEST";
pub(crate) const SECRET: &str = "hunter2hunter2";

/// An `s3s-fs` with one bucket on a port of its own. Ends when it is dropped.
pub(crate) struct S3Server {
    pub(crate) address: SocketAddr,
    folder: TempDir,
    child: Child,
}

impl S3Server {
    pub(crate) async fn start() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        std::fs::create_dir(folder.path().join(BUCKET)).expect("a bucket");
        for _ in 0..5 {
            let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
            let address = free.local_addr().expect("an address");
            drop(free);
            let mut child = spawn(address, &folder);
            // Somebody else may have taken the port since.
            if answers(address, &mut child).await {
                return Self {
                    address,
                    folder,
                    child,
                };
            }
        }
        panic!("the S3 server does not start");
    }

    pub(crate) fn stop(&mut self) {
        self.child.kill().expect("it is killed");
        self.child.wait().expect("it ends");
    }

    /// Starts it again, with what it has kept.
    pub(crate) async fn restart(&mut self) {
        self.child = spawn(self.address, &self.folder);
        assert!(answers(self.address, &mut self.child).await, "it starts again");
    }

    pub(crate) fn settings(&self) -> S3Settings {
        settings(self.address)
    }

    pub(crate) fn objects(&self) -> Objects {
        open(&self.settings())
    }

    /// Where the server keeps an object.
    pub(crate) fn file(&self, key: &str) -> PathBuf {
        self.folder.path().join(BUCKET).join(key)
    }

    /// Uploads that are open, and their parts.
    pub(crate) fn open_uploads(&self) -> Vec<String> {
        let mut names = self.names();
        names.retain(|name| name.starts_with(".upload"));
        names
    }

    /// What the server remembers of each object beside its bytes.
    pub(crate) fn metadata(&self) -> Vec<String> {
        let mut names = self.names();
        names.retain(|name| name.ends_with(".metadata.json"));
        let read = |name: &String| std::fs::read_to_string(self.folder.path().join(name));
        names.iter().map(|name| read(name).expect("a file")).collect()
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).expect("the server's folder");
        let names = entries.map(|entry| entry.expect("an entry").file_name());
        names.map(|name| name.to_string_lossy().into_owned()).collect()
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Settings for a server at `address` that lose patience soon.
pub(crate) fn settings(address: SocketAddr) -> S3Settings {
    S3Settings {
        bucket: BUCKET.into(),
        endpoint: Some(format!("http://{address}")),
        region: "auto".into(),
        path_style: true,
        access_key_id: Secret::new(ACCESS_KEY),
        secret_access_key: Secret::new(SECRET),
        retry: RetrySettings {
            connect: Duration::from_secs(1),
            silence: Duration::from_secs(20),
            retries: 3,
            retry_for: Duration::from_secs(5),
        },
    }
}

fn spawn(address: SocketAddr, folder: &TempDir) -> Child {
    Command::new("s3s-fs")
        .args(["--host", "127.0.0.1", "--port", &address.port().to_string()])
        .args(["--access-key", ACCESS_KEY, "--secret-key", SECRET])
        .arg(folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("s3s-fs: {error}; run scripts/install-test-packages.sh"))
}

async fn answers(address: SocketAddr, child: &mut Child) -> bool {
    let since = Instant::now();
    while since.elapsed() < Duration::from_secs(20) {
        if child.try_wait().expect("a status").is_some() {
            return false;
        }
        if TcpStream::connect(address).await.is_ok() {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    false
}

pub(crate) fn open(settings: &S3Settings) -> Objects {
    Objects::open_s3(settings, Arc::new(NoUploadLog)).expect("a client")
}

/// Remembers open uploads as a database would.
#[derive(Default)]
pub(crate) struct Memory {
    refuses: bool,
    open: Mutex<Vec<(ObjectKey, String)>>,
}

impl Memory {
    /// One that takes no note.
    pub(crate) fn that_refuses() -> Self {
        Self {
            refuses: true,
            ..Self::default()
        }
    }

    pub(crate) fn open(&self) -> Vec<(ObjectKey, String)> {
        self.open.lock().expect("nobody panics").clone()
    }
}

impl UploadLog for Memory {
    fn begun<'a>(&'a self, key: &'a ObjectKey, upload_id: &'a str) -> BoxFuture<'a, Result<(), String>> {
        Box::pin(async move {
            if self.refuses {
                return Err("the database is gone".into());
            }
            let mut open = self.open.lock().expect("nobody panics");
            open.push((key.clone(), upload_id.to_owned()));
            Ok(())
        })
    }

    fn ended<'a>(&'a self, _: &'a ObjectKey, upload_id: &'a str) -> BoxFuture<'a, Result<(), String>> {
        Box::pin(async move {
            let mut open = self.open.lock().expect("nobody panics");
            open.retain(|(_, id)| id != upload_id);
            Ok(())
        })
    }
}

/// What happens to one connection.
#[derive(Clone, Copy)]
pub(crate) enum Fault {
    /// Its first request is answered with 503.
    Unavailable,
    /// It breaks after so many bytes of the answer.
    CutAfter(u64),
    /// It is never answered.
    Silent,
}

/// A way to a server on which the first connections fail, one fault each; further ones do not.
pub(crate) async fn faulty_way(server: SocketAddr, faults: impl Into<VecDeque<Fault>>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let mut faults = faults.into();
    tokio::spawn(async move {
        loop {
            let (client, _) = listener.accept().await.expect("a connection");
            let fault = faults.pop_front();
            // A connection that breaks is what this is about.
            tokio::spawn(async move { pass(client, server, fault).await.ok() });
        }
    });
    address
}

async fn pass(mut client: TcpStream, server: SocketAddr, fault: Option<Fault>) -> std::io::Result<()> {
    match fault {
        None => {
            let mut server = TcpStream::connect(server).await?;
            tokio::io::copy_bidirectional(&mut client, &mut server).await?;
        }
        Some(Fault::Silent) => std::future::pending().await,
        Some(Fault::Unavailable) => {
            read_request(&mut client).await?;
            client
                .write_all(
                    b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                )
                .await?;
        }
        Some(Fault::CutAfter(bytes)) => {
            let mut server = TcpStream::connect(server).await?;
            let (from_server, mut to_server) = server.split();
            let mut from_server = from_server.take(bytes);
            let (mut from_client, mut to_client) = client.split();
            tokio::select! {
                _ = tokio::io::copy(&mut from_client, &mut to_server) => {}
                _ = tokio::io::copy(&mut from_server, &mut to_client) => {}
            }
        }
    }
    Ok(())
}

async fn read_request(client: &mut TcpStream) -> std::io::Result<()> {
    let mut request = Vec::new();
    loop {
        client.read_buf(&mut request).await?;
        let text = String::from_utf8_lossy(&request).to_ascii_lowercase();
        if let Some(head) = text.find("\r\n\r\n") {
            let length = text.split("content-length: ").nth(1);
            let length = length.and_then(|rest| rest.split("\r\n").next()?.parse().ok());
            if request.len() >= head + 4 + length.unwrap_or(0) {
                return Ok(());
            }
        }
    }
}
