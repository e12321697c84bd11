//! Cancelling, trying again and deleting.

use std::time::Duration;

use ilios::model::Tenant;

use crate::gate::Gate;
use crate::harness::{Setup, TestServer, json, problem};

async fn gated(gate: &std::sync::Arc<Gate>) -> TestServer {
    TestServer::with(Setup {
        workers: 1,
        engine: Some(gate.clone()),
        ..Setup::default()
    })
    .await
}

async fn usage_records(server: &TestServer) -> u64 {
    let count = server.store.usage_record_count(&Tenant::anonymous()).await;
    count.expect("a count")
}

#[tokio::test]
async fn a_running_document_is_cancelled_at_once_and_nothing_is_written_later() {
    let gate = Gate::closed();
    let server = gated(&gate).await;
    let id = server.submitted("a.txt", "text").await;
    gate.begun(1).await;
    let cancel = server.post(&format!("/api/documents/{id}/cancel"));
    let status = json(cancel.send().await.expect("an answer"), 200).await;
    assert_eq!(status["status"], "failed");
    assert_eq!(status["errorCode"], "cancelled");
    gate.let_through(5);
    // The worker is free for others, who end after anything that it might still have done.
    let other = server.submitted("b.txt", "other").await;
    assert_eq!(server.ended(&other).await["status"], "completed");
    tokio::time::sleep(Duration::from_millis(200)).await;
    let status = server.json(&format!("/api/documents/status/{id}")).await;
    assert_eq!(
        (status["status"].as_str(), status["errorCode"].as_str()),
        (Some("failed"), Some("cancelled"))
    );
    assert_eq!(usage_records(&server).await, 1, "nothing is charged for it");

    let again = server.post(&format!("/api/documents/{id}/cancel"));
    let body = problem(again.send().await.expect("an answer"), 409, "wrong_status").await;
    assert_eq!(body["status"], "failed");
}

#[tokio::test]
async fn a_waiting_document_is_cancelled_before_it_begins() {
    let gate = Gate::open("gate");
    let server = TestServer::with(Setup {
        engine: Some(gate.clone()),
        ..Setup::default()
    })
    .await;
    let id = server.submitted("a.txt", "text").await;
    let waiting = tokio::spawn(server.get(&format!("/api/documents/status/{id}?wait=30")).send());
    tokio::time::sleep(Duration::from_millis(50)).await;
    let cancel = server.post(&format!("/api/documents/{id}/cancel"));
    json(cancel.send().await.expect("an answer"), 200).await;
    let seen = json(waiting.await.expect("a task").expect("an answer"), 200).await;
    assert_eq!(seen["errorCode"], "cancelled", "who waits is told");
    assert_eq!(gate.count(), 0);
}

#[tokio::test]
async fn a_failed_document_can_be_tried_again() {
    let gate = Gate::closed();
    let server = gated(&gate).await;
    let id = server.submitted("a.txt", "text").await;
    gate.begun(1).await;
    let early = server.post(&format!("/api/documents/{id}/retry"));
    let body = problem(early.send().await.expect("an answer"), 409, "wrong_status").await;
    assert_eq!(body["status"], "processing");
    let cancel = server.post(&format!("/api/documents/{id}/cancel"));
    json(cancel.send().await.expect("an answer"), 200).await;
    let retry = server.post(&format!("/api/documents/{id}/retry"));
    let status = json(retry.send().await.expect("an answer"), 200).await;
    assert_eq!(status["status"], "pending");
    assert!(
        status["error"].is_null() && status["processedAt"].is_null(),
        "{status}"
    );
    gate.let_through(5);
    assert_eq!(server.ended(&id).await["status"], "completed");
    assert_eq!(usage_records(&server).await, 1, "charged once");

    let done = server.submitted("a.txt", "text").await;
    server.ended(&done).await;
    let retry = server.post(&format!("/api/documents/{done}/retry"));
    let body = problem(retry.send().await.expect("an answer"), 409, "wrong_status").await;
    assert_eq!(body["status"], "completed");
}

#[tokio::test]
async fn a_file_that_was_refused_cannot_be_tried_again() {
    let server = TestServer::start().await;
    let files = reqwest::multipart::Form::new().part("files", crate::harness::part("a.txt", ""));
    let batch = server.post("/v1/batch/submit").multipart(files);
    let batch = json(batch.send().await.expect("an answer"), 202).await;
    let id = batch["documents"][0]["id"].as_str().expect("an id");
    let retry = server.post(&format!("/api/documents/{id}/retry"));
    problem(retry.send().await.expect("an answer"), 409, "no_original").await;
    let original = server.get(&format!("/api/documents/{id}/original"));
    problem(original.send().await.expect("an answer"), 404, "no_original").await;
}

#[tokio::test]
async fn a_deleted_document_is_gone_with_its_original_in_whatever_state_it_was() {
    let gate = Gate::closed();
    let server = gated(&gate).await;
    gate.let_through(1);
    let done = server.send("c.txt", "done at once", &[]).await;
    let done = done.headers()["x-document-id"].to_str().expect("text").to_owned();
    let running = server.submitted("a.txt", "running").await;
    gate.begun(2).await;
    let pending = server.submitted("b.txt", "pending").await;
    for id in [&running, &pending, &done] {
        let path = format!("/api/documents/{id}");
        let delete = server.request("DELETE", &path).send().await.expect("an answer");
        assert_eq!(delete.status(), 204);
        assert_eq!(delete.text().await.expect("a body"), "");
        for (method, path) in [
            ("GET", path.clone()),
            ("GET", format!("/api/documents/status/{id}")),
            ("GET", format!("{path}/original")),
            ("DELETE", path.clone()),
            ("POST", format!("{path}/cancel")),
            ("POST", format!("{path}/retry")),
        ] {
            let response = server.request(method, &path).send().await.expect("an answer");
            problem(response, 404, "not_found").await;
        }
    }
    let objects = server.folder().join("objects/documents");
    assert_eq!(std::fs::read_dir(objects).expect("a folder").count(), 0);
    gate.let_through(5);
    let next = server.submitted("d.txt", "next").await;
    assert_eq!(
        server.ended(&next).await["status"],
        "completed",
        "the worker goes on"
    );
}

#[test]
fn the_end_of_a_first_run_does_not_hide_a_second_one() {
    let running = ilios::app::RunningConversions::default();
    let id = "d12345678901234567890123".parse().expect("an id");
    let first = running.begin(&id);
    let second = running.begin(&id);
    drop(first);
    running.stop(&id);
    let stopped = futures::FutureExt::now_or_never(second.stopped());
    assert!(stopped.is_some(), "the second run is told to stop");
}
