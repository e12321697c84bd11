//! Real nodes on one libSQL primary and one bucket.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::multipart::{Form, Part};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};

use crate::certificates::certificate;
use crate::nodes::Node;
use crate::primary_server::PrimaryServer;
use crate::s3_server::{ACCESS_KEY, BUCKET, S3Server, SECRET};

fn shared(primary: &PrimaryServer, s3: &S3Server, role: &str) -> Vec<(&'static str, String)> {
    vec![
        ("USE_EMBEDDED_REPLICA", "true".to_owned()),
        ("TURSO_DATABASE_URL", primary.url()),
        ("TURSO_SYNC_INTERVAL", "3600".to_owned()),
        ("DATABASE_TIMEOUT", "1".to_owned()),
        ("S3_BUCKET", BUCKET.to_owned()),
        ("AWS_ENDPOINT_URL_S3", format!("http://{}", s3.address)),
        ("AWS_ACCESS_KEY_ID", ACCESS_KEY.to_owned()),
        ("AWS_SECRET_ACCESS_KEY", SECRET.to_owned()),
        ("ROLE", role.to_owned()),
    ]
}

async fn json(answer: reqwest::Response) -> Value {
    answer.json().await.expect("a body")
}

/// An id that nobody has.
fn unknown(id: &str) -> String {
    let last = if id.ends_with('0') { '1' } else { '0' };
    format!("{}{last}", &id[..id.len() - 1])
}

async fn completed(node: &Node, id: &str) {
    let status = json(node.get(&format!("/api/documents/status/{id}?wait=60")).await).await;
    assert_eq!(status["status"], "completed", "{status}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_with_roles_are_one_system() {
    let (primary, s3) = (PrimaryServer::start().await, S3Server::start().await);
    let nodes: Vec<Node> = ["api", "api", "worker"]
        .iter()
        .map(|role| Node::start(&shared(&primary, &s3, role)))
        .collect();
    let [one, other, worker] = &nodes[..] else {
        panic!("three nodes");
    };
    let since = Instant::now();
    let id = one.submit(0).await;
    // A node that has never heard of the document asks the primary, and so does one that waits for another's work.
    let status = other.get(&format!("/api/documents/status/{id}")).await;
    assert_eq!(status.status(), 200);
    completed(other, &id).await;
    assert!(since.elapsed() < Duration::from_secs(20), "{:?}", since.elapsed());
    let content = other.get(&format!("/api/documents/{id}")).await;
    assert!(content.text().await.expect("a body").contains("Document 0"));
    let original = other.get(&format!("/api/documents/{id}/original")).await;
    assert!(
        original.status().is_success() || original.status().is_redirection(),
        "{original:?}"
    );
    let nobody = format!("/api/documents/status/{}", unknown(&id));
    assert_eq!(other.get(&nobody).await.status(), 404);
    assert_eq!(json(worker.get("/health").await).await["status"], "healthy");
    let mut ids = Vec::new();
    for number in 1..=10 {
        ids.push(nodes[number % 2].submit(number).await);
    }
    for id in &ids {
        completed(one, id).await;
    }
    assert_eq!(primary.number("SELECT COUNT(*) FROM usage_records").await, 11);
    assert_eq!(
        primary
            .number("SELECT COUNT(DISTINCT document_id) FROM usage_records")
            .await,
        11
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_primary_what_is_there_is_served_and_work_goes_on_when_it_is_back() {
    let (primary, s3) = (PrimaryServer::start().await, S3Server::start().await);
    let node = Node::start(&shared(&primary, &s3, "all"));
    let id = node.submit(1).await;
    completed(&node, &id).await;
    let waiting = node.submit(2).await;
    primary.kill();
    let health = node.get("/health").await;
    assert_eq!(health.status(), 200);
    let health = json(health).await;
    assert_eq!(
        (&health["status"], &health["services"]["database"]),
        (&"degraded".into(), &"degraded".into())
    );
    assert!(health["services"]["databaseMessage"].is_string(), "{health}");
    let content = node.get(&format!("/api/documents/{id}")).await;
    assert_eq!(content.status(), 200);
    assert_eq!(node.get("/api/documents").await.status(), 200);
    let part = Part::text("# Another\n").file_name("another.md");
    let request = ilios::tls::http_client()
        .build()
        .expect("a client")
        .post(format!("{}/api/documents/submit", node.address));
    let refused = request.multipart(Form::new().part("file", part)).send().await;
    let refused = refused.expect("an answer");
    assert_eq!(refused.status(), 503);
    assert!(refused.headers().contains_key("retry-after"));
    // Of what is not here nobody can say that it is nowhere.
    let nobody = format!("/api/documents/status/{}", unknown(&id));
    assert_eq!(node.get(&nobody).await.status(), 503);
    primary.start_again().await;
    completed(&node, &waiting).await;
    let after = node.submit(3).await;
    completed(&node, &after).await;
    assert_eq!(json(node.get("/health").await).await["status"], "healthy");
    assert_eq!(primary.number("SELECT COUNT(*) FROM usage_records").await, 3);
}

fn ilios(folder: &TempDir, environment: &[(&str, String)], arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ilios"));
    let output = command
        .args(arguments)
        .current_dir(folder.path())
        .env_clear()
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .output()
        .expect("it runs");
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.code(), text)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_local_installation_moves_to_a_primary_and_back() {
    let primary = PrimaryServer::start().await;
    let local = Node::start(&[]);
    let id = local.submit(1).await;
    completed(&local, &id).await;
    let data = local.data();
    let here = [("DATA_DIR", data.display().to_string())];
    let folder = local.end();
    let there = [
        ("USE_EMBEDDED_REPLICA", "true".to_owned()),
        ("TURSO_DATABASE_URL", primary.url()),
        ("DATA_DIR", folder.path().join("there").display().to_string()),
    ];
    let again = [("DATA_DIR", folder.path().join("again").display().to_string())];
    for (environment, arguments) in [
        (&here[..], ["db", "export", "out"]),
        (&there, ["db", "import", "out"]),
        (&there, ["db", "export", "back"]),
        (&again, ["db", "import", "back"]),
    ] {
        let (code, text) = ilios(&folder, environment, &arguments);
        assert_eq!(code, Some(0), "{arguments:?}: {text}");
    }
    assert_eq!(primary.number("SELECT COUNT(*) FROM documents").await, 1);
    let node = Node::start(&again);
    let content = node.get(&format!("/api/documents/{id}")).await;
    assert!(content.text().await.expect("a body").contains("Document 1"));
    for arguments in [
        ["db", "backup", "copy.db"].as_slice(),
        &["db", "check"],
        &["db", "decrypt"],
    ] {
        let (code, text) = ilios(&folder, &there, arguments);
        assert!(code == Some(1) && text.contains("USE_EMBEDDED_REPLICA"), "{text}");
    }
    let copy = folder.path().join("there/replica.db").display().to_string();
    let (code, text) = ilios(&folder, &[("LOCAL_DB_PATH", copy)], &["db", "export", "other"]);
    assert!(
        code == Some(1) && text.contains("copy of a libSQL primary"),
        "{text}"
    );
    let (code, text) = ilios(&folder, &there, &["doctor"]);
    assert!(text.contains("embedded replica"), "{code:?} {text}");
}

/// Encrypts the way to `server`, with a certificate of its own for 127.0.0.1; answers where, and the certificate's file.
async fn encrypted(server: SocketAddr, folder: &TempDir) -> (SocketAddr, PathBuf) {
    certificate(folder.path(), "primary", "IP:127.0.0.1");
    let file = folder.path().join("server.crt");
    let chain = vec![CertificateDer::from_pem_file(&file).expect("a certificate")];
    let key = PrivateKeyDer::from_pem_file(folder.path().join("server.key")).expect("a key");
    let provider = ilios::tls::provider();
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .expect("a certificate with its key");
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        loop {
            let (client, _) = listener.accept().await.expect("a connection");
            let acceptor = acceptor.clone();
            // Who does not trust the certificate goes away again.
            tokio::spawn(async move {
                let mut client = acceptor.accept(client).await?;
                let mut server = TcpStream::connect(server).await?;
                tokio::io::copy_bidirectional(&mut client, &mut server).await
            });
        }
    });
    (address, file)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_way_to_the_primary_is_encrypted_and_its_certificate_checked() {
    let primary = PrimaryServer::start_with_tokens().await;
    let folder = TempDir::new().expect("a temporary folder");
    let (address, certificate) = encrypted(primary.address, &folder).await;
    let mut environment = vec![
        ("USE_EMBEDDED_REPLICA", "true".to_owned()),
        ("TURSO_DATABASE_URL", format!("libsql://{address}")),
        ("TURSO_AUTH_TOKEN", primary.token(600).reveal().to_owned()),
        ("DATABASE_TIMEOUT", "1".to_owned()),
        ("DATA_DIR", folder.path().join("data").display().to_string()),
    ];
    let (code, text) = ilios(&folder, &environment, &["migrate"]);
    assert!(
        code == Some(1) && text.to_lowercase().contains("certificate"),
        "{text}"
    );
    environment.push(("SSL_CERT_FILE", certificate.display().to_string()));
    let node = Node::start(&environment);
    let id = node.submit(1).await;
    completed(&node, &id).await;
    assert_eq!(json(node.get("/health").await).await["status"], "healthy");
}
