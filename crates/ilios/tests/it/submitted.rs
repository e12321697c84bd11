//! Documents of the queue.

use std::time::{Duration, Instant};

use reqwest::multipart::Form;

use crate::gate::Gate;
use crate::harness::{Setup, TestServer, form, json, problem, text};

const NOISE: [u8; 5] = [0, 159, 146, 150, 7];

#[tokio::test]
async fn a_submitted_document_is_queued_and_converted() {
    let server = TestServer::working().await;
    let options = [("retentionDays", "30"), ("priority", "9"), ("ocr", "off")];
    let request = server.post("/api/documents/submit");
    let request = request.multipart(form("Grüße.md", "# Hello\n", &options));
    let answer = json(request.send().await.expect("an answer"), 200).await;
    let id = text(&answer["id"]);
    assert_eq!(answer["status"], "pending");
    assert_eq!(answer["fileName"], "Grüße.md");
    assert_eq!(answer["fileSize"], 8);
    assert_eq!(answer["retentionDays"], 30);
    let url = text(&answer["uploadUrl"]);
    assert!(url.starts_with(&format!("{}/objects/", server.address)), "{url}");
    let original = server.client.get(&url).send().await.expect("an answer");
    assert_eq!(original.headers()["content-type"], "text/markdown");
    assert_eq!(original.text().await.expect("a body"), "# Hello\n");
    assert!(
        answer["message"].is_string() && answer["createdAt"].is_string(),
        "{answer}"
    );

    let ended = server.ended(&id).await;
    assert_eq!(ended["status"], "completed", "{ended}");
    assert_eq!(ended["downloadUrl"], format!("/api/documents/{id}"));
    assert_eq!(ended["metadata"]["mimeType"], "text/markdown");
    assert!(
        ended["processedAt"].is_string() && ended["error"].is_null(),
        "{ended}"
    );
    let content = server
        .get(&format!("/api/documents/{id}"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(
        content.headers()["content-disposition"],
        "inline; filename=\"Gr__e.md\"; filename*=UTF-8''Gr%C3%BC%C3%9Fe.md"
    );
    assert_eq!(content.text().await.expect("a body"), "# Hello\n");
}

#[tokio::test]
async fn the_address_of_a_submission_works_for_an_hour_without_the_key() {
    let clock = std::sync::Arc::<crate::harness::ShiftedClock>::default();
    let server = TestServer::with(Setup {
        api_keys: "key",
        clock: clock.clone(),
        ..Setup::default()
    })
    .await;
    let request = server.post("/api/documents/submit").bearer_auth("key");
    let request = request.multipart(form("a.txt", "text", &[]));
    let answer = json(request.send().await.expect("an answer"), 200).await;
    let get = || server.client.get(text(&answer["uploadUrl"])).send();
    assert_eq!(
        get().await.expect("an answer").text().await.expect("a body"),
        "text"
    );
    clock.advance(Duration::from_secs(3_590));
    assert_eq!(get().await.expect("an answer").status(), 200);
    clock.advance(Duration::from_secs(20));
    problem(get().await.expect("an answer"), 403, "expired_signature").await;
}

#[tokio::test]
async fn a_document_that_waits_has_no_content_yet_and_knows_its_place() {
    let server = TestServer::start().await;
    let first = server.submitted("a.txt", "a").await;
    let second = server.submitted("b.txt", "b").await;
    for (id, place) in [(&first, 1), (&second, 2)] {
        let status = server.json(&format!("/api/documents/status/{id}")).await;
        assert_eq!(status["status"], "pending");
        assert_eq!(status["queuePosition"], place);
    }
    let content = server
        .get(&format!("/api/documents/{first}"))
        .send()
        .await
        .expect("an answer");
    let body = problem(content, 400, "document_not_ready").await;
    assert_eq!(body["status"], "pending");
}

#[tokio::test]
async fn a_document_that_fails_says_why() {
    let server = TestServer::working().await;
    let id = server.submitted("blank.txt", " \n\t\n").await;
    let ended = server.ended(&id).await;
    assert_eq!(ended["status"], "failed");
    assert_eq!(ended["errorCode"], "empty_document");
    assert!(
        ended["error"].is_string() && ended["downloadUrl"].is_null(),
        "{ended}"
    );
    let content = server
        .get(&format!("/api/documents/{id}"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(
        problem(content, 400, "document_not_ready").await["status"],
        "failed"
    );
}

#[tokio::test]
async fn what_cannot_be_converted_is_not_accepted() {
    let server = TestServer::with(Setup {
        max_file_size: 10_000,
        ..Setup::default()
    })
    .await;
    let submit = async |form: Form| {
        let request = server.post("/api/documents/submit").multipart(form);
        request.send().await.expect("an answer")
    };
    let noise = submit(form("a.bin", NOISE.repeat(50), &[])).await;
    assert_eq!(problem(noise, 415, "unsupported_type").await["field"], "file");
    problem(submit(form("a.txt", "", &[])).await, 400, "empty_file").await;
    problem(
        submit(form("a.txt", vec![b'a'; 10_001], &[])).await,
        413,
        "too_large",
    )
    .await;
    problem(submit(Form::new().text("ocr", "off")).await, 400, "missing_file").await;
    for (field, value) in [
        ("retentionDays", "0"),
        ("priority", "0"),
        ("priority", "11"),
        ("priority", "high"),
        ("pages", "3-1"),
        ("ocr", "perhaps"),
    ] {
        let response = submit(form("a.txt", "a", &[(field, value)])).await;
        assert_eq!(problem(response, 400, "invalid_parameter").await["field"], field);
    }
    let request = server.post("/api/documents/submit").body("no form");
    problem(request.send().await.expect("an answer"), 400, "invalid_multipart").await;
    let listed = server.json("/api/documents").await;
    assert_eq!(listed["documents"], serde_json::json!([]), "nothing was stored");
    let objects = server.folder().join("objects/documents");
    let stored = std::fs::read_dir(objects).map_or(0, Iterator::count);
    assert_eq!(stored, 0, "nor kept");
}

#[tokio::test]
async fn a_full_queue_says_when_to_come_back() {
    let server = TestServer::with(Setup {
        max_pending: 1,
        ..Setup::default()
    })
    .await;
    server.submit("a.txt", "a").await;
    let request = server
        .post("/api/documents/submit")
        .multipart(form("b.txt", "b", &[]));
    let response = request.send().await.expect("an answer");
    assert!(response.headers().contains_key("retry-after"));
    problem(response, 503, "busy").await;
    let files = Form::new().part("files", crate::harness::part("c.txt", "c"));
    let request = server.post("/v1/batch/submit").multipart(files);
    problem(request.send().await.expect("an answer"), 503, "busy").await;
}

#[tokio::test]
async fn who_waits_is_answered_as_soon_as_the_document_has_ended() {
    let gate = Gate::closed();
    let server = TestServer::with(Setup {
        workers: 1,
        engine: Some(gate.clone()),
        ..Setup::default()
    })
    .await;
    let id = server.submitted("a.txt", "text").await;
    gate.begun(1).await;
    let started = Instant::now();
    let status = server.json(&format!("/api/documents/status/{id}?wait=1")).await;
    assert_eq!(status["status"], "processing", "the second is over");
    assert!(started.elapsed() >= Duration::from_secs(1));

    let waiting = server.get(&format!("/api/documents/status/{id}?wait=60"));
    let waiting = tokio::spawn(waiting.send());
    let opened = Instant::now();
    gate.let_through(1);
    let answer = json(waiting.await.expect("a task").expect("an answer"), 200).await;
    assert_eq!(answer["status"], "completed");
    assert!(
        opened.elapsed() < Duration::from_secs(30),
        "not when its time was over: {:?}",
        opened.elapsed()
    );

    for wait in ["61", "-1", "x", "1.5"] {
        let response = server.get(&format!("/api/documents/status/{id}?wait={wait}"));
        let body = problem(
            response.send().await.expect("an answer"),
            400,
            "invalid_parameter",
        )
        .await;
        assert_eq!(body["field"], "wait");
    }
}

#[tokio::test]
async fn a_conversion_that_may_succeed_later_is_tried_again_and_then_given_up() {
    let server = TestServer::with(Setup {
        workers: 1,
        program: ilios_sandbox::Program::new("/nowhere", [""; 0]),
        ..Setup::default()
    })
    .await;
    let pdf = crate::harness::sample("samples/annual-report.pdf");
    let id = server.submitted("report.pdf", pdf).await;
    let ended = server.ended(&id).await;
    assert_eq!(
        (ended["status"].as_str(), ended["errorCode"].as_str()),
        (Some("failed"), Some("unavailable"))
    );
    assert!(!ended.to_string().contains("nowhere"), "no internals: {ended}");
}
