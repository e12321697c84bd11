//! Batch jobs.

use mistral_standin::{Batches, ErrorBody, Faults};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{MODEL, Test, document, flaw, pdf};

const JOBS: &str = "/v1/batch/jobs";

fn line(id: &str, pages: usize) -> Value {
    json!({"custom_id": id, "body": {"document": document(pages)}})
}

fn job(lines: &[Value]) -> Value {
    json!({"endpoint": "/v1/ocr", "model": MODEL, "requests": lines, "timeout_hours": 24})
}

async fn created(test: &Test, body: &Value) -> String {
    let (status, job) = test.post(JOBS, body).await;
    assert_eq!(status, 200, "{job}");
    assert_eq!(
        (&job["status"], &job["total_requests"]),
        (&json!("QUEUED"), &json!(0))
    );
    format!("{JOBS}/{}", job["id"].as_str().expect("an id"))
}

async fn ended(test: &Test, path: &str) -> Value {
    for _ in 0..10 {
        let (status, job) = test.get(path).await;
        assert_eq!(status, 200, "{job}");
        if job["status"] != "QUEUED" && job["status"] != "RUNNING" {
            return job;
        }
    }
    Value::Null
}

async fn results(test: &Test, file: &Value) -> Vec<Value> {
    let path = format!("/v1/files/{}/content", file.as_str().expect("a file"));
    let content = test.request(Method::GET, &path).send().await.expect("an answer");
    let text = content.text().await.expect("a body");
    text.lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

#[tokio::test]
async fn a_job_reads_a_file_of_lines() {
    let test = Test::new().await;
    let text = format!("{}\n{}\n", line("a", 1), line("b", 2));
    let file = test.upload("in.jsonl", "batch", text.into_bytes()).await;
    let body =
        json!({"endpoint": "/v1/ocr", "model": MODEL, "input_files": [file], "metadata": {"kind": "t"}});
    let path = created(&test, &body).await;
    assert_eq!(
        test.delete(&format!("/v1/files/{file}")).await.0,
        200,
        "it has been taken over"
    );
    assert_eq!(test.get(&path).await.1["status"], "RUNNING");
    let job = ended(&test, &path).await;
    assert_eq!(
        (&job["status"], &job["succeeded_requests"]),
        (&json!("SUCCESS"), &json!(2))
    );
    let lines = results(&test, &job["output_file"]).await;
    let ids: Vec<&Value> = lines.iter().map(|line| &line["custom_id"]).collect();
    assert_eq!(ids, ["b", "a"], "in no order to count on");
    assert_eq!(lines[0]["response"]["body"]["usage_info"]["pages_processed"], 2);
    let counts = test.standin.counts();
    assert_eq!(counts.billed_pages(), 3);
    assert!(counts.documents.iter().all(|document| document.batch));
    assert_eq!(
        test.get(&format!("{JOBS}?kind=t&status=SUCCESS&page=0")).await.1["total"],
        1
    );
    assert_eq!(test.get(&format!("{JOBS}?kind=u")).await.1["total"], 0);
    assert_eq!(
        test.get(&format!("{JOBS}?created_after=2200-01-01T00:00:00Z"))
            .await
            .1["total"],
        0
    );
    assert_eq!(test.get(&format!("{JOBS}?created_after=yesterday")).await.0, 422);
}

#[tokio::test]
async fn success_does_not_mean_that_every_line_went_well() {
    let test = Test::with(Faults {
        batches: Batches {
            failing_lines: vec!["unlucky".to_owned()],
            lost_lines: vec!["lost".to_owned()],
            ..Batches::default()
        },
        ..Faults::default()
    })
    .await;
    let wrong = json!({"custom_id": "wrong", "body": {"document": {"document_url": "http://a/b"}}});
    let lines = [line("good", 1), line("unlucky", 1), line("lost", 1), wrong];
    let path = created(&test, &job(&lines)).await;
    let job_ended = ended(&test, &path).await;
    assert_eq!(job_ended["status"], "SUCCESS");
    assert_eq!(
        (&job_ended["failed_requests"], &job_ended["total_requests"]),
        (&json!(2), &json!(4))
    );
    let bad = results(&test, &job_ended["error_file"]).await;
    let statuses: Vec<&Value> = bad.iter().map(|line| &line["response"]["status_code"]).collect();
    assert_eq!(statuses, [422, 500]);
    let body = bad[0]["response"]["body"].as_str().expect("JSON in a string");
    assert!(serde_json::from_str::<Value>(body).expect("JSON")["detail"].is_array());
    assert_eq!(
        test.get(&format!("{path}?inline=true")).await.1["outputs"]
            .as_array()
            .map(Vec::len),
        Some(3)
    );
    assert_eq!(test.standin.counts().billed_pages(), 1);
    test.standin.set_faults(Faults {
        batches: Batches {
            error_body: ErrorBody::Object,
            failing_lines: vec!["a".to_owned()],
            ..Batches::default()
        },
        ..Faults::default()
    });
    let path = created(&test, &job(&[line("a", 1)])).await;
    let bad = results(&test, &ended(&test, &path).await["error_file"]).await;
    assert!(bad[0]["response"]["body"].is_object());
}

#[tokio::test]
async fn what_a_job_is_made_of_is_checked() {
    let test = Test::new().await;
    let lines = [line("a", 1)];
    for (name, value, kind) in [
        ("endpoint", json!(null), "literal_error"),
        ("endpoint", json!("/v1/other"), "literal_error"),
        ("timeout_hours", json!(0), "greater_than_equal"),
        ("timeout_hours", json!(169), "less_than_equal"),
        ("timeout_hours", json!(null), "int_type"),
        ("metadata", json!({"": "a"}), "value_error"),
        ("metadata", json!({"a": "b".repeat(513)}), "value_error"),
        ("metadata", json!({"a".repeat(33): "b"}), "value_error"),
        ("metadata", json!({"a": 1}), "value_error"),
        ("requests", json!([]), "list_length"),
        (
            "requests",
            json!(vec![json!({"body": {}}); 10_001]),
            "list_length",
        ),
        ("requests", json!([{"custom_id": 1, "body": {}}]), "value_error"),
        ("requests", json!([{"custom_id": "a"}]), "value_error"),
        ("requests", json!([{"body": {}, "bogus": 1}]), "extra_forbidden"),
        ("requests", json!(null), "value_error"),
        (
            "input_files",
            json!(["00000000-0000-4000-8000-000000000000"]),
            "value_error",
        ),
        ("input_files", json!(["file"]), "uuid_parsing"),
        ("model", json!(4), "string_type"),
        ("bogus", json!(1), "extra_forbidden"),
    ] {
        let mut body = job(&lines);
        body[name] = value;
        assert_eq!(flaw(test.post(JOBS, &body).await).0, kind, "{name}");
    }
    let missing = flaw(test.post(JOBS, &json!({"requests": lines})).await);
    assert_eq!(missing, ("missing".to_owned(), json!(["body", "endpoint"])));
    let document = test.upload("a.pdf", "ocr", pdf(1)).await;
    for id in [document.as_str(), "00000000-0000-4000-8000-000000000000"] {
        let body = json!({"endpoint": "/v1/ocr", "input_files": [id]});
        assert_eq!(test.post(JOBS, &body).await.1["code"], "1901");
    }
    let mut unknown = job(&lines);
    unknown["model"] = json!("no-such-model");
    assert_eq!(test.post(JOBS, &unknown).await.1["code"], "1500");
    assert_eq!(test.get(JOBS).await.1["total"], 0, "none of them was made");
}

#[tokio::test]
async fn a_line_without_a_model_needs_a_job_with_one() {
    let test = Test::new().await;
    let path = created(&test, &json!({"endpoint": "/v1/ocr", "requests": [line("a", 1)]})).await;
    assert_eq!(ended(&test, &path).await["failed_requests"], 1);
}

#[tokio::test]
async fn jobs_end_in_other_ways_too() {
    let test = Test::with(Faults {
        missing_after_job: 2,
        ..Faults::default()
    })
    .await;
    let lines = [line("a", 1)];
    let path = created(&test, &job(&lines)).await;
    for _ in 0..2 {
        assert_eq!(
            test.get(&path).await,
            (404, json!({"detail": "No batch job matches the given query."}))
        );
    }
    assert_eq!(test.get(&path).await.1["status"], "RUNNING");
    let cancel = test
        .request(Method::POST, &format!("{path}/cancel"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(
        cancel.json::<Value>().await.expect("JSON")["status"],
        "CANCELLATION_REQUESTED"
    );
    assert_eq!(test.get(&path).await.1["status"], "CANCELLED");
    assert_eq!(test.delete(&path).await.1["deleted"], true);
    assert_eq!(test.get(&path).await.0, 404);
    test.standin.set_faults(Faults::default());
    let path = created(&test, &job(&lines)).await;
    test.standin.advance(25);
    assert_eq!(ended(&test, &path).await["status"], "TIMEOUT_EXCEEDED");
    test.standin.set_faults(Faults {
        batches: Batches {
            fail: true,
            ..Batches::default()
        },
        ..Faults::default()
    });
    let path = created(&test, &job(&lines)).await;
    let failed = ended(&test, &path).await;
    assert_eq!(
        (&failed["status"], &failed["output_file"]),
        (&json!("FAILED"), &json!(null))
    );
    assert!(failed["errors"][0]["message"].is_string());
    assert_eq!(test.standin.counts().billed_pages(), 0);
    assert_eq!(test.get(&format!("{JOBS}/nonsense")).await.0, 404);
}
