//! The clients of the products themselves.

use tokio::process::Command;

use super::guarded;
use crate::harness::repository;
use crate::nodes::{Node, shared};
use crate::postgres_server::PostgresServer;
use crate::s3_server::S3Server;

/// Place of the key in the requests of a client.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    /// In a setting for it.
    Setting,
    /// In the address of the server, since they have no setting for it.
    Address,
}

/// Drives the clients of a product against a server; fails when a point of theirs fails, or when few are tried.
async fn are_content(product: &str, points: usize, key: Key, arguments: &[&str]) {
    let server = guarded().await;
    at_address(&server.address, product, points, key, arguments).await;
}

/// As [`are_content`], against a server that runs already.
async fn at_address(server: &str, product: &str, points: usize, key: Key, arguments: &[&str]) {
    let address = match key {
        Key::Setting => server.to_owned(),
        Key::Address => server.replace("http://", "http://user:first-key@"),
    };
    let setting: &[&str] = match key {
        Key::Setting => &["--key", "first-key"],
        Key::Address => &[],
    };
    let run: &[&str] = &["run", product, &address];
    driven(&[run, setting, arguments].concat(), points).await;
}

/// Drives the clients of a product; fails as [`are_content`] does.
async fn driven(arguments: &[&str], points: usize) {
    let output = Command::new("bash")
        .arg(repository("scripts/compat-clients.sh"))
        .args(arguments)
        .output()
        .await
        .expect("a shell");
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    let passed = said.lines().filter(|line| line.starts_with("PASS")).count();
    assert!(
        output.status.success() && passed >= points,
        "{said}\n{complained}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn docling_clients_are_content() {
    are_content("docling", 32, Key::Setting, &[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tika_clients_are_content() {
    are_content("tika", 43, Key::Address, &["--v4"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn loaders_of_open_webui_are_content() {
    are_content(
        "openwebui",
        8,
        Key::Setting,
        &["--only", "external,docling,mistral,datalab"],
    )
    .await;
    are_content("openwebui", 2, Key::Address, &["--only", "tika,tika4"]).await;
}

/// A node on PostgreSQL and S3, which share nothing with a server of one machine but the program.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_of_all_products_are_content_with_postgres_and_s3() {
    let (database, s3) = (PostgresServer::start().await, S3Server::start().await);
    let mut environment = shared(&database, &s3, "all");
    environment.push(("API_KEY", "first-key,second-key".to_owned()));
    let node = Node::start(&environment);
    let server = node.address.replace("0.0.0.0", "127.0.0.1");
    let products: [(&str, usize, Key, &[&str]); 6] = [
        ("docling", 32, Key::Setting, &[]),
        ("tika", 43, Key::Address, &["--v4"]),
        (
            "openwebui",
            8,
            Key::Setting,
            &["--only", "external,docling,mistral,datalab"],
        ),
        ("openwebui", 2, Key::Address, &["--only", "tika,tika4"]),
        ("unstructured", 15, Key::Setting, &[]),
        ("mistral", 47, Key::Setting, &[]),
    ];
    for (product, points, key, arguments) in products {
        at_address(&server, product, points, key, arguments).await;
    }
    driven(
        &["run", "mcp", &format!("{server}/mcp"), "--key", "first-key"],
        12,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unstructured_clients_are_content() {
    are_content("unstructured", 15, Key::Setting, &[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_of_the_model_context_protocol_are_content() {
    let server = guarded().await;
    let url = format!("{}/mcp", server.address);
    driven(&["run", "mcp", &url, "--key", "first-key"], 12).await;
    driven(&["node", &url, "first-key"], 9).await;
    let program = env!("CARGO_BIN_EXE_ilios");
    driven(&["run", "mcp", "--stdio", &format!("{program} mcp")], 2).await;
    driven(&["node", "--stdio", program, "mcp"], 9).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_versions_of_mistral_s_client_are_content() {
    for version in ["mistral", "mistral2", "mistral1"] {
        are_content(version, 47, Key::Setting, &[]).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mistral_s_client_for_typescript_is_content() {
    let server = guarded().await;
    let output = Command::new("bash")
        .arg(repository("scripts/api-clients.sh"))
        .args(["mistral", &server.address, "first-key"])
        .arg(repository("samples/annual-report.pdf"))
        .output()
        .await
        .expect("a shell");
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert_eq!(said.trim(), "documents, files and jobs: done", "{complained}");
}
