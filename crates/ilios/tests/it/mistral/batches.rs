//! Batches that Mistral converts as jobs of its own, for half the price.

use std::time::{Duration, Instant};

use mistral_standin::{Batches, Failure, Faults, KEY, Outage, Standin};
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json as value};

use super::setup::{Pair, pdf};
use crate::batches::send;
use crate::harness::{TestServer, json, problem, start_provider_batches, text};
use crate::serve::Server as Program;

fn form(documents: usize) -> Form {
    let form = Form::new().text("useMistralBatch", "true");
    (0..documents).fold(form, |form, number| {
        let name = format!("{number}.pdf");
        form.part("files", Part::bytes(pdf(1 + number, &name, 0)).file_name(name))
    })
}

/// A batch of so many PDFs, of one page, two pages and so on: its id and those of its documents.
async fn submitted(server: &TestServer, form: Form) -> (String, Vec<String>) {
    let answer = json(send(server, form).await, 202).await;
    assert!(answer["mistralBatchJobId"].is_string(), "{answer}");
    let documents = answer["documents"].as_array().expect("documents");
    let ids = documents.iter().map(|document| text(&document["id"])).collect();
    (text(&answer["batchId"]), ids)
}

async fn ended(server: &TestServer, id: &str) -> Value {
    for _ in 0..4 {
        let status = server
            .json(&format!("/v1/batch/status/{id}?wait=20&details=true"))
            .await;
        if status["completedAt"].is_string() {
            return status;
        }
    }
    panic!("the batch does not end");
}

/// Waits until something is so.
async fn soon<F: Future<Output = bool>>(is_so: impl Fn() -> F) {
    for _ in 0..1_000 {
        if is_so().await {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("it does not come");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_model_that_is_used_may_be_named_and_no_other() {
    let pair = Pair::start().await;
    let (id, _) = submitted(&pair.server, form(1).text("model", "mistral-ocr-latest")).await;
    assert_eq!(ended(&pair.server, &id).await["progress"]["completed"], 1);
    for model in ["mistral-small-latest", "MISTRAL-OCR-LATEST"] {
        let body = problem(
            send(&pair.server, form(1).text("model", model)).await,
            400,
            "invalid_parameter",
        )
        .await;
        assert_eq!(body["field"], "model");
        assert!(text(&body["error"]).contains("mistral-ocr-latest"), "{body}");
    }
    let here = form(1).text("useMistralBatch", "off").text("engine", "local");
    let here = send(&pair.server, here.text("model", "mistral-ocr-latest")).await;
    assert_eq!(problem(here, 400, "invalid_parameter").await["field"], "model");
}

#[tokio::test(flavor = "multi_thread")]
async fn costs_half_and_leaves_nothing_at_the_service() {
    let faults = Faults {
        missing_after_upload: 1,
        missing_after_job: 2,
        ..Faults::default()
    };
    let pair = Pair::failing(faults).await;
    let text_file = Part::text("A note that needs no OCR.\n").file_name("note.txt");
    let (id, documents) = submitted(&pair.server, form(3).part("files", text_file)).await;
    let status = ended(&pair.server, &id).await;
    assert_eq!(
        status["progress"],
        value!({"total": 4, "pending": 0, "processing": 0, "completed": 4, "failed": 0}),
        "{status}"
    );
    let told = &status["mistralStatus"];
    assert_eq!(
        (&told["status"], &told["totalRequests"], &told["failedRequests"]),
        (&"SUCCESS".into(), &3.into(), &0.into())
    );
    for (number, document) in documents.iter().enumerate().take(3) {
        let found = pair
            .server
            .json(&format!("/api/documents/{document}?format=json"))
            .await;
        assert_eq!(found["pages"].as_array().map(Vec::len), Some(1 + number));
        assert_eq!(found["metadata"]["engine"], "mistral");
    }
    let note = pair
        .server
        .json(&format!("/api/documents/{}?format=json", documents[3]))
        .await;
    assert_eq!(note["metadata"]["engine"], "local");
    let records = pair.server.json("/api/usage/records").await;
    let records = records["records"].as_array().expect("records");
    let base: i64 = records
        .iter()
        .filter_map(|record| record["baseMicroCents"].as_i64())
        .sum();
    assert_eq!((records.len(), base), (4, 6 * 200_000), "{records:?}");
    let counts = pair.standin.counts();
    assert_eq!(
        (counts.billed_pages(), counts.requests_to("POST /v1/ocr")),
        (6, 0)
    );
    assert_eq!(counts.requests_to("POST /v1/batch/jobs"), 1);
    assert_eq!(
        counts.requests_to("DELETE /v1/files/{id}"),
        2,
        "requests and results"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_fails_is_its_documents_own() {
    let pair = Pair::failing(slow()).await;
    let (id, documents) = submitted(&pair.server, form(4)).await;
    pair.standin.set_faults(Faults {
        batches: Batches {
            failing_lines: vec![documents[1].clone()],
            lost_lines: vec![documents[2].clone()],
            ..Batches::default()
        },
        ..Faults::default()
    });
    let status = ended(&pair.server, &id).await;
    assert_eq!(status["status"], "completed", "{status}");
    let of = |number: usize| &status["documents"][number];
    assert_eq!(
        (&of(0)["status"], &of(3)["status"]),
        (&"completed".into(), &"completed".into())
    );
    for number in [1, 2] {
        assert_eq!(of(number)["errorCode"], "service_failed", "{}", of(number));
    }
    // Tried again, it is a document like any other.
    let again = pair
        .server
        .post(&format!("/api/documents/{}/retry", documents[1]))
        .send()
        .await;
    json(again.expect("an answer"), 200).await;
    assert_eq!(pair.server.ended(&documents[1]).await["status"], "completed");
    assert_eq!(pair.standin.counts().requests_to("POST /v1/ocr"), 1);
    let summary = pair.server.json("/api/usage/summary").await;
    assert_eq!(summary["summary"]["totalDocuments"], 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_fails_as_a_whole_fails_its_documents() {
    let faults = Faults {
        batches: Batches {
            fail: true,
            ..Batches::default()
        },
        ..Faults::default()
    };
    let pair = Pair::failing(faults).await;
    let (id, _) = submitted(&pair.server, form(2)).await;
    let status = ended(&pair.server, &id).await;
    assert_eq!(
        (&status["status"], &status["mistralStatus"]["status"]),
        (&"failed".into(), &"FAILED".into()),
        "{status}"
    );
    let error = text(&status["documents"][0]["error"]);
    assert!(error.contains("The job could not be run."), "{error}");
    let summary = pair.server.json("/api/usage/summary").await;
    assert_eq!(summary["summary"]["totalDocuments"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelling_reaches_the_service() {
    let pair = Pair::failing(slow()).await;
    let (id, _) = submitted(&pair.server, form(2)).await;
    soon(|| async { pair.standin.counts().requests_to("POST /v1/batch/jobs") > 0 }).await;
    let cancelled = pair.server.post(&format!("/v1/batch/{id}/cancel")).send().await;
    assert_eq!(
        json(cancelled.expect("an answer"), 200).await["progress"]["failed"],
        2
    );
    let path = format!("/v1/batch/status/{id}");
    soon(|| async { pair.server.json(&path).await["mistralStatus"]["status"] == "CANCELLED" }).await;
    assert_eq!(pair.standin.counts().billed_pages(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_stops_gives_a_batch_back_at_once() {
    const HOUR: Duration = Duration::from_secs(3_600);
    let stall = Failure::Stall {
        milliseconds: 3_600_000,
    };
    let faults = Faults {
        outages: vec![Outage::of("POST /v1/files", 1, stall)],
        ..Faults::default()
    };
    let pair = Pair::with(faults, |setup, _| setup.workers = 0).await;
    submitted(&pair.server, form(1)).await;
    let service = pair.server.app.engine().batches().expect("a service");
    let workers = start_provider_batches(&pair.server.app, service, HOUR);
    soon(|| async { pair.standin.counts().requests_to("POST /v1/files") > 0 }).await;
    let claim = || pair.server.store.claim_provider_batch("another node", HOUR);
    assert!(claim().await.expect("an answer").is_none(), "it is held");
    workers.stop(Duration::ZERO).await;
    assert!(claim().await.expect("an answer").is_some(), "it was given back");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_single_conversions_know_is_refused() {
    let pair = Pair::start().await;
    for (field, setting) in [("pages", "1-2"), ("engine", "local"), ("maxCostCents", "5")] {
        let refused = send(&pair.server, form(1).text(field, setting)).await;
        let body = problem(refused, 400, "invalid_parameter").await;
        assert_eq!(body["field"], "useMistralBatch", "{field}");
    }
    // They are taken back behind the answer.
    soon(|| async { crate::batches::stored(&pair.server) == 0 }).await;
}

fn slow() -> Faults {
    Faults {
        batches: Batches {
            looks: 1_000,
            ..Batches::default()
        },
        ..Faults::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_asks_as_often_as_it_is_told() {
    for (poll, sooner) in [("1", true), ("60", false)] {
        let standin = Standin::start(slow()).await.expect("a stand-in");
        let program = Program::start(&[
            ("MISTRAL_API_KEY", KEY),
            ("MISTRAL_BASE_URL", &standin.url()),
            ("MISTRAL_BATCH_POLL", poll),
        ]);
        let sent = ilios::tls::http_client()
            .build()
            .expect("a client")
            .post(format!("http://{}/v1/batch/submit", program.address))
            .multipart(form(1))
            .send()
            .await;
        json(sent.expect("an answer"), 202).await;
        soon(|| async { standin.counts().requests_to("POST /v1/batch/jobs") > 0 }).await;
        let asked = || standin.counts().requests_to("GET /v1/batch/jobs/{id}");
        // Whoever asks each second may take long to do it twice, on a machine that has much to do.
        let most = Duration::from_secs(if sooner { 30 } else { 4 });
        let begun = Instant::now();
        while asked() < 2 && begun.elapsed() < most {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(
            asked() >= 2,
            sooner,
            "every {poll} s: {:?}",
            standin.counts().requests
        );
        program.signal("-TERM");
        program.end();
    }
}
