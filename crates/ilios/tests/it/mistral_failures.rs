//! What becomes of documents while Mistral fails.

use std::time::Duration;

use ilios::engine::SelectSettings;
use mistral_standin::{Answers, Failure, Faults, Outage, PageCount};
use serde_json::Value;

use crate::harness::{json, problem};
use crate::mistral::setup::{Pair, pdf};

const OCR: &str = "POST /v1/ocr";

fn status(status: u16) -> Failure {
    Failure::Status {
        status,
        retry_after: None,
        worked: false,
    }
}

fn answering(answers: Answers) -> Faults {
    Faults {
        answers,
        ..Faults::default()
    }
}

/// The document's status once `until` holds of it.
async fn once(pair: &Pair, id: &str, until: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..600 {
        let found = pair.server.json(&format!("/api/documents/status/{id}")).await;
        if until(&found) {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it never came to that");
}

#[tokio::test]
async fn passing_failures_are_borne() {
    for failure in [
        status(500),
        status(502),
        status(503),
        status(504),
        status(429),
        Failure::Html { status: 200 },
        Failure::CutConnection,
        Failure::CutJson,
    ] {
        let pair = Pair::start().await;
        pair.standin.fail(Outage::of(OCR, 1, failure.clone()));
        let answer = pair
            .server
            .send("a.pdf", pdf(2, "a", 0), &[("format", "json")])
            .await;
        let answer = json(answer, 200).await;
        assert_eq!(answer["pages"].as_array().map(Vec::len), Some(2), "{failure:?}");
        assert_eq!(pair.standin.counts().requests_to(OCR), 2, "{failure:?}");
    }
}

#[tokio::test]
async fn a_pause_that_the_service_asks_for_is_kept() {
    let pair = Pair::start().await;
    let limited = Failure::Status {
        status: 429,
        retry_after: Some("1".into()),
        worked: false,
    };
    pair.standin.fail(Outage::of(OCR, 1, limited));
    let started = std::time::Instant::now();
    let answer = pair.server.send("a.pdf", pdf(1, "a", 0), &[]).await;
    assert_eq!(answer.status(), 200);
    assert!(started.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn an_answer_that_cannot_be_the_document_is_never_stored() {
    for answers in [
        Answers {
            lost_pages: 1,
            ..Answers::default()
        },
        Answers {
            extra_pages: 1,
            ..Answers::default()
        },
        Answers {
            page_count: PageCount::Says(7),
            ..Answers::default()
        },
        Answers {
            page_count: PageCount::Missing,
            ..Answers::default()
        },
        Answers {
            page_count: PageCount::NoUsage,
            ..Answers::default()
        },
    ] {
        let pair = Pair::failing(answering(answers.clone())).await;
        let answer = pair.server.send("a.pdf", pdf(3, "a", 0), &[]).await;
        problem(answer, 502, "service_failed").await;
        let id = pair.server.submitted("a.pdf", pdf(3, "a", 0)).await;
        let ended = pair.server.ended(&id).await;
        assert_eq!(ended["status"], "failed", "{answers:?}");
        assert_eq!(ended["errorCode"], "service_failed");
        let records = pair.server.json("/api/usage/records").await;
        assert_eq!(records["records"].as_array().map(Vec::len), Some(0));
    }
}

#[tokio::test]
async fn an_answer_without_any_text_is_no_success() {
    let pair = Pair::failing(answering(Answers {
        empty_pages: true,
        ..Answers::default()
    }))
    .await;
    let answer = pair.server.send("a.pdf", pdf(3, "a", 0), &[]).await;
    problem(answer, 422, "empty_document").await;
}

#[tokio::test]
async fn an_answer_larger_than_any_is_given_up_without_being_held() {
    let faults = answering(Answers {
        padding: 2 << 20,
        ..Answers::default()
    });
    let pair = Pair::with(faults, |_, mistral| mistral.limits.answer_bytes = 1 << 20).await;
    let answer = pair.server.send("a.pdf", pdf(1, "a", 0), &[]).await;
    problem(answer, 422, "limit_exceeded").await;
    assert_eq!(pair.standin.counts().requests_to(OCR), 1);
}

#[tokio::test]
async fn while_the_service_is_down_documents_wait_and_no_attempt_is_spent() {
    let pair = Pair::start().await;
    pair.standin.fail(Outage::of(OCR, 60, status(503)));
    let mut ids = Vec::new();
    for number in 0..6 {
        ids.push(
            pair.server
                .submitted("a.pdf", pdf(1, &number.to_string(), 0))
                .await,
        );
    }
    let answer = pair.server.send("b.pdf", pdf(1, "b", 0), &[]).await;
    problem(answer, 503, "unavailable").await;
    let health = pair.server.json("/health").await;
    assert_eq!(health["services"]["mistral"], "unhealthy", "{health}");
    // Some seconds of outage: a pause is 0.2 to 0.4 s, and one asks after each.
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(pair.standin.counts().requests_to(OCR) < 60, "it is left alone");
    pair.standin.set_faults(Faults::default());
    for id in ids {
        assert_eq!(pair.server.ended(&id).await["status"], "completed");
    }
    assert_eq!(
        pair.server.json("/health").await["services"]["mistral"],
        "healthy"
    );
}

#[tokio::test]
async fn a_refused_key_stops_the_engine_with_words_for_the_operator_and_documents_wait() {
    for (code, words) in [(401, "MISTRAL_API_KEY"), (402, "billing"), (403, "plan")] {
        let pair = Pair::start().await;
        pair.standin.fail(Outage::of(OCR, 1_000, status(code)));
        let id = pair.server.submitted("a.pdf", pdf(1, "a", 0)).await;
        let health = async || pair.server.json("/health").await["services"].clone();
        let mut services = health().await;
        while services["mistral"] == "healthy" {
            tokio::time::sleep(Duration::from_millis(20)).await;
            services = health().await;
        }
        let message = services["mistralMessage"].as_str().expect("a message").to_owned();
        assert!(message.contains(words), "{message}");
        once(&pair, &id, |status| status["status"] != "failed").await;
        pair.standin.set_faults(Faults::default());
        assert_eq!(pair.server.ended(&id).await["status"], "completed");
        assert_eq!(health().await["mistral"], "healthy");
    }
}

#[tokio::test]
async fn the_local_engine_answers_in_its_place_when_it_is_told_to() {
    let pair = Pair::with(Faults::default(), |setup, _| {
        setup.select = SelectSettings {
            default: None,
            fallback: true,
        };
    })
    .await;
    pair.standin.fail(Outage::of(OCR, 1_000, status(401)));
    let sample = crate::harness::sample("samples/annual-report.pdf");
    let answer = pair
        .server
        .send("report.pdf", sample, &[("format", "json")])
        .await;
    let answer = json(answer, 200).await;
    assert_eq!(answer["metadata"]["engine"], "local");
    let reason = answer["metadata"]["fallback"].as_str().expect("a reason");
    assert!(reason.contains("Mistral OCR is stopped"), "{reason}");
    let warned = answer["metadata"]["warnings"].to_string();
    assert!(warned.contains("converted by the local engine"), "{warned}");
    let records = pair.server.json("/api/usage/records").await;
    assert_eq!(records["records"][0]["totalMicroCents"], 0);
}

#[tokio::test]
async fn a_file_that_somebody_else_deleted_is_uploaded_again_once() {
    let pair = Pair::start().await;
    let gone = Failure::Status {
        status: 404,
        retry_after: None,
        worked: false,
    };
    // Gone for all of one question's attempts, and for the look whether it is there.
    pair.standin
        .fail(Outage::of("GET /v1/files/{id}/url", 5, gone.clone()));
    pair.standin.fail(Outage::of("GET /v1/files/{id}", 1, gone));
    let answer = pair
        .server
        .send("a.pdf", pdf(1, "a", 9 << 20), &[("format", "json")])
        .await;
    assert_eq!(json(answer, 200).await["pages"].as_array().map(Vec::len), Some(1));
    assert_eq!(pair.standin.counts().requests_to("POST /v1/files"), 2);
}

#[tokio::test]
async fn a_document_that_is_billed_in_vain_is_not_sent_without_end() {
    for failure in [Failure::CutJson, Failure::CutConnection, status(504)] {
        let pair = Pair::start().await;
        pair.standin.fail(Outage::of(OCR, 1_000, failure));
        let id = pair.server.submitted("a.pdf", pdf(1, "a", 0)).await;
        let ended = pair.server.ended(&id).await;
        assert_eq!(
            (&ended["status"], &ended["errorCode"]),
            (&"failed".into(), &"service_failed".into())
        );
        assert!(pair.standin.counts().requests_to(OCR) <= 6);
    }
}

#[tokio::test]
async fn a_document_that_is_cancelled_leaves_no_upload_behind() {
    let pair = Pair::start().await;
    pair.standin
        .fail(Outage::of(OCR, 1, Failure::Stall { milliseconds: 20_000 }));
    let id = pair.server.submitted("a.pdf", pdf(1, "a", 9 << 20)).await;
    let seen = async |request: &str| {
        for _ in 0..500 {
            if pair.standin.counts().requests_to(request) > 0 {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        false
    };
    assert!(seen(OCR).await);
    let cancel = pair.server.post(&format!("/api/documents/{id}/cancel"));
    assert!(cancel.send().await.expect("an answer").status().is_success());
    assert!(seen("DELETE /v1/files/{id}").await);
    assert_eq!(pair.server.ended(&id).await["status"], "failed");
}
