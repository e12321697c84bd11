//! Requests that are sent again under the same name.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use reqwest::multipart::Form;
use reqwest::{RequestBuilder, Response};
use serde_json::Value;

use crate::harness::{Setup, TestServer, files, form, json, part, problem, text};

const PATHS: [&str; 3] = ["/v1/convert", "/api/documents/submit", "/v1/batch/submit"];

fn body(path: &str, content: &str) -> Form {
    match path {
        "/v1/batch/submit" => files(&[("a.txt", content.as_bytes()), ("b.txt", b"more")]),
        _ => form("a.txt", content, &[("retentionDays", "30")]),
    }
}

fn request(server: &TestServer, path: &str, key: &str, body: Form) -> RequestBuilder {
    server.post(path).header("idempotency-key", key).multipart(body)
}

async fn send(server: &TestServer, path: &str, key: &str, content: &str) -> Response {
    let request = request(server, path, key, body(path, content));
    request.send().await.expect("an answer")
}

async fn documents(server: &TestServer) -> usize {
    let list = server.json("/api/documents").await;
    list["documents"].as_array().expect("documents").len()
}

#[tokio::test]
async fn the_same_request_is_made_once_and_answered_alike() {
    for path in PATHS {
        let server = TestServer::start().await;
        let first = send(&server, path, "order-1", "text").await;
        assert!(first.status().is_success(), "{path}");
        assert!(first.headers().get("idempotency-replayed").is_none());
        let (status, id) = (first.status(), first.headers().get("x-document-id").cloned());
        let first = first.text().await.expect("a body");
        let made = documents(&server).await;
        let again = send(&server, path, "order-1", "text").await;
        assert_eq!(again.status(), status);
        assert_eq!(again.headers()["idempotency-replayed"], "true");
        assert_eq!(again.headers().get("x-document-id").cloned(), id);
        assert_eq!(again.text().await.expect("a body"), first, "{path}");
        assert_eq!(documents(&server).await, made);
        let objects = server.folder().join("objects/documents");
        let objects = std::fs::read_dir(objects).map_or(0, Iterator::count);
        assert_eq!(objects, if path == "/v1/convert" { 0 } else { made }, "{path}");
        assert!(send(&server, path, "order-2", "text").await.status().is_success());
        assert_eq!(
            documents(&server).await,
            2 * made,
            "another name is another request"
        );
    }
}

#[tokio::test]
async fn another_request_under_the_same_name_is_refused() {
    for path in PATHS {
        let server = TestServer::start().await;
        assert!(send(&server, path, "order-1", "text").await.status().is_success());
        let made = documents(&server).await;
        let name = if path == "/v1/batch/submit" {
            "files"
        } else {
            "file"
        };
        let same = || body(path, "text");
        let others = [
            body(path, "other"),
            same().text("ocr", "off"),
            same().text("pages", "1-2"),
            same().text("ocrLanguages", "deu"),
            same().text("retentionDays", "31"),
            Form::new()
                .part(name, part("renamed.txt", "text"))
                .text("retentionDays", "30"),
        ];
        for other in others {
            let response = request(&server, path, "order-1", other)
                .send()
                .await
                .expect("an answer");
            problem(response, 409, "idempotency_key_reused").await;
        }
        for other in PATHS.into_iter().filter(|other| *other != path) {
            problem(
                send(&server, other, "order-1", "text").await,
                409,
                "idempotency_key_reused",
            )
            .await;
        }
        assert_eq!(documents(&server).await, made, "{path}");
    }
}

#[tokio::test]
async fn the_order_of_fields_makes_no_other_request() {
    let server = TestServer::start().await;
    let file = || part("a.txt", "text");
    let one = Form::new()
        .part("file", file())
        .text("ocr", "off")
        .text("pages", "1,2,3");
    let two = Form::new()
        .text("pages", "1-3")
        .text("ocr", "off")
        .text("unknown", "x")
        .part("file", file());
    let mut answers = BTreeSet::new();
    for form in [one, two] {
        let response = request(&server, "/api/documents/submit", "key", form);
        let response = response.send().await.expect("an answer");
        answers.insert(response.text().await.expect("a body"));
    }
    assert_eq!(answers.len(), 1);
}

#[tokio::test]
async fn requests_of_the_same_name_at_once_make_one_document() {
    for path in PATHS {
        let server = TestServer::start().await;
        let requests = (0..8).map(|_| send(&server, path, "at-once", "text"));
        let mut answers = BTreeSet::new();
        for response in futures::future::join_all(requests).await {
            assert!(response.status().is_success(), "{path}");
            answers.insert(response.text().await.expect("a body"));
        }
        assert_eq!(answers.len(), 1, "{path}");
        let expected = if path == "/v1/batch/submit" { 2 } else { 1 };
        assert_eq!(documents(&server).await, expected, "{path}");
    }
}

#[tokio::test]
async fn names_belong_to_their_key() {
    let server = TestServer::with(Setup {
        api_keys: "one,two",
        ..Setup::default()
    })
    .await;
    let mut answers = BTreeSet::new();
    for (key, content) in [("one", "text"), ("two", "other text")] {
        let path = "/api/documents/submit";
        let response = request(&server, path, "order-1", body(path, content)).bearer_auth(key);
        let response = response.send().await.expect("an answer");
        assert_eq!(response.status(), 200);
        answers.insert(response.text().await.expect("a body"));
    }
    assert_eq!(answers.len(), 2);
}

#[tokio::test]
async fn a_request_that_failed_is_made_again() {
    let server = TestServer::start().await;
    for (path, content) in [("/v1/convert", " \n"), ("/api/documents/submit", "")] {
        let failed = send(&server, path, "key", content).await;
        assert!(failed.status().is_client_error());
    }
    assert_eq!(send(&server, "/v1/convert", "key", "text").await.status(), 200);
}

#[tokio::test]
async fn a_repeated_conversion_of_a_deleted_document_finds_nothing() {
    let server = TestServer::start().await;
    let first = send(&server, "/v1/convert", "key", "text").await;
    let id = first.headers()["x-document-id"]
        .to_str()
        .expect("text")
        .to_owned();
    server
        .request("DELETE", &format!("/api/documents/{id}"))
        .send()
        .await
        .expect("an answer");
    problem(
        send(&server, "/v1/convert", "key", "text").await,
        404,
        "not_found",
    )
    .await;
}

#[tokio::test]
async fn unsound_names_are_refused() {
    let server = TestServer::start().await;
    let long = "k".repeat(256);
    for path in PATHS {
        for key in ["", "two words", "tab\there", &long] {
            let body = problem(send(&server, path, key, "text").await, 400, "invalid_parameter").await;
            assert_eq!(body["field"], "idempotency-key", "{key:?}");
        }
        let twice = request(&server, path, "one", body(path, "text")).header("idempotency-key", "two");
        problem(twice.send().await.expect("an answer"), 400, "invalid_parameter").await;
    }
    assert!(
        send(&server, PATHS[1], &"k".repeat(255), "text")
            .await
            .status()
            .is_success()
    );
}

#[tokio::test]
async fn a_submission_that_is_sent_again_late_has_an_address_that_works() {
    let setup = Setup {
        workers: 1,
        ..Setup::default()
    };
    let clock = Arc::clone(&setup.clock);
    let server = TestServer::with(setup).await;
    let submit = async || json(send(&server, PATHS[1], "order-1", "text").await, 200).await;
    let original = async |answer: &Value| {
        let address = text(&answer["uploadUrl"]);
        server.client.get(address).send().await.expect("an answer")
    };
    let first = submit().await;
    let id = text(&first["id"]);
    assert_eq!(server.ended(&id).await["status"], "completed");
    assert_eq!(original(&first).await.text().await.expect("a body"), "text");
    // The first address is about to expire, then has.
    for (minutes, status) in [(40, 200), (61, 403), (600, 403)] {
        clock.advance(Duration::from_secs(minutes * 60));
        assert_eq!(original(&first).await.status(), status);
        let again = submit().await;
        assert_eq!(original(&again).await.text().await.expect("a body"), "text");
        clock.advance(Duration::from_secs(29 * 60));
        assert_eq!(original(&again).await.status(), 200);
        let but_for_address = |mut answer: Value| {
            answer["uploadUrl"] = Value::Null;
            answer
        };
        assert_eq!(but_for_address(again), but_for_address(first.clone()));
    }
    assert_eq!(documents(&server).await, 1);
    let deleted = server.request("DELETE", &format!("/api/documents/{id}"));
    assert!(deleted.send().await.expect("an answer").status().is_success());
    problem(send(&server, PATHS[1], "order-1", "text").await, 404, "not_found").await;
}
