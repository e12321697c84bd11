//! The clients of the products themselves.

use tokio::process::Command;

use super::guarded;
use crate::harness::repository;

/// Drives the clients of a product against a server; fails when a point of theirs fails, or when few are tried.
async fn are_content(product: &str, points: usize, arguments: &[&str]) {
    let server = guarded().await;
    let output = Command::new("bash")
        .arg(repository("scripts/compat-clients.sh"))
        .args(["run", product, &server.address, "--key", "first-key"])
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
    are_content("docling", 32, &[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tika_clients_are_content() {
    are_content("tika", 43, &["--v4"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn loaders_of_open_webui_are_content() {
    are_content("openwebui", 6, &["--only", "external,docling,tika,tika4"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unstructured_clients_are_content() {
    are_content("unstructured", 15, &[]).await;
}
