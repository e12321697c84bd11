//! `engine=auto`: Mistral for the pages that need OCR, this machine for the rest.

use mistral_standin::{Failure, Outage};
use serde_json::Value;

use super::setup::{Pair, Sheet, pdf, sheets};
use crate::harness::{form, json};

/// Ten pages, of which the third and the seventh are scans.
fn mixed() -> Vec<u8> {
    let sheet = |number| match number {
        3 | 7 => Sheet::Scan(20_000),
        _ => Sheet::Text(20),
    };
    sheets(&(1..=10).map(sheet).collect::<Vec<_>>())
}

async fn auto(pair: &Pair, file: Vec<u8>, options: &[(&str, &str)]) -> Value {
    let mut all = vec![("format", "json"), ("engine", "auto")];
    all.extend_from_slice(options);
    json(pair.server.send("report.pdf", file, &all).await, 200).await
}

fn engines(answer: &Value) -> Vec<&str> {
    let pages = answer["pages"].as_array().expect("pages").iter();
    pages
        .map(|page| page["engine"].as_str().expect("an engine"))
        .collect()
}

#[tokio::test]
async fn only_scans_are_sent_and_the_result_is_in_the_order_of_the_document() {
    let pair = Pair::start().await;
    let answer = auto(&pair, mixed(), &[]).await;
    for (number, page) in (1_u32..).zip(answer["pages"].as_array().expect("pages")) {
        assert_eq!(page["number"], number);
        let text = page["markdown"].as_str().expect("text");
        let (engine, words) = match number {
            3 => ("mistral", "This is the text of page 1.".to_owned()),
            7 => ("mistral", "This is the text of page 2.".to_owned()),
            _ => ("local", format!("Line 1 of sheet {number} says")),
        };
        assert_eq!(page["engine"], engine, "page {number}");
        assert!(text.contains(&words), "page {number}: {text}");
    }
    let sent = pair.standin.counts().documents;
    assert_eq!(sent.len(), 1);
    assert_eq!((sent[0].pages, sent[0].billed_pages), (2, 2), "the scans alone");
    let metadata = &answer["metadata"];
    assert_eq!(
        (&metadata["engine"], &metadata["pageCount"]),
        (&"mixed".into(), &10.into())
    );
    let service = &metadata["service"];
    assert_eq!(
        (&service["billedPages"], &service["localPages"]),
        (&2.into(), &8.into())
    );
    assert_eq!(service["sparedPages"], service["localPages"], "the older name");
    // 0.4 cents a page and 30 %.
    assert_eq!(service["costMicroCents"], 1_040_000);
    assert_eq!(service["avoidedCostMicroCents"], 4_160_000);
    assert_eq!(service["savedMicroCents"], 4_160_000, "the older name");
    let records = pair.server.json("/api/usage/records").await;
    let record = &records["records"][0];
    assert_eq!(
        (&record["engine"], &record["pages"]),
        (&"mistral".into(), &2.into())
    );
    assert_eq!(record["totalMicroCents"], 1_040_000);
}

#[tokio::test]
async fn the_queue_does_the_same() {
    let pair = Pair::start().await;
    let submit = pair.server.post("/api/documents/submit").multipart(form(
        "report.pdf",
        mixed(),
        &[("engine", "auto")],
    ));
    let id = json(submit.send().await.expect("an answer"), 200).await["id"].clone();
    let id = id.as_str().expect("an id");
    assert_eq!(pair.server.ended(id).await["status"], "completed");
    let document = pair
        .server
        .json(&format!("/api/documents/{id}?format=json"))
        .await;
    assert_eq!(
        engines(&document)
            .iter()
            .filter(|engine| **engine == "mistral")
            .count(),
        2
    );
    assert_eq!(pair.standin.counts().billed_pages(), 2);
}

#[tokio::test]
async fn a_document_with_a_sound_text_costs_nothing() {
    let pair = Pair::start().await;
    let answer = auto(&pair, sheets(&[Sheet::Text(20), Sheet::Text(20)]), &[]).await;
    assert_eq!(answer["metadata"]["engine"], "local");
    let answer = auto(&pair, mixed(), &[("pages", "1-2,4-6")]).await;
    assert_eq!(engines(&answer), ["local"; 5]);
    assert_eq!(pair.standin.counts().requests.len(), 0);
}

#[tokio::test]
async fn ocr_off_and_force_hold_for_it_too() {
    let pair = Pair::start().await;
    let answer = auto(&pair, mixed(), &[("ocr", "force")]).await;
    assert_eq!(engines(&answer), ["mistral"; 10]);
    pair.standin.forget_counts();
    let answer = auto(&pair, mixed(), &[("ocr", "off")]).await;
    assert!(engines(&answer).iter().all(|engine| *engine == "local"));
    assert_eq!(pair.standin.counts().requests.len(), 0);
}

#[tokio::test]
async fn blank_pages_are_not_sent() {
    let pair = Pair::start().await;
    let answer = auto(
        &pair,
        sheets(&[Sheet::Blank, Sheet::Scan(10_000), Sheet::Blank]),
        &[],
    )
    .await;
    assert_eq!(engines(&answer), ["local", "mistral", "local"]);
    assert_eq!(pair.standin.counts().billed_pages(), 1);
}

#[tokio::test]
async fn pages_that_are_asked_for_keep_their_numbers() {
    let pair = Pair::start().await;
    let options = [("engine", "mistral"), ("pages", "2,5-6"), ("format", "json")];
    let answer = json(pair.server.send("a.pdf", pdf(8, "a", 0), &options).await, 200).await;
    let pages = answer["pages"].as_array().expect("pages").iter();
    let numbers: Vec<u64> = pages
        .map(|page| page["number"].as_u64().expect("a number"))
        .collect();
    assert_eq!(numbers, [2, 5, 6]);
    assert_eq!(pair.standin.counts().billed_pages(), 3);
    assert_eq!(answer["metadata"]["pageCount"], 8);
}

#[tokio::test]
async fn while_mistral_is_away_scans_wait() {
    let pair = Pair::start().await;
    let unavailable = Failure::Status {
        status: 503,
        retry_after: None,
        worked: false,
    };
    pair.standin.fail(Outage::of("POST /v1/ocr", 12, unavailable));
    let submit = pair.server.post("/api/documents/submit").multipart(form(
        "report.pdf",
        mixed(),
        &[("engine", "auto")],
    ));
    let id = json(submit.send().await.expect("an answer"), 200).await["id"].clone();
    let ended = pair.server.ended(id.as_str().expect("an id")).await;
    assert_eq!(ended["status"], "completed");
}
