use serde_json::{Value, json};

use super::{description, is_as_described};
use crate::harness::{Setup, TestServer, files, form, text};

/// Answers of every operation that answers JSON, of documents in all states.
async fn answers(server: &TestServer) -> Vec<(&'static str, &'static str, Value)> {
    let mut answers = Vec::new();
    let submitted = server.submit("a.md", "# Text\n").await;
    let id = text(&submitted["id"]);
    server.ended(&id).await;
    let failed = server.submitted("b.pdf", "%PDF-1.7 broken").await;
    server.ended(&failed).await;
    let converted = server.send("c.md", "# Text\n", &[("format", "json")]).await;
    answers.push(("post", "/v1/convert", converted.json().await.expect("JSON")));
    let estimated = server
        .post("/v1/estimate")
        .multipart(form("c.md", "# Text\n", &[]));
    answers.push((
        "post",
        "/v1/estimate",
        estimated
            .send()
            .await
            .expect("an answer")
            .json()
            .await
            .expect("JSON"),
    ));
    answers.push(("post", "/api/documents/submit", submitted));
    let batch = server.post("/v1/batch/submit").multipart(files(&[
        ("a.md", b"# One\n"),
        ("empty.md", b""),
        ("c.pdf", b"%PDF-1.7 broken"),
    ]));
    let batch: Value = batch.send().await.expect("an answer").json().await.expect("JSON");
    let batch_id = text(&batch["batchId"]);
    answers.push(("post", "/v1/batch/submit", batch));
    let announced = json!({ "fileName": "d.md", "fileSize": 7 });
    let announced = server
        .post("/api/documents/upload-url")
        .json(&announced)
        .send()
        .await;
    let announced: Value = announced.expect("an answer").json().await.expect("JSON");
    let waiting = text(&announced["id"]);
    answers.push(("post", "/api/documents/upload-url", announced));
    answers.extend(read(server, [&id, &failed, &waiting], &batch_id).await);
    answers
}

/// Reads documents and a batch that exist: method, path and answer of each request.
async fn read(
    server: &TestServer,
    documents: [&String; 3],
    batch_id: &str,
) -> Vec<(&'static str, &'static str, Value)> {
    let mut answers = Vec::new();
    let id = documents[0];
    let status = "/api/documents/status/{id}";
    for id in documents {
        answers.push((
            "get",
            status,
            server.json(&format!("/api/documents/status/{id}")).await,
        ));
    }
    let batch_status = server
        .json(&format!("/v1/batch/status/{batch_id}?wait=60&details=true"))
        .await;
    answers.push(("get", "/v1/batch/status/{batchId}", batch_status));
    for path in [
        "/api/documents",
        "/api/documents/summary",
        "/api/queue",
        "/v1/batch",
        "/api/usage/summary",
        "/api/usage/breakdown",
        "/api/usage/records",
        "/health",
    ] {
        answers.push(("get", path, server.json(path).await));
    }
    answers.push((
        "get",
        "/api/documents/{id}",
        server.json(&format!("/api/documents/{id}?format=json")).await,
    ));
    let lines = server
        .get(&format!("/v1/batch/download/{batch_id}"))
        .send()
        .await
        .expect("an answer");
    for line in lines.text().await.expect("lines").lines() {
        let line = serde_json::from_str(line).expect("JSON");
        answers.push(("get", "/v1/batch/download/{batchId}", line));
    }
    answers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_answered_is_what_is_described() {
    let description = description();
    let server = TestServer::with(Setup {
        workers: 2,
        ..Setup::default()
    })
    .await;
    for (method, path, answer) in answers(&server).await {
        let responses = &description["paths"][path][method]["responses"];
        let success = ["200", "202"]
            .iter()
            .find_map(|status| responses.get(*status))
            .expect(path);
        let content = success["content"].as_object().expect(path);
        let schema = ["application/json", "application/x-ndjson"]
            .iter()
            .find_map(|kind| content.get(*kind));
        is_as_described(&description, &schema.expect(path)["schema"], &answer, path);
    }
    for (path, status) in [
        ("/api/documents/x", 400),
        ("/api/documents/status/00000000000000000000", 404),
    ] {
        let refused = server.get(path).send().await.expect("an answer");
        assert_eq!(refused.status(), status);
        let problem = &description["components"]["schemas"]["ProblemBody"];
        is_as_described(&description, problem, &refused.json().await.expect("JSON"), path);
    }
}
