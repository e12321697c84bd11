//! Documents that are converted again: the old result stays until the new one is there, and each conversion is charged
//! once.

use serde_json::{Value, json};

use crate::gate::Gate;
use crate::harness::{Setup, TestServer, json, problem, text};

const TABLE: &str = "# Title\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n";

async fn submitted(server: &TestServer) -> String {
    let id = server.submitted("a.md", TABLE).await;
    settled(server, &id).await;
    id
}

async fn settled(server: &TestServer, id: &str) -> Value {
    server.json(&format!("/api/documents/status/{id}?wait=60")).await
}

async fn reconvert(server: &TestServer, id: &str, options: &Value) -> reqwest::Response {
    let request = server
        .post(&format!("/api/documents/{id}/reconvert"))
        .json(options);
    request.send().await.expect("an answer")
}

async fn markdown(server: &TestServer, id: &str) -> String {
    let read = server
        .get(&format!("/api/documents/{id}"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(read.status(), 200);
    read.text().await.expect("text")
}

async fn records(server: &TestServer) -> usize {
    let records = server.json("/api/usage/records").await;
    records["records"].as_array().expect("records").len()
}

#[tokio::test]
async fn the_result_of_other_options_takes_the_place_of_the_old_one() {
    let server = TestServer::working().await;
    let id = submitted(&server).await;
    assert_eq!(markdown(&server, &id).await, TABLE);
    for (conversions, (options, expected)) in (2..).zip([
        (json!({"tables": "html"}), "# Title\n\n<table>"),
        (json!({"tables": "csv", "partial": true}), "# Title\n\n```csv"),
        (json!({}), TABLE),
    ]) {
        let status = json(reconvert(&server, &id, &options).await, 202).await;
        assert_eq!(
            (&status["id"], &status["status"]),
            (&json!(id), &json!("completed"))
        );
        assert_eq!(status["reconversion"], json!({"status": "pending"}));
        let status = settled(&server, &id).await;
        assert_eq!(status["status"], "completed");
        assert_eq!(status["reconversion"], Value::Null, "{status}");
        let result = markdown(&server, &id).await;
        assert!(result.starts_with(expected), "{options}: {result}");
        assert_eq!(records(&server).await, conversions, "one a conversion");
    }
    let read = server.json(&format!("/api/documents/{id}?format=json")).await;
    assert_eq!(
        read["pages"][0]["blocks"].as_array().map(Vec::len),
        Some(2),
        "{read}"
    );
}

#[tokio::test]
async fn the_old_result_is_there_until_the_new_one_is_and_after_a_failure() {
    let gate = Gate::closed();
    let server = TestServer::with(Setup {
        workers: 1,
        engine: Some(gate.clone()),
        ..Setup::default()
    })
    .await;
    gate.let_through(1);
    let id = submitted(&server).await;
    let before = markdown(&server, &id).await;
    let accepted = reconvert(&server, &id, &json!({"ocr": "off"})).await;
    assert_eq!(accepted.status(), 202);
    gate.begun(2).await;
    assert_eq!(markdown(&server, &id).await, before);
    problem(
        reconvert(&server, &id, &json!({})).await,
        409,
        "reconversion_under_way",
    )
    .await;
    // It can be cancelled, which leaves the result alone.
    let cancel = server.post(&format!("/api/documents/{id}/cancel")).send();
    let status = json(cancel.await.expect("an answer"), 200).await;
    assert_eq!(status["status"], "completed", "{status}");
    assert_eq!(status["reconversion"]["errorCode"], "cancelled", "{status}");
    assert_eq!(markdown(&server, &id).await, before);
    assert_eq!(records(&server).await, 1, "nothing is charged for it");
    let accepted = reconvert(&server, &id, &json!({})).await;
    assert_eq!(accepted.status(), 202, "another one may be asked for");
    gate.let_through(1);
    assert_eq!(settled(&server, &id).await["reconversion"], Value::Null);
    assert_eq!(records(&server).await, 2);
}

#[tokio::test]
async fn only_a_completed_document_with_its_original_is_converted_again() {
    let server = TestServer::working().await;
    let unknown = reconvert(&server, "d0mh3k2p9x7v5b1n8q4w6z2y", &json!({})).await;
    problem(unknown, 404, "not_found").await;
    let sent = server.send("a.md", TABLE, &[]).await;
    let at_once = sent.headers()["x-document-id"].to_str().expect("text").to_owned();
    problem(reconvert(&server, &at_once, &json!({})).await, 409, "no_original").await;
    let failed = server.submitted("a.pdf", "%PDF-1.7 broken").await;
    assert_eq!(settled(&server, &failed).await["status"], "failed");
    let refused = problem(reconvert(&server, &failed, &json!({})).await, 409, "wrong_status").await;
    assert_eq!(refused["status"], "failed");
    let id = submitted(&server).await;
    for (field, value) in [("tables", json!("other")), ("pages", json!({}))] {
        let refused = reconvert(&server, &id, &json!({field: value})).await;
        assert_eq!(problem(refused, 400, "invalid_parameter").await["field"], field);
    }
    let objects = server.folder().join("objects/documents");
    for entry in std::fs::read_dir(&objects).expect("originals") {
        std::fs::remove_file(entry.expect("an original").path()).expect("it goes");
    }
    problem(reconvert(&server, &id, &json!({})).await, 410, "original_lost").await;
    assert_eq!(markdown(&server, &id).await, TABLE);
    let metadata = settled(&server, &id).await;
    assert_eq!(text(&metadata["status"]), "completed");
}
