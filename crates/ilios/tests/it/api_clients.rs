//! Programs that others make of the description: a page to try it out, and generated clients.

use std::path::Path;

use tokio::process::Command;

use crate::harness::{TestServer, repository};

/// Runs a program of `scripts/api-clients.sh` against a server; what it said last.
async fn uses_the_server(program: &str, file: Option<&Path>) -> String {
    let server = TestServer::working().await;
    let description = server.folder().join("openapi.json");
    let served = server.get("/openapi.json").send().await.expect("an answer");
    std::fs::write(&description, served.bytes().await.expect("a body")).expect("a file");
    let output = Command::new("bash")
        .arg(repository("scripts/api-clients.sh"))
        .args([program, &server.address])
        .arg(&description)
        .args(file)
        .output()
        .await
        .expect("a shell");
    let (said, complaint) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{said}\n{complaint}");
    said.lines().last().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_generated_python_client_type_checks_and_works() {
    assert_eq!(
        uses_the_server("python", None).await,
        "convert, submit, wait, list and download: done"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_generated_typescript_client_type_checks_and_works() {
    assert_eq!(
        uses_the_server("typescript", None).await,
        "convert, submit, wait, list and download: done"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_sends_the_prefilled_forms_of_the_page_with_a_file_alone() {
    let file = repository("samples/annual-report.pdf");
    assert_eq!(
        uses_the_server("swagger", Some(&file)).await,
        "submit_document: 200"
    );
}
