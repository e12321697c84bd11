//! Batches: accepted, looked at, cancelled.

use std::time::Duration;

use reqwest::Response;
use reqwest::multipart::Form;
use serde_json::{Value, json as value};

use crate::gate::Gate;
use crate::harness::{Setup, TestServer, files, json, part, problem, text};

const NOISE: &[u8] = &[
    0, 159, 146, 150, 7, 0, 159, 146, 150, 7, 0, 0, 0, 159, 255, 254, 1, 2, 3,
];

pub(crate) async fn send(server: &TestServer, form: Form) -> Response {
    let request = server.post("/v1/batch/submit").multipart(form);
    request.send().await.expect("an answer")
}

/// Objects that are stored.
pub(crate) fn stored(server: &TestServer) -> usize {
    let folder = server.folder().join("objects/documents");
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

/// Name, size, status and code of each document of an accepted batch.
fn shown(answer: &Value) -> Vec<(String, u64, String, String)> {
    let documents = answer["documents"].as_array().expect("documents");
    let row = |document: &Value| {
        let field = |name: &str| document[name].as_str().unwrap_or_default().to_owned();
        let size = document["fileSize"].as_u64().expect("a size");
        (field("fileName"), size, field("status"), field("errorCode"))
    };
    documents.iter().map(row).collect()
}

/// A batch of six files, three of which are refused by a server that takes at most 300,000 bytes.
async fn mixed(server: &TestServer) -> Value {
    let large = vec![b'a'; 400_000];
    let form = files(&[
        ("one.md", b"# One\n"),
        ("large.txt", &large),
        ("noise.bin", NOISE),
        ("empty.txt", b""),
    ])
    .part("files[]", part("two.md", "# Two\n"))
    .part("files", part("spooled.txt", "word ".repeat(55_000)))
    .text("priority", "7")
    .text("retentionDays", "30")
    .text("useMistralBatch", "false")
    .text("model", "");
    json(send(server, form).await, 202).await
}

async fn limited() -> TestServer {
    TestServer::with(Setup {
        workers: 2,
        max_file_size: 300_000,
        ..Setup::default()
    })
    .await
}

#[tokio::test]
async fn a_file_of_a_batch_is_refused_alone() {
    let server = limited().await;
    let answer = mixed(&server).await;
    assert_eq!(answer["status"], "queued");
    assert_eq!(answer["totalDocuments"], 6);
    let id = text(&answer["batchId"]);
    assert_eq!(answer["statusUrl"], format!("/v1/batch/status/{id}"));
    let row = |name: &str, size: u64, status: &str, code: &str| {
        (name.to_owned(), size, status.to_owned(), code.to_owned())
    };
    assert_eq!(
        shown(&answer),
        [
            row("one.md", 6, "pending", ""),
            row("large.txt", 400_000, "failed", "too_large"),
            row("noise.bin", NOISE.len() as u64, "failed", "unsupported_type"),
            row("empty.txt", 0, "failed", "empty_file"),
            row("two.md", 6, "pending", ""),
            row("spooled.txt", 275_000, "pending", ""),
        ]
    );
    assert!(answer["documents"][1]["error"].is_string());
    assert_eq!(stored(&server), 3);
}

#[tokio::test]
async fn a_batch_tells_how_its_documents_ended() {
    let server = limited().await;
    let answer = mixed(&server).await;
    let id = text(&answer["batchId"]);
    let path = format!("/v1/batch/status/{id}?wait=60&details=true");
    let ended = server.json(&path).await;
    assert_eq!(ended["status"], "completed");
    assert_eq!(
        ended["progress"],
        value!({"total": 6, "pending": 0, "processing": 0, "completed": 3, "failed": 3})
    );
    assert_eq!(ended["downloadUrl"], format!("/v1/batch/download/{id}"));
    assert!(ended["createdAt"].is_string() && ended["completedAt"].is_string());
    let order = |answer: &Value| {
        let documents = answer["documents"].as_array().expect("documents").iter();
        documents
            .map(|document| text(&document["id"]))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        order(&ended),
        order(&answer),
        "in the order in which they were sent"
    );
    let details = &ended["documents"];
    assert_eq!(details[0]["status"], "completed");
    assert_eq!(details[0]["error"], Value::Null);
    assert!(details[0]["processedAt"].is_string());
    assert_eq!(details[1]["errorCode"], "too_large");
}

#[tokio::test]
async fn many_small_files_keep_their_order() {
    let server = TestServer::start().await;
    let form = (0..100).fold(Form::new(), |form, number| {
        form.part("files", part(&format!("{number}.txt"), format!("text {number}")))
    });
    let answer = json(send(&server, form).await, 202).await;
    let id = text(&answer["batchId"]);
    let status = server.json(&format!("/v1/batch/status/{id}?details=true")).await;
    assert_eq!(status["status"], "pending");
    assert_eq!(status["progress"]["pending"], 100);
    assert!(
        status["completedAt"].is_null() && status["downloadUrl"].is_null(),
        "{status}"
    );
    for list in [&answer["documents"], &status["documents"]] {
        let names = list
            .as_array()
            .expect("documents")
            .iter()
            .map(|document| text(&document["fileName"]));
        let expected = (0..100).map(|number| format!("{number}.txt"));
        assert!(names.eq(expected));
    }
    let without = server.json(&format!("/v1/batch/status/{id}?details=false")).await;
    assert!(without["documents"].is_null());
}

#[tokio::test]
async fn a_batch_of_refused_files_has_ended_before_it_began() {
    let server = TestServer::start().await;
    let answer = json(
        send(&server, files(&[("a.bin", NOISE), ("b.txt", b"")])).await,
        202,
    )
    .await;
    assert_eq!(answer["status"], "failed");
    let id = text(&answer["batchId"]);
    let status = server.json(&format!("/v1/batch/status/{id}")).await;
    assert_eq!(status["status"], "failed");
    assert_eq!(status["progress"]["failed"], 2);
    assert_eq!(status["downloadUrl"], format!("/v1/batch/download/{id}"));
}

#[tokio::test]
async fn a_batch_is_not_bound_to_the_size_of_one_file() {
    let server = TestServer::with(Setup {
        max_file_size: 600_000,
        ..Setup::default()
    })
    .await;
    let bytes = "a".repeat(500_000);
    let form = (0..6).fold(Form::new(), |form, _| {
        form.part("files", part("a.txt", bytes.clone()))
    });
    let answer = json(send(&server, form).await, 202).await;
    assert_eq!(answer["documents"][5]["status"], "pending");
    let large = server
        .post("/v1/batch/submit")
        .header("content-type", "multipart/form-data; boundary=x");
    let large = large.header("content-length", "70000000").body("--x--");
    let large = large.send().await;
    assert!(large.is_err() || large.is_ok_and(|response| response.status() == 413));
}

#[tokio::test]
async fn the_rest_of_a_batch_can_be_cancelled() {
    let gate = Gate::closed();
    let server = TestServer::with(Setup {
        workers: 1,
        engine: Some(gate.clone()),
        ..Setup::default()
    })
    .await;
    gate.let_through(1);
    let form = files(&[("a.txt", b"1"), ("b.txt", b"2"), ("c.txt", b"3")]);
    let id = text(&json(send(&server, form).await, 202).await["batchId"]);
    gate.begun(2).await;
    let status = server.json(&format!("/v1/batch/status/{id}")).await;
    assert_eq!(status["status"], "processing");
    assert_eq!(
        status["progress"],
        value!({"total": 3, "pending": 1, "processing": 1, "completed": 1, "failed": 0})
    );
    let download = server
        .get(&format!("/v1/batch/download/{id}"))
        .send()
        .await
        .expect("an answer");
    let body = problem(download, 400, "batch_not_ready").await;
    assert_eq!(
        (&body["status"], &body["progress"]),
        (&status["status"], &status["progress"])
    );

    let waiting = tokio::spawn(server.get(&format!("/v1/batch/status/{id}?wait=60")).send());
    tokio::time::sleep(Duration::from_millis(50)).await;
    let cancel = server.post(&format!("/v1/batch/{id}/cancel"));
    let cancelled = json(cancel.send().await.expect("an answer"), 200).await;
    assert_eq!(cancelled["status"], "completed", "one was converted before");
    assert_eq!(
        cancelled["progress"],
        value!({"total": 3, "pending": 0, "processing": 0, "completed": 1, "failed": 2})
    );
    let seen = json(waiting.await.expect("a task").expect("an answer"), 200).await;
    assert_eq!(seen["progress"], cancelled["progress"], "who waits is told");
    gate.let_through(5);
    let again = server.post(&format!("/v1/batch/{id}/cancel"));
    let again = json(again.send().await.expect("an answer"), 200).await;
    assert_eq!(again["completedAt"], cancelled["completedAt"], "it had ended");
}

#[tokio::test]
async fn malformed_and_unknown_batches_are_told_apart() {
    let server = TestServer::start().await;
    for (method, path) in [
        ("GET", "/v1/batch/status/{}"),
        ("GET", "/v1/batch/download/{}"),
        ("POST", "/v1/batch/{}/cancel"),
    ] {
        let ask = async |id: &str| {
            let request = server.request(method, &path.replace("{}", id));
            request.send().await.expect("an answer")
        };
        assert_eq!(
            problem(ask("x").await, 400, "invalid_id").await["field"],
            "batchId"
        );
        problem(ask("d12345678901234567890123").await, 404, "not_found").await;
    }
    for query in ["details=2", "wait=61"] {
        let path = format!("/v1/batch/status/d12345678901234567890123?{query}");
        let response = server.get(&path).send().await.expect("an answer");
        problem(response, 400, "invalid_parameter").await;
    }
}
