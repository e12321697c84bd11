//! Where the server keeps originals: a local folder, or a real S3 server.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ilios::model::Secret;
use ilios::objects::{NoUploadLog, Objects, RetrySettings, S3Settings, SigningKey};
use tempfile::TempDir;

use crate::server::{Environment, variable};

const BUCKET: &str = "originals";
const ACCESS_KEY: &str = "AKIATEST";
const SECRET: &str = "hunter2hunter2";

/// Where originals are kept.
pub(crate) enum Originals {
    Local,
    S3(S3Server),
}

/// An `s3s-fs` with one bucket on a port of its own. Ends when it is dropped.
pub(crate) struct S3Server {
    address: SocketAddr,
    child: Child,
    folder: TempDir,
}

impl Originals {
    pub(crate) async fn s3() -> Self {
        Self::S3(S3Server::start("127.0.0.1").await)
    }

    /// On a server that can be reached by every address of this machine.
    #[cfg(target_os = "linux")]
    pub(crate) async fn s3_for_all() -> Self {
        Self::S3(S3Server::start("0.0.0.0").await)
    }

    /// What tells the server of it.
    pub(crate) fn environment(&self) -> Environment {
        match self {
            Self::Local => Vec::new(),
            Self::S3(server) => vec![
                variable("S3_BUCKET", BUCKET),
                variable("AWS_ENDPOINT_URL_S3", format!("http://{}", server.address)),
                variable("AWS_ACCESS_KEY_ID", ACCESS_KEY),
                variable("AWS_SECRET_ACCESS_KEY", SECRET),
            ],
        }
    }

    /// A client of it, for a server whose data folder is `data`.
    pub(crate) async fn open(&self, data: &Path) -> Objects {
        match self {
            Self::Local => {
                let opened = Objects::open_local(&data.join("objects"), SigningKey::new([7; 32])).await;
                opened.expect("a folder")
            }
            Self::S3(server) => {
                let settings = S3Settings {
                    bucket: BUCKET.into(),
                    endpoint: Some(format!("http://{}", server.address)),
                    region: "auto".into(),
                    path_style: true,
                    access_key_id: Secret::new(ACCESS_KEY),
                    secret_access_key: Secret::new(SECRET),
                    retry: RetrySettings::default(),
                };
                Objects::open_s3(&settings, Arc::new(NoUploadLog)).expect("a client")
            }
        }
    }

    /// The port of the S3 server.
    #[cfg(target_os = "linux")]
    pub(crate) fn port(&self) -> Option<u16> {
        match self {
            Self::Local => None,
            Self::S3(server) => Some(server.address.port()),
        }
    }

    /// The folder in which its files are.
    pub(crate) fn folder(&self, data: &Path) -> PathBuf {
        match self {
            Self::Local => data.join("objects"),
            Self::S3(server) => server.folder.path().join(BUCKET),
        }
    }
}

impl S3Server {
    async fn start(host: &str) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        std::fs::create_dir(folder.path().join(BUCKET)).expect("a bucket");
        for _ in 0..5 {
            let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
            let address = free.local_addr().expect("an address");
            drop(free);
            let mut child = spawn(host, address, folder.path());
            // Somebody else may have taken the port since.
            if answers(address, &mut child).await {
                return Self {
                    address,
                    child,
                    folder,
                };
            }
        }
        panic!("the S3 server does not start");
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        // Nothing more can be done for a process that does not end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(host: &str, address: SocketAddr, folder: &Path) -> Child {
    Command::new("s3s-fs")
        .args(["--host", host, "--port", &address.port().to_string()])
        .args(["--access-key", ACCESS_KEY, "--secret-key", SECRET])
        .arg(folder)
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
        if tokio::net::TcpStream::connect(address).await.is_ok() {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    false
}
