//! A real PostgreSQL server for a test, with a cluster of its own.

use std::fs::{File, Permissions};
use std::net::SocketAddr;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use ilios::model::{Clock, Secret};
use ilios::store::PostgresSettings;
use tempfile::TempDir;

use crate::certificates::certificate;

pub(crate) const USER: &str = "ilios";
pub(crate) const PASSWORD: &str = "hunter2hunter2";

/// A server on a port of its own. Ends when it is dropped.
pub(crate) struct PostgresServer {
    pub(crate) address: SocketAddr,
    hosts: &'static str,
    folder: TempDir,
    child: Mutex<Child>,
    databases: AtomicUsize,
}

/// How a server is brought to an end.
#[derive(Debug, Clone, Copy)]
pub(crate) enum End {
    /// It rolls back what runs, tells its clients and ends.
    Fast,
    /// As a power cut would, but for what is in the page cache.
    Crash,
}

impl PostgresServer {
    pub(crate) async fn start() -> Self {
        Self::start_on("127.0.0.1").await
    }

    /// One that listens on `hosts`, and lets in whoever knows the password.
    pub(crate) async fn start_on(hosts: &'static str) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        copy_cluster(folder.path());
        let rules = File::options()
            .append(true)
            .open(cluster(folder.path()).join("pg_hba.conf"));
        let everybody = b"host all all all scram-sha-256\n";
        std::io::Write::write_all(&mut rules.expect("a file"), everybody).expect("it is written");
        for _ in 0..5 {
            let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
            let address = free.local_addr().expect("an address");
            drop(free);
            let mut child = spawn(&cluster(folder.path()), hosts, address);
            // Somebody else may have taken the port since.
            if answers(address, &mut child).await {
                return Self {
                    address,
                    hosts,
                    folder,
                    child: Mutex::new(child),
                    databases: AtomicUsize::new(0),
                };
            }
        }
        panic!("the PostgreSQL server does not start");
    }

    pub(crate) fn url(&self) -> String {
        url(self.address)
    }

    /// Settings whose time is `clock`'s, or the server's.
    pub(crate) fn settings(&self, clock: Option<Arc<dyn Clock>>) -> PostgresSettings {
        settings(&self.url(), clock)
    }

    /// The URL of an empty database beside the first one.
    pub(crate) fn new_database(&self) -> String {
        let number = self.databases.fetch_add(1, Ordering::Relaxed);
        self.psql(&format!("CREATE DATABASE other_{number}"));
        format!(
            "{}/other_{number}",
            self.url().trim_end_matches(&format!("/{USER}"))
        )
    }

    pub(crate) fn stop(&self, end: End) {
        let signal = match end {
            End::Fast => "-INT",
            // The server kills its sessions and leaves everything else as it is.
            End::Crash => "-QUIT",
        };
        let mut child = self.child.lock().expect("nobody panics");
        let sent = Command::new("kill")
            .args([signal, &child.id().to_string()])
            .status();
        assert!(sent.expect("kill runs").success());
        child.wait().expect("it ends");
    }

    /// Starts it again, with what it has kept.
    pub(crate) async fn start_again(&self) {
        let mut child = spawn(&cluster(self.folder.path()), self.hosts, self.address);
        assert!(answers(self.address, &mut child).await, "it starts again");
        *self.child.lock().expect("nobody panics") = child;
    }

    /// Runs SQL as its administrator; answers what it prints.
    pub(crate) fn psql(&self, sql: &str) -> String {
        self.psql_at(&self.url(), sql)
    }

    /// As `psql`, in another of its databases.
    pub(crate) fn psql_at(&self, url: &str, sql: &str) -> String {
        let output = Command::new(program("psql"))
            .args([
                "-X",
                "-q",
                "-A",
                "-t",
                "-v",
                "ON_ERROR_STOP=1",
                "-d",
                url,
                "-c",
                sql,
            ])
            .output()
            .expect("psql runs");
        let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{complaint}");
        String::from_utf8(output.stdout).expect("text").trim().to_owned()
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        // Nothing more can be done for a process that does not end.
        if let Ok(child) = self.child.get_mut() {
            let id = child.id().to_string();
            let _ = Command::new("kill").args(["-QUIT", &id]).status();
            let _ = child.wait();
        }
    }
}

pub(crate) fn url(address: SocketAddr) -> String {
    format!("postgres://{USER}:{PASSWORD}@{address}/{USER}")
}

pub(crate) fn settings(url: &str, clock: Option<Arc<dyn Clock>>) -> PostgresSettings {
    PostgresSettings {
        url: Secret::new(url),
        connections: 4,
        retry_timeout: Duration::from_secs(20),
        clock,
    }
}

fn cluster(folder: &Path) -> PathBuf {
    folder.join("cluster")
}

/// A program of the newest server that is installed.
fn program(name: &str) -> PathBuf {
    let versions = glob::glob("/usr/lib/postgresql/*/bin")
        .expect("a pattern")
        .flatten();
    let newest = versions.max().map(|folder| folder.join(name));
    newest.unwrap_or_else(|| panic!("no PostgreSQL; run scripts/install-test-packages.sh"))
}

/// The server refuses to run as root: then it runs as the user that its package has made.
fn user() -> Option<(u32, u32)> {
    let users = std::fs::read_to_string("/etc/passwd").expect("users");
    if !rustix::process::geteuid().is_root() {
        return None;
    }
    let line = users.lines().find(|line| line.starts_with("postgres:"));
    let mut fields = line.expect("the user postgres").split(':').skip(2);
    let mut number = || fields.next().expect("a field").parse().expect("a number");
    Some((number(), number()))
}

fn as_user(mut command: Command) -> Command {
    if let Some((user, group)) = user() {
        command.uid(user).gid(group);
    }
    command
}

/// A certificate of its own for the server, which names 127.0.0.1; answers the file of it.
pub(crate) fn certify(server: &PostgresServer) -> PathBuf {
    let folder = cluster(server.folder.path());
    certificate(&folder, "database", "IP:127.0.0.1");
    std::fs::set_permissions(folder.join("server.key"), Permissions::from_mode(0o600)).expect("permissions");
    give(server.folder.path());
    server.psql("ALTER SYSTEM SET ssl = on");
    folder.join("server.crt")
}

/// A new cluster, made once for all tests and then copied.
fn copy_cluster(folder: &Path) {
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("postgres-cluster");
    let lock = File::create(kept.with_extension("lock")).expect("a lock file");
    lock.lock().expect("it is locked");
    if !kept.join("PG_VERSION").exists() {
        let _ = std::fs::remove_dir_all(&kept);
        let made = TempDir::new().expect("a temporary folder");
        give(made.path());
        make_cluster(made.path());
        copy(&cluster(made.path()), &kept);
    }
    drop(lock);
    copy(&kept, &cluster(folder));
    give(folder);
}

fn make_cluster(folder: &Path) {
    let password = folder.join("password");
    std::fs::write(&password, PASSWORD).expect("a file");
    give(folder);
    let mut initdb = Command::new(program("initdb"));
    initdb
        .args([
            "--no-sync",
            "--auth=scram-sha-256",
            "-E",
            "UTF8",
            "--locale=C",
            "-U",
            USER,
        ])
        .arg(format!("--pwfile={}", password.display()))
        .arg("-D")
        .arg(cluster(folder))
        .current_dir(folder)
        .stdout(Stdio::null());
    assert!(as_user(initdb).status().expect("initdb runs").success());
    // A database beside the user's name, without starting a server twice.
    let mut single = Command::new(program("postgres"));
    single
        .args(["--single", "-D"])
        .arg(cluster(folder))
        .arg("postgres")
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null());
    let mut single = as_user(single).spawn().expect("postgres runs");
    std::io::Write::write_all(
        &mut single.stdin.take().expect("an input"),
        format!("CREATE DATABASE {USER};\n").as_bytes(),
    )
    .expect("it reads");
    assert!(single.wait().expect("it ends").success());
}

fn copy(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-a").arg(from).arg(to).status();
    assert!(copied.expect("cp runs").success());
}

/// Hands a folder and all that is in it to the server's user.
pub(crate) fn give(folder: &Path) {
    let Some((user, group)) = user() else {
        return;
    };
    for entry in walkdir::WalkDir::new(folder) {
        let entry = entry.expect("an entry");
        chown(entry.path(), Some(user), Some(group)).expect("it is given away");
    }
    std::fs::set_permissions(folder, Permissions::from_mode(0o700)).expect("permissions");
}

fn spawn(cluster: &Path, hosts: &str, address: SocketAddr) -> Child {
    let mut postgres = Command::new(program("postgres"));
    postgres
        .arg("-D")
        .arg(cluster)
        .args(["-p", &address.port().to_string(), "-h", hosts])
        // Nobody cuts the power of a test.
        .args([
            "-c",
            "fsync=off",
            "-c",
            "unix_socket_directories=",
            "-c",
            "shared_buffers=16MB",
        ])
        .args(["-c", "deadlock_timeout=100ms", "-c", "max_connections=60"])
        .current_dir(cluster)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    as_user(postgres).spawn().expect("postgres runs")
}

async fn answers(address: SocketAddr, child: &mut Child) -> bool {
    let since = Instant::now();
    while since.elapsed() < Duration::from_secs(30) {
        if child.try_wait().expect("a status").is_some() {
            return false;
        }
        if tokio_postgres::connect(&url(address), tokio_postgres::NoTls)
            .await
            .is_ok()
        {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    false
}
