//! What becomes of a queued document whose original cannot be read.

use std::sync::Arc;
use std::time::Duration;

use ilios::objects::ObjectKey;
use serde_json::json;

use crate::gate::Gate;
use crate::harness::{Setup, ShiftedClock, TestServer};
use crate::s3_server::S3Server;

fn working(engine: &Arc<Gate>) -> Setup {
    Setup {
        engine: Some(Arc::clone(engine) as _),
        workers: 1,
        ..Setup::default()
    }
}

/// A document that waits behind another one at the gate, so that its original can be harmed before it is read.
async fn waiting(server: &TestServer, gate: &Gate) -> String {
    server.submitted("first.txt", "keeps the worker busy").await;
    gate.begun(1).await;
    server.submitted("second.txt", "the one that is harmed").await
}

#[tokio::test]
async fn an_original_that_has_changed_fails_its_document() {
    let gate = Gate::closed();
    let server = TestServer::with(working(&gate)).await;
    let id = waiting(&server, &gate).await;
    let file = server.folder().join("objects/documents").join(&id);
    std::fs::write(file, "something else").expect("it is written");
    gate.let_through(2);
    let status = server.ended(&id).await;
    assert_eq!(
        (&status["status"], &status["errorCode"]),
        (&json!("failed"), &json!("original_corrupt")),
        "{status}"
    );
    assert_eq!(gate.count(), 1, "it was never converted");
}

#[tokio::test]
async fn an_original_that_is_lost_fails_its_document() {
    let gate = Gate::closed();
    let server = TestServer::with(working(&gate)).await;
    let id = waiting(&server, &gate).await;
    let key = ObjectKey::original(&id.parse().expect("an id"));
    server.app.objects().delete(&key).await.expect("it is deleted");
    gate.let_through(2);
    let status = server.ended(&id).await;
    assert_eq!(
        (&status["status"], &status["errorCode"]),
        (&json!("failed"), &json!("original_lost")),
        "{status}"
    );
}

#[tokio::test]
async fn a_document_outlasts_an_object_store_that_is_away() {
    let mut s3 = S3Server::start().await;
    let gate = Gate::closed();
    let setup = Setup {
        objects: Some(s3.objects()),
        ..working(&gate)
    };
    let clock = Arc::clone(&setup.clock);
    let server = TestServer::with(setup).await;
    let id = waiting(&server, &gate).await;
    s3.stop();
    gate.let_through(2);
    let path = format!("/api/documents/status/{id}");
    // Its worker gives up on the store and puts the document back, again and again.
    for _ in 0..5 {
        pass_time(&clock).await;
        assert_ne!(server.json(&path).await["status"], "failed");
    }
    s3.restart().await;
    for _ in 0..200 {
        pass_time(&clock).await;
        let status = server.json(&path).await;
        if status["status"] == "completed" {
            return;
        }
        assert_ne!(status["status"], "failed", "{status}");
    }
    panic!("the document never ends");
}

/// More than a postponed job waits, less than a lease lasts.
async fn pass_time(clock: &ShiftedClock) {
    clock.advance(Duration::from_secs(12));
    tokio::time::sleep(Duration::from_millis(250)).await;
}
