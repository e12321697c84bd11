//! Jobs of many requests.

use std::sync::Arc;
use std::time::Duration;

use ilios::jobs::{Maintenance, MaintenanceSettings};
use reqwest::multipart::Form;
use serde_json::{Value, json as value};

use super::{HTML, REPORT, ask, data, documents, guarded, pages_used, upload, uploaded};
use crate::harness::{Setup, TestServer, json, part, sample, text};

fn request(custom_id: &str, html: &str) -> Value {
    value!({"custom_id": custom_id, "body": {"document": data("text/html", html.as_bytes())}})
}

async fn job(server: &TestServer, body: &Value) -> Value {
    let request = server.post("/v1/batch/jobs").bearer_auth("first-key").json(body);
    json(request.send().await.expect("an answer"), 200).await
}

/// A job once it has ended.
async fn ended(server: &TestServer, id: &str) -> Value {
    json(
        ask(
            server,
            "first-key",
            "GET",
            &format!("/v1/batch/status/{id}?wait=60"),
        )
        .await,
        200,
    )
    .await;
    json(
        ask(server, "first-key", "GET", &format!("/v1/batch/jobs/{id}")).await,
        200,
    )
    .await
}

async fn lines(server: &TestServer, file: &Value) -> Vec<Value> {
    let path = format!("/v1/files/{}/content", text(file));
    let content = ask(server, "first-key", "GET", &path).await;
    assert_eq!(content.headers()["content-type"], "application/octet-stream");
    let content = content.text().await.expect("text");
    let object = json(
        ask(server, "first-key", "GET", path.trim_end_matches("/content")).await,
        200,
    )
    .await;
    assert_eq!(object["bytes"], content.len());
    content
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

/// A file of requests, of which two cannot be carried out.
async fn input_file(server: &TestServer) -> Value {
    let kept = uploaded(server, "a.html", HTML).await;
    let requests = [
        value!({"custom_id": "inline", "body": {"document": data("text/html", HTML.as_bytes()), "table_format": "html"}}),
        value!({"custom_id": "file", "method": "POST", "body": {"document": {"file_id": kept["id"]}}}),
        value!({"custom_id": "wrong", "body": {"document": {"file_id": "nothing"}, "bogus": 1}}),
        value!({"custom_id": "broken", "body": {"document": data("application/pdf", b"%PDF-1.4 broken")}}),
        value!({"body": {"document": data("application/pdf", &sample(REPORT)), "pages": [1]}}),
    ];
    let input: String = requests.iter().map(|request| format!("{request}\n")).collect();
    let form = Form::new()
        .text("purpose", "batch")
        .part("file", part("in.jsonl", input));
    let input = json(upload(server, "first-key", form).await, 200).await;
    assert_eq!(input["sample_type"], "batch_request");
    input
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_answers_each_of_its_requests_once() {
    let server = guarded().await;
    let input = input_file(&server).await;
    let order = value!({
        "endpoint": "/v1/ocr", "input_files": [input["id"]], "model": "mistral-ocr-latest",
        "metadata": {"job_type": "t"}, "timeout_hours": 24,
    });
    let job = job(&server, &order).await;
    assert_eq!(
        (&job["object"], &job["total_requests"]),
        (&value!("batch"), &value!(5))
    );
    assert_eq!(job["input_files"], value!([input["id"]]));
    let done = ended(&server, &text(&job["id"])).await;
    assert_eq!(done["status"], "SUCCESS");
    assert_eq!(
        (&done["succeeded_requests"], &done["failed_requests"]),
        (&value!(3), &value!(2))
    );
    let mut output = lines(&server, &done["output_file"]).await;
    let names: Vec<Value> = output.iter().map(|line| line["custom_id"].clone()).collect();
    // What has to be brought here comes last.
    assert_eq!(names, [value!("inline"), Value::Null, value!("file")]);
    for line in &output {
        assert_eq!(
            (&line["error"], &line["response"]["status_code"]),
            (&Value::Null, &value!(200))
        );
    }
    let body = output.remove(0)["response"]["body"].clone();
    assert_eq!(body["pages"][0]["tables"][0]["id"], "tbl-0.html");
    let last = &output[0]["response"]["body"];
    assert_eq!(last["pages"].as_array().map(Vec::len), Some(1));
    assert_eq!(last["pages"][0]["index"], 1);
    let errors = lines(&server, &done["error_file"]).await;
    let found: Vec<(&Value, &Value)> = errors
        .iter()
        .map(|line| (&line["custom_id"], &line["response"]["status_code"]))
        .collect();
    assert_eq!(
        found,
        [
            (&value!("wrong"), &value!(422)),
            (&value!("broken"), &value!(400))
        ]
    );
    // A body of an error is a text.
    let error: Value =
        serde_json::from_str(errors[1]["response"]["body"].as_str().expect("text")).expect("JSON");
    assert_eq!(error["code"], "3740");
    assert_eq!(pages_used(&server, "first-key").await, 3, "each is charged once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jobs_are_listed_by_what_is_asked_for_and_hold_their_results() {
    let server = guarded().await;
    let order = value!({
        "endpoint": "/v1/ocr", "requests": [request("a", HTML)], "model": "mistral-ocr-latest",
        "metadata": {"job_type": "t"},
    });
    let id = text(&job(&server, &order).await["id"]);
    let done = ended(&server, &id).await;
    for (query, total) in [
        ("", 1),
        (
            "?job_type=t&page=0&page_size=10&created_by_me=false&order_by=-created",
            1,
        ),
        ("?job_type=other", 0),
        ("?status=SUCCESS&status=FAILED", 1),
        ("?status=RUNNING", 0),
        ("?model=mistral-ocr-latest&created_after=2020-01-01T00:00:00Z", 1),
        ("?created_after=2999-01-01T00:00:00Z", 0),
    ] {
        let path = format!("/v1/batch/jobs{query}");
        let listed = json(ask(&server, "first-key", "GET", &path).await, 200).await;
        assert_eq!(listed["total"], total, "{query}");
    }
    let path = format!("/v1/batch/jobs/{id}?inline=true");
    let inline = json(ask(&server, "first-key", "GET", &path).await, 200).await;
    assert_eq!(inline["outputs"][0]["custom_id"], "a");
    let results = format!("/v1/files/{}", text(&done["output_file"]));
    json(ask(&server, "first-key", "DELETE", &results).await, 409).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jobs_and_their_results_are_their_tenants_alone() {
    let server = guarded().await;
    let job = job(
        &server,
        &value!({"endpoint": "/v1/ocr", "requests": [request("a", HTML)]}),
    )
    .await;
    let id = text(&job["id"]);
    let output = text(&ended(&server, &id).await["output_file"]);
    for (method, path) in [
        ("GET", format!("/v1/batch/jobs/{id}")),
        ("POST", format!("/v1/batch/jobs/{id}/cancel")),
        ("GET", format!("/v1/files/{output}")),
        ("GET", format!("/v1/files/{output}/content")),
    ] {
        let missing = json(ask(&server, "second-key", method, &path).await, 404).await;
        assert!(missing["detail"].is_string(), "{missing}");
    }
    let listed = json(ask(&server, "second-key", "GET", "/v1/batch/jobs").await, 200).await;
    assert_eq!(listed["total"], 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_is_deleted_with_its_results_and_its_documents_stay() {
    let server = guarded().await;
    let order = value!({"endpoint": "/v1/ocr", "requests": [request("a", HTML)]});
    let id = text(&job(&server, &order).await["id"]);
    let path = format!("/v1/batch/jobs/{id}");
    let output = text(&ended(&server, &id).await["output_file"]);
    json(ask(&server, "second-key", "DELETE", &path).await, 404).await;
    let deleted = json(ask(&server, "first-key", "DELETE", &path).await, 200).await;
    assert_eq!(deleted, value!({"id": id, "object": "batch", "deleted": true}));
    for (method, gone) in [
        ("GET", path.clone()),
        ("DELETE", path.clone()),
        ("POST", format!("{path}/cancel")),
        ("GET", format!("/v1/files/{output}")),
        ("GET", format!("/v1/files/{output}/content")),
    ] {
        json(ask(&server, "first-key", method, &gone).await, 404).await;
    }
    let batch = ask(&server, "first-key", "GET", &format!("/v1/batch/status/{id}")).await;
    assert_eq!(json(batch, 200).await["status"], "completed");
}

#[tokio::test]
async fn a_job_that_waits_is_cancelled_when_it_is_deleted() {
    let server = TestServer::with(Setup {
        api_keys: "first-key",
        ..Setup::default()
    })
    .await;
    let order = value!({"endpoint": "/v1/ocr", "requests": [request("a", HTML)]});
    let id = text(&job(&server, &order).await["id"]);
    json(
        ask(&server, "first-key", "DELETE", &format!("/v1/batch/jobs/{id}")).await,
        200,
    )
    .await;
    let queue = json(ask(&server, "first-key", "GET", "/api/queue").await, 200).await;
    assert_eq!(queue["pending"], 0, "nothing of it is converted any more");
}

#[tokio::test]
async fn a_job_is_stopped_by_its_owner_or_by_time() {
    let server = TestServer::with(Setup {
        api_keys: "first-key",
        ..Setup::default()
    })
    .await;
    let order =
        |hours| value!({"endpoint": "/v1/ocr", "requests": [request("a", HTML)], "timeout_hours": hours});
    let (first, second) = (job(&server, &order(1)).await, job(&server, &order(2)).await);
    assert_eq!(
        (&first["status"], &first["output_file"]),
        (&value!("QUEUED"), &Value::Null)
    );
    let path = format!("/v1/batch/jobs/{}/cancel", text(&first["id"]));
    for _ in 0..2 {
        let cancelled = json(ask(&server, "first-key", "POST", &path).await, 200).await;
        assert_eq!(
            (&cancelled["status"], &cancelled["failed_requests"]),
            (&value!("CANCELLED"), &value!(1))
        );
        let errors = lines(&server, &cancelled["error_file"]).await;
        assert_eq!(errors[0]["response"]["status_code"], 400);
    }
    let maintenance = Maintenance::new(Arc::clone(&server.app), MaintenanceSettings::default());
    let status = async || {
        maintenance.run_once().await;
        let path = format!("/v1/batch/jobs/{}", text(&second["id"]));
        text(&json(ask(&server, "first-key", "GET", &path).await, 200).await["status"])
    };
    server.pass(Duration::from_secs(7_000));
    assert_eq!(status().await, "QUEUED");
    server.pass(Duration::from_secs(300));
    assert_eq!(status().await, "TIMEOUT_EXCEEDED");
    assert_eq!(pages_used(&server, "first-key").await, 0);
}

#[tokio::test]
async fn a_job_that_makes_no_sense_is_refused() {
    let server = guarded().await;
    let requests = value!([request("a", HTML)]);
    for (body, place) in [
        (value!({"requests": requests}), "endpoint"),
        (
            value!({"endpoint": "/v1/chat/completions", "requests": requests}),
            "endpoint",
        ),
        (value!({"endpoint": "/v1/ocr"}), "input_files"),
        (value!({"endpoint": "/v1/ocr", "input_files": []}), "input_files"),
        (value!({"endpoint": "/v1/ocr", "requests": []}), "requests"),
        (
            value!({"endpoint": "/v1/ocr", "requests": requests, "input_files": ["a"]}),
            "requests",
        ),
        (
            value!({"endpoint": "/v1/ocr", "requests": requests, "timeout_hours": 169}),
            "timeout_hours",
        ),
        (
            value!({"endpoint": "/v1/ocr", "requests": requests, "metadata": {"a": 1}}),
            "metadata",
        ),
        (
            value!({"endpoint": "/v1/ocr", "requests": requests, "other": 1}),
            "other",
        ),
    ] {
        let request = server.post("/v1/batch/jobs").bearer_auth("first-key").json(&body);
        let refused = json(request.send().await.expect("an answer"), 422).await;
        assert_eq!(refused["detail"][0]["loc"], value!(["body", place]), "{body}");
    }
    let missing = value!({"endpoint": "/v1/ocr", "input_files": ["00000000-0000-4000-8000-000000000000"]});
    let request = server
        .post("/v1/batch/jobs")
        .bearer_auth("first-key")
        .json(&missing);
    let refused = json(request.send().await.expect("an answer"), 400).await;
    assert_eq!(refused["code"], "3310");
    let document = uploaded(&server, "a.html", HTML).await;
    let wrong = value!({"endpoint": "/v1/ocr", "input_files": [document["id"]]});
    let request = server
        .post("/v1/batch/jobs")
        .bearer_auth("first-key")
        .json(&wrong);
    let refused = json(request.send().await.expect("an answer"), 422).await;
    assert_eq!(refused["detail"][0]["loc"], value!(["body", "input_files"]));
    assert_eq!(documents(&server, "first-key").await, 0);
}
