//! Originals in a bucket that does not answer.

use serde_json::json as value;

use crate::harness::{Setup, TestServer, files, form, json, problem, text};
use crate::readiness::bucket;
use crate::uploads::{announce, put};

/// A server whose originals are in a bucket that does not answer.
async fn with_silent_bucket() -> TestServer {
    TestServer::with(Setup {
        objects: Some(bucket("127.0.0.1:9")),
        ..Setup::default()
    })
    .await
}

#[tokio::test]
async fn with_a_bucket_the_addresses_lead_there() {
    let server = with_silent_bucket().await;
    let upload = json(
        announce(&server, &value!({"fileName": "a.txt", "fileSize": 3})).await,
        200,
    )
    .await;
    let id = text(&upload["id"]);
    let url = text(&upload["uploadUrl"]);
    let bucket = format!("http://127.0.0.1:9/originals/documents/{id}?");
    assert!(url.starts_with(&bucket), "{url}");
    let here = format!("{}/objects/documents/{id}?expires=1&signature=00", server.address);
    problem(put(&server, &here, "abc").await, 404, "not_found").await;
    let get = server.client.get(&here).send().await.expect("an answer");
    problem(get, 404, "not_found").await;
}

#[tokio::test]
async fn a_bucket_that_does_not_answer_is_not_the_clients_fault() {
    let server = with_silent_bucket().await;
    let submit = server
        .post("/api/documents/submit")
        .multipart(form("a.txt", "text", &[]));
    let batch = server
        .post("/v1/batch/submit")
        .multipart(files(&[("a.txt", b"text")]));
    for request in [submit, batch] {
        let response = request.send().await.expect("an answer");
        assert!(response.headers().contains_key("retry-after"));
        let body = problem(response, 503, "unavailable").await;
        assert!(!body.to_string().contains("127.0.0.1"), "no internals: {body}");
    }
    assert_eq!(server.json("/api/documents").await["documents"], value!([]));
    let health = json(server.get("/health").send().await.expect("an answer"), 503).await;
    assert_eq!(health["services"]["s3"], "unhealthy");
    assert_eq!(health["services"]["objects"], "unhealthy");
    assert_eq!(health["services"]["database"], "healthy");
}
