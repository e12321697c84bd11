//! PDFs that are larger than the service takes.

use std::collections::BTreeSet;

use mistral_standin::{Failure, Faults, Outage};
use serde_json::Value;

use super::setup::{Pair, Sheet, pdf, sheets};
use crate::harness::{json, problem};

fn failing() -> Failure {
    Failure::Status {
        status: 500,
        retry_after: None,
        worked: false,
    }
}

/// Numbers and texts of all pages.
fn pages(answer: &Value) -> Vec<(u64, String)> {
    let pages = answer["pages"].as_array().expect("pages").iter();
    pages
        .map(|page| {
            let text = page["markdown"].as_str().expect("text").to_owned();
            (page["number"].as_u64().expect("a number"), text)
        })
        .collect()
}

#[tokio::test]
async fn a_document_with_more_pages_than_the_service_takes_is_read_in_parts() {
    let pair = Pair::start().await;
    let answer = pair
        .server
        .send("a.pdf", pdf(1_250, "a", 0), &[("format", "json")])
        .await;
    let answer = json(answer, 200).await;
    let pages = pages(&answer);
    assert_eq!(pages.len(), 1_250);
    let mut parts = BTreeSet::new();
    for (place, (number, text)) in (0_u64..).zip(&pages) {
        assert_eq!(*number, place + 1);
        let title = text.lines().find(|line| line.starts_with("# ")).expect("a title");
        let (page, part) = title.split_once(" of ").expect("page and document");
        assert_eq!(page, format!("# Page {}", place % 200 + 1));
        parts.insert((place / 200, part.to_owned()));
    }
    assert_eq!(parts.len(), 7, "each part is one piece of the document");
    let sent = pair.standin.counts().documents;
    assert_eq!((sent.len(), pair.standin.counts().billed_pages()), (7, 1_250));
    let records = pair.server.json("/api/usage/records").await;
    assert_eq!(records["records"][0]["pages"], 1_250);
    assert_eq!(answer["metadata"]["service"]["billedPages"], 1_250);
}

#[tokio::test]
async fn heavy_pages_make_parts_of_few_pages() {
    let pair = Pair::with(Faults::default(), |_, mistral| {
        mistral.limits.inline_bytes = 100_000;
        mistral.limits.document_bytes = 300_000;
    })
    .await;
    // Two light ones, then heavier ones: parts of unequal length.
    let weights = [
        5_000, 5_000, 60_000, 80_000, 20_000, 20_000, 70_000, 5_000, 90_000, 5_000,
    ];
    let file = sheets(&weights.map(Sheet::Scan));
    let answer = pair.server.send("a.pdf", file, &[("format", "json")]).await;
    let pages = pages(&json(answer, 200).await);
    let within: Vec<String> = pages
        .iter()
        .map(|(_, text)| {
            let (_, rest) = text.split_once("This is the text of page ").expect("its text");
            rest.split_once('.').expect("a number").0.to_owned()
        })
        .collect();
    assert_eq!(
        pages.iter().map(|page| page.0).collect::<Vec<_>>(),
        (1..=10).collect::<Vec<_>>()
    );
    // 5+5+60 | 80 | 20+20 | 70+5 | 90+5
    assert_eq!(within, ["1", "2", "3", "1", "1", "2", "1", "2", "1", "2"]);
    let counts = pair.standin.counts();
    assert_eq!(counts.documents.len(), 5);
    assert!(counts.documents.iter().all(|part| part.bytes <= 100_000));
    assert_eq!(
        counts.requests_to("POST /v1/files"),
        0,
        "parts travel inside their requests"
    );
}

#[tokio::test]
async fn a_page_that_is_too_large_for_a_request_is_uploaded_and_one_beyond_all_limits_refused() {
    let pair = Pair::with(Faults::default(), |_, mistral| {
        mistral.limits.inline_bytes = 50_000;
        mistral.limits.document_bytes = 150_000;
    })
    .await;
    let file = sheets(&[Sheet::Scan(100_000), Sheet::Scan(100_000)]);
    let answer = pair.server.send("a.pdf", file, &[("format", "json")]).await;
    assert_eq!(pages(&json(answer, 200).await).len(), 2);
    assert_eq!(pair.standin.counts().requests_to("POST /v1/files"), 2);
    let file = sheets(&[Sheet::Scan(200_000), Sheet::Scan(1_000)]);
    let answer = pair.server.send("a.pdf", file, &[]).await;
    let body = problem(answer, 422, "limit_exceeded").await;
    assert!(
        body["error"].as_str().expect("words").contains("page 1"),
        "{body}"
    );
}

#[tokio::test]
async fn a_part_that_fails_is_tried_again_alone() {
    let pair = Pair::with(Faults::default(), |_, mistral| mistral.limits.part_pages = 10).await;
    pair.standin.set_faults(Faults {
        outages: vec![Outage {
            request: Some("POST /v1/ocr".into()),
            after: 2,
            times: 2,
            failure: failing(),
        }],
        ..Faults::default()
    });
    let options = [("format", "json"), ("pages", "1-55")];
    let answer = pair.server.send("a.pdf", pdf(60, "a", 0), &options).await;
    assert_eq!(pages(&json(answer, 200).await).len(), 55);
    let counts = pair.standin.counts();
    assert_eq!(
        (counts.requests_to("POST /v1/ocr"), counts.billed_pages()),
        (8, 55)
    );
}

#[tokio::test]
async fn parts_that_are_done_are_not_paid_for_again_when_the_document_is_tried_again() {
    let pair = Pair::with(Faults::default(), |_, mistral| {
        mistral.limits.part_pages = 10;
        mistral.limits.pages = 20;
        mistral.max_concurrency = 1;
        // This part fails alone; the service is not down.
        mistral.retry.breaker.failures = 1_000;
    })
    .await;
    pair.standin.set_faults(Faults {
        outages: vec![Outage {
            request: Some("POST /v1/ocr".into()),
            after: 3,
            times: 10,
            failure: failing(),
        }],
        ..Faults::default()
    });
    let id = pair.server.submitted("a.pdf", pdf(60, "a", 0)).await;
    let ended = pair.server.ended(&id).await;
    assert_eq!(ended["status"], "completed", "{ended}");
    let document = pair
        .server
        .json(&format!("/api/documents/{id}?format=json"))
        .await;
    assert_eq!(pages(&document).len(), 60);
    let counts = pair.standin.counts();
    assert_eq!(counts.billed_pages(), 60, "no page twice");
    assert!(counts.requests_to("POST /v1/ocr") > 6);
    let records = pair.server.json("/api/usage/records").await;
    assert_eq!(records["records"][0]["pages"], 60);
}
