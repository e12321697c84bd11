//! Faults that were asked for, one by one.

use std::time::{Duration, Instant};

use mistral_standin::{Answers, Failure, Faults, Outage, PageCount};
use serde_json::{Value, json};

use crate::harness::{OCR, Test, pdf, request};

const POST_OCR: &str = "POST /v1/ocr";

fn status(status: u16, retry_after: Option<&str>, worked: bool) -> Failure {
    Failure::Status {
        status,
        retry_after: retry_after.map(ToOwned::to_owned),
        worked,
    }
}

#[tokio::test]
async fn outages_hit_their_requests_in_order_and_pass() {
    let test = Test::new().await;
    test.standin
        .fail(Outage::of(POST_OCR, 1, status(429, Some("7"), false)));
    test.standin
        .fail(Outage::of(POST_OCR, 1, status(429, None, false)));
    for number in [500, 502, 503, 504] {
        test.standin
            .fail(Outage::of(POST_OCR, 1, status(number, None, false)));
    }
    assert_eq!(test.get("/v1/files").await.0, 200, "not meant for this one");
    let limited = test.send(OCR, &request(1, json!({}))).await;
    assert_eq!(limited.headers()["retry-after"], "7");
    assert_eq!(limited.json::<Value>().await.expect("JSON")["code"], "1300");
    let limited = test.send(OCR, &request(1, json!({}))).await;
    assert!(limited.headers().get("retry-after").is_none());
    for number in [500, 502, 503, 504, 200] {
        assert_eq!(test.ocr(1, json!({})).await.0, number);
    }
    let counts = test.standin.counts();
    assert_eq!(counts.billed_pages(), 1, "nothing was done before");
    assert_eq!(counts.requests_to(POST_OCR), 7);
    assert_eq!(counts.statuses[&429], 2);
}

#[tokio::test]
async fn an_outage_waits_for_its_turn_and_may_come_after_the_work() {
    let test = Test::new().await;
    test.standin.fail(Outage {
        request: None,
        after: 1,
        times: 1,
        failure: status(504, None, true),
    });
    assert_eq!(test.ocr(1, json!({})).await.0, 200);
    assert_eq!(test.ocr(2, json!({})).await.0, 504);
    assert_eq!(
        test.standin.counts().billed_pages(),
        3,
        "the lost answer is billed"
    );
}

#[tokio::test]
async fn answers_that_are_no_answers() {
    let test = Test::new().await;
    test.standin
        .fail(Outage::of(POST_OCR, 1, Failure::Html { status: 200 }));
    let page = test.send(OCR, &request(1, json!({}))).await;
    assert_eq!(page.status(), 200);
    assert!(page.text().await.expect("a body").starts_with("<html>"));
    test.standin.fail(Outage::of(POST_OCR, 1, Failure::CutJson));
    let cut = test.send(OCR, &request(1, json!({}))).await;
    assert_eq!(cut.headers()["content-type"], "application/json");
    let text = cut.text().await.expect("a complete body");
    assert!(text.starts_with('{') && serde_json::from_str::<Value>(&text).is_err());
    test.standin.fail(Outage::of(POST_OCR, 1, Failure::CutConnection));
    let cut = test.send(OCR, &request(1, json!({}))).await;
    assert_eq!(cut.status(), 200);
    cut.bytes().await.expect_err("the connection ends");
}

#[tokio::test]
async fn answers_that_are_late() {
    let test = Test::new().await;
    let milliseconds = 300;
    let pause = Duration::from_millis(milliseconds);
    test.standin
        .fail(Outage::of(POST_OCR, 1, Failure::Stall { milliseconds }));
    let start = Instant::now();
    let late = test.send(OCR, &request(1, json!({}))).await;
    assert!(start.elapsed() >= pause);
    assert_eq!(late.status(), 200);
    test.standin
        .fail(Outage::of(POST_OCR, 1, Failure::StallInside { milliseconds }));
    let start = Instant::now();
    let late = test.send(OCR, &request(1, json!({}))).await;
    assert!(start.elapsed() < pause, "the head comes at once");
    late.json::<Value>().await.expect("JSON in the end");
    assert!(start.elapsed() >= pause);
}

#[tokio::test]
async fn page_counts_that_are_wrong() {
    for (says, wanted) in [
        (PageCount::Right, json!(2)),
        (PageCount::Says(7), json!(7)),
        (PageCount::Says(-1), json!(-1)),
        (PageCount::Missing, json!(null)),
        (PageCount::NoUsage, json!(null)),
    ] {
        let test = Test::answering(Answers {
            page_count: says,
            ..Answers::default()
        })
        .await;
        let (_, body) = test.ocr(2, json!({})).await;
        assert_eq!(body["usage_info"]["pages_processed"], wanted);
        assert_eq!(body.get("usage_info").is_none(), says == PageCount::NoUsage);
        assert_eq!(test.standin.counts().billed_pages(), 2);
    }
    for (lost_pages, extra_pages, length) in [(1, 0, 2), (9, 0, 0), (0, 2, 5)] {
        let test = Test::answering(Answers {
            lost_pages,
            extra_pages,
            ..Answers::default()
        })
        .await;
        let (_, body) = test.ocr(3, json!({})).await;
        assert_eq!(body["pages"].as_array().expect("pages").len(), length);
    }
}

#[tokio::test]
async fn pages_that_are_odd() {
    let test = Test::answering(Answers {
        empty_pages: true,
        null_dimensions: true,
        null_coordinates: true,
        bare_base64: true,
        completion_names: true,
        unknown_blocks: true,
        ..Answers::default()
    })
    .await;
    let (_, body) = test.ocr(1, json!({"include_image_base64": true})).await;
    assert_eq!(body["model"], "mistral-ocr-4-1-completion");
    let page = &body["pages"][0];
    assert_eq!(page["markdown"], "");
    assert_eq!(page.get("dimensions"), Some(&json!(null)));
    assert_eq!(page["blocks"][0]["type"], "hologram");
    let image = &page["images"][0];
    assert_eq!(image.get("top_left_x"), Some(&json!(null)));
    assert!(
        image["image_base64"]
            .as_str()
            .expect("an image")
            .starts_with("/9j")
    );
    for (bare_pages, no_blocks, blocks) in [(true, false, None), (false, true, Some(&json!([])))] {
        let test = Test::answering(Answers {
            bare_pages,
            no_blocks,
            ..Answers::default()
        })
        .await;
        let (_, body) = test.ocr(1, json!({})).await;
        assert_eq!(body["pages"][0].get("blocks"), blocks);
        assert_eq!(body["pages"][0].get("tables").is_none(), bare_pages);
    }
}

#[tokio::test]
async fn an_answer_of_a_hundred_megabytes() {
    let test = Test::answering(Answers {
        padding: 100_000_000,
        ..Answers::default()
    })
    .await;
    let answer = test.send(OCR, &request(1, json!({}))).await;
    assert_eq!(answer.status(), 200);
    assert!(answer.bytes().await.expect("a body").len() > 100_000_000);
}

#[tokio::test]
async fn a_new_file_is_not_found_for_a_while() {
    let test = Test::with(Faults {
        missing_after_upload: 2,
        ..Faults::default()
    })
    .await;
    let id = test.upload("a.pdf", "ocr", pdf(1)).await;
    let body = json!({"model": "mistral-ocr-4-0", "document": {"type": "file", "file_id": id}});
    assert_eq!(test.get(&format!("/v1/files/{id}/url")).await.0, 404);
    assert_eq!(
        test.post(OCR, &body).await,
        (404, json!({"detail": "File not found"}))
    );
    assert_eq!(test.post(OCR, &body).await.0, 200);
    assert_eq!(test.get(&format!("/v1/files/{id}/url")).await.0, 200);
}

#[tokio::test]
async fn the_same_bytes_may_have_the_same_id() {
    let test = Test::new().await;
    let first = test.upload("a.pdf", "ocr", pdf(1)).await;
    assert_ne!(first, test.upload("b.pdf", "ocr", pdf(1)).await);
    test.standin.set_faults(Faults {
        same_id_for_same_bytes: true,
        ..Faults::default()
    });
    let third = test.upload("c.pdf", "ocr", pdf(2)).await;
    assert_eq!(third, test.upload("d.pdf", "ocr", pdf(2)).await);
    assert_eq!(test.delete(&format!("/v1/files/{third}")).await.0, 200);
    assert_eq!(
        test.get(&format!("/v1/files/{third}")).await.0,
        404,
        "gone for both"
    );
}
