//! Several real nodes on one PostgreSQL database and one bucket.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::multipart::{Form, Part};
use serde_json::Value;
use tempfile::TempDir;

use crate::keys::ADMIN;
use crate::postgres_server::PostgresServer;
use crate::s3_server::{ACCESS_KEY, BUCKET, S3Server, SECRET};

/// A node as a process with a folder of its own. Killed when it is dropped.
pub(crate) struct Node {
    process: Child,
    pub(crate) address: String,
    folder: TempDir,
}

fn command(folder: &TempDir, environment: &[(&str, String)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ilios"));
    command
        .arg("serve")
        .current_dir(folder.path())
        .env_clear()
        .envs([
            ("PATH", "/usr/local/bin:/usr/bin:/bin"),
            ("PORT", "0"),
            ("LOG_FORMAT", "json"),
        ])
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .stderr(Stdio::piped());
    command
}

impl Node {
    pub(crate) fn start(environment: &[(&str, String)]) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let mut process = command(&folder, environment).spawn().expect("it starts");
        let errors = process.stderr.take().expect("a log");
        let mut lines = BufReader::new(errors).lines().map_while(Result::ok);
        let mut seen = Vec::new();
        let address = loop {
            let line = lines
                .next()
                .unwrap_or_else(|| panic!("it does not start: {seen:?}"));
            let entry: Value = serde_json::from_str(&line).expect("a JSON line");
            if let Some(address) = entry["address"].as_str() {
                break format!("http://{address}");
            }
            seen.push(line);
        };
        std::thread::spawn(move || lines.for_each(drop));
        Self {
            process,
            address,
            folder,
        }
    }

    pub(crate) async fn get(&self, path: &str) -> reqwest::Response {
        ilios::tls::http_client()
            .build()
            .expect("a client")
            .get(format!("{}{path}", self.address))
            .send()
            .await
            .expect("an answer")
    }

    async fn get_as(&self, path: &str, key: &str) -> reqwest::Response {
        let client = ilios::tls::http_client().build().expect("a client");
        let request = client.get(format!("{}{path}", self.address)).bearer_auth(key);
        request.send().await.expect("an answer")
    }

    pub(crate) async fn submit(&self, number: usize) -> String {
        let part = Part::text(format!("# Document {number}\n")).file_name(format!("{number}.md"));
        let request = ilios::tls::http_client()
            .build()
            .expect("a client")
            .post(format!("{}/api/documents/submit", self.address));
        let answer = request.multipart(Form::new().part("file", part)).send().await;
        let answer = answer
            .expect("an answer")
            .error_for_status()
            .expect("it is accepted");
        let body: Value = answer.json().await.expect("a body");
        body["id"].as_str().expect("an id").to_owned()
    }
}

impl Node {
    /// Asks it to end, and waits until it has.
    fn terminate(mut self) {
        let process = rustix::process::Pid::from_child(&self.process);
        rustix::process::kill_process(process, rustix::process::Signal::TERM).expect("it is asked");
        self.process.wait().expect("it ends");
    }

    /// Its data folder.
    pub(crate) fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    /// Ends it; what it has kept is left.
    pub(crate) fn end(mut self) -> TempDir {
        let _ = self.process.kill();
        let _ = self.process.wait();
        std::mem::replace(&mut self.folder, TempDir::new().expect("a temporary folder"))
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub(crate) fn shared(database: &PostgresServer, s3: &S3Server, role: &str) -> Vec<(&'static str, String)> {
    vec![
        ("DATABASE_URL", database.url()),
        ("S3_BUCKET", BUCKET.to_owned()),
        ("AWS_ENDPOINT_URL_S3", format!("http://{}", s3.address)),
        ("AWS_ACCESS_KEY_ID", ACCESS_KEY.to_owned()),
        ("AWS_SECRET_ACCESS_KEY", SECRET.to_owned()),
        ("ROLE", role.to_owned()),
        ("LEASE_MILLIS", "3000".to_owned()),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_with_roles_are_one_system() {
    let (database, s3) = (PostgresServer::start().await, S3Server::start().await);
    let nodes: Vec<Node> = ["api", "api", "worker", "worker"]
        .iter()
        .map(|role| Node::start(&shared(&database, &s3, role)))
        .collect();
    let [one, other, worker, _] = &nodes[..] else {
        panic!("four nodes");
    };
    let since = Instant::now();
    let id = one.submit(0).await;
    let status = other.get(&format!("/api/documents/status/{id}?wait=30")).await;
    let status: Value = status.json().await.expect("a body");
    assert_eq!(status["status"], "completed", "{status}");
    assert!(since.elapsed() < Duration::from_secs(20));
    let content = other.get(&format!("/api/documents/{id}")).await;
    assert!(content.text().await.expect("a body").contains("Document 0"));
    assert_eq!(worker.get("/health").await.status(), 200);
    let metrics = worker.get("/metrics").await.text().await.expect("a body");
    assert!(
        metrics.contains("ilios_queue_jobs{state=\"pending\"} "),
        "{metrics}"
    );
    assert_eq!(
        worker.get("/api/documents").await.status(),
        404,
        "a worker answers no client"
    );
    // A worker that is killed loses nothing.
    let ids: Vec<String> = {
        let mut ids = Vec::new();
        for number in 1..=30 {
            ids.push(nodes[number % 2].submit(number).await);
        }
        ids
    };
    let mut nodes = nodes;
    drop(nodes.remove(2));
    for id in &ids {
        let status = nodes[0].get(&format!("/api/documents/status/{id}?wait=60")).await;
        let status: Value = status.json().await.expect("a body");
        assert_eq!(status["status"], "completed", "{status}");
    }
    assert_eq!(
        database.psql("SELECT COUNT(*), COUNT(DISTINCT document_id) FROM usage_records"),
        "31|31"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn administrators_see_the_nodes_of_a_database_until_these_end() {
    let (database, s3) = (PostgresServer::start().await, S3Server::start().await);
    let [api, worker] = ["api", "worker"].map(|role| {
        let mut environment = shared(&database, &s3, role);
        environment.push(("ADMIN_KEY", ADMIN.to_owned()));
        Node::start(&environment)
    });
    let told = async || -> Value {
        let answer = api.get_as("/api/admin/workers", ADMIN).await;
        answer.json().await.expect("a body")
    };
    let since = Instant::now();
    let both = loop {
        let answer = told().await;
        if answer["nodes"].as_array().is_some_and(|nodes| nodes.len() == 2) {
            break answer;
        }
        assert!(since.elapsed() < Duration::from_secs(20), "{answer}");
    };
    assert_eq!(
        (&both["workers"], &both["processing"]),
        (&2.into(), &0.into()),
        "{both}"
    );
    let workers = |role: &str| {
        let mut nodes = both["nodes"].as_array().into_iter().flatten();
        nodes
            .find(|node| node["role"] == role)
            .map(|node| node["workers"].clone())
    };
    assert_eq!(
        (workers("api"), workers("worker")),
        (Some(0.into()), Some(2.into())),
        "{both}"
    );
    assert_eq!(api.get("/api/admin/workers").await.status(), 401);
    worker.terminate();
    let alone = told().await;
    assert_eq!(alone["nodes"].as_array().map(Vec::len), Some(1), "{alone}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_node_with_a_folder_of_its_own_keeps_off_the_database() {
    let database = PostgresServer::start().await;
    let environment = [("DATABASE_URL", database.url())];
    let first = Node::start(&environment);
    first.submit(1).await;
    let folder = TempDir::new().expect("a temporary folder");
    let output = command(&folder, &environment).output().expect("it runs");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{complaint}");
    assert!(complaint.contains("S3_BUCKET"), "{complaint}");
    let same = [
        ("DATABASE_URL", database.new_database()),
        ("DATA_DIR", first.folder.path().join("data").display().to_string()),
    ];
    let output = command(&folder, &same).output().expect("it runs");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(
        complaint.contains("another server keeps its originals"),
        "{complaint}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn health_tells_when_the_database_is_away_and_the_node_goes_on_when_it_is_back() {
    let (database, s3) = (PostgresServer::start().await, S3Server::start().await);
    let mut environment = shared(&database, &s3, "all");
    environment.push(("DATABASE_TIMEOUT", "1".to_owned()));
    let node = Node::start(&environment);
    let id = node.submit(1).await;
    database.stop(crate::postgres_server::End::Crash);
    let health = node.get("/health").await;
    assert_eq!(health.status(), 503);
    let health: Value = health.json().await.expect("a body");
    assert_eq!(health["services"]["database"], "unhealthy", "{health}");
    let refused = node.get(&format!("/api/documents/status/{id}")).await;
    assert_eq!(refused.status(), 503);
    assert!(refused.headers().contains_key("retry-after"));
    database.start_again().await;
    let status = node.get(&format!("/api/documents/status/{id}?wait=60")).await;
    let status: Value = status.json().await.expect("a body");
    assert_eq!(status["status"], "completed", "{status}");
}
