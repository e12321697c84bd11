//! A document that fits into one request.

use mistral_standin::{Answers, Faults};
use serde_json::Value;

use super::setup::{Pair, pdf};
use crate::harness::{json, problem};

async fn converted(pair: &Pair, name: &str, bytes: Vec<u8>, options: &[(&str, &str)]) -> Value {
    let mut all = vec![("format", "json")];
    all.extend_from_slice(options);
    json(pair.server.send(name, bytes, &all).await, 200).await
}

#[tokio::test]
async fn a_small_document_travels_inside_one_request() {
    let pair = Pair::start().await;
    let answer = converted(&pair, "scan.pdf", pdf(3, "a", 0), &[]).await;
    let metadata = &answer["metadata"];
    assert_eq!(metadata["engine"], "mistral");
    assert_eq!(
        metadata["model"], "mistral-ocr-4-1",
        "the name that the service gave"
    );
    assert_eq!(metadata["extractedPages"], 3);
    for (number, page) in (1..).zip(answer["pages"].as_array().expect("pages")) {
        assert_eq!(
            (&page["number"], &page["engine"]),
            (&number.into(), &"mistral".into())
        );
        let text = page["markdown"].as_str().expect("text");
        assert!(
            text.contains(&format!("This is the text of page {number}.")),
            "{text}"
        );
        assert!(
            text.contains("| page | document |"),
            "the table stays in the text: {text}"
        );
        assert!(!text.contains("img-"), "no picture was asked for: {text}");
        // A letter: 1700 by 2200 pixels at 200 dpi are 612 by 792 points.
        assert_eq!(
            (page["width"].as_f64(), page["height"].as_f64()),
            (Some(612.0), Some(792.0))
        );
    }
    let counts = pair.standin.counts();
    assert_eq!(counts.requests.len(), 1, "{:?}", counts.requests);
    assert_eq!(counts.requests_to("POST /v1/ocr"), 1);
    assert_eq!(counts.billed_pages(), 3);
}

#[tokio::test]
async fn a_large_document_is_uploaded_read_and_deleted() {
    let pair = Pair::start().await;
    let answer = converted(&pair, "scan.pdf", pdf(2, "a", 9 << 20), &[]).await;
    assert_eq!(answer["pages"].as_array().map(Vec::len), Some(2));
    let counts = pair.standin.counts();
    for request in [
        "POST /v1/files",
        "GET /v1/files/{id}/url",
        "POST /v1/ocr",
        "DELETE /v1/files/{id}",
    ] {
        assert_eq!(counts.requests_to(request), 1, "{request}");
    }
}

#[tokio::test]
async fn equal_documents_at_once_share_an_upload_that_is_deleted_once() {
    let faults = Faults {
        same_id_for_same_bytes: true,
        missing_after_upload: 2,
        ..Faults::default()
    };
    let pair = Pair::failing(faults).await;
    let file = pdf(2, "a", 9 << 20);
    let sent = (0..4).map(|_| converted(&pair, "scan.pdf", file.clone(), &[]));
    for answer in futures::future::join_all(sent).await {
        assert_eq!(answer["pages"].as_array().map(Vec::len), Some(2));
    }
    let counts = pair.standin.counts();
    assert_eq!(
        counts.requests_to("POST /v1/files"),
        counts.requests_to("DELETE /v1/files/{id}")
    );
    assert_eq!(counts.requests_to("POST /v1/ocr"), 4);
}

#[tokio::test]
async fn odd_but_sound_answers_are_read() {
    let oddities = Answers {
        null_dimensions: true,
        completion_names: true,
        unknown_blocks: true,
        bare_pages: true,
        ..Answers::default()
    };
    let pair = Pair::failing(Faults {
        answers: oddities,
        ..Faults::default()
    })
    .await;
    let answer = converted(&pair, "scan.pdf", pdf(1, "a", 0), &[]).await;
    assert_eq!(answer["metadata"]["model"], "mistral-ocr-4-1-completion");
    assert_eq!(
        answer["metadata"]["service"]["costMicroCents"], 520_000,
        "0.4 cents and 30 %"
    );
    assert!(answer["pages"][0].get("width").is_none());
}

#[tokio::test]
async fn headers_and_footers_are_taken_out_on_request() {
    let pair = Pair::start().await;
    let options = [("extractHeader", "true"), ("extractFooter", "true")];
    let answer = converted(&pair, "scan.pdf", pdf(1, "a", 0), &options).await;
    let page = &answer["pages"][0];
    assert_eq!(page["footer"], "Page 1");
    assert!(
        page["header"]
            .as_str()
            .is_some_and(|header| header.starts_with("Header of "))
    );
    assert!(!page["markdown"].as_str().expect("text").contains("Header of"));
}

#[tokio::test]
async fn what_is_charged_is_what_the_service_has_processed() {
    let pair = Pair::start().await;
    let id = pair.server.submitted("scan.pdf", pdf(5, "a", 0)).await;
    assert_eq!(pair.server.ended(&id).await["status"], "completed");
    let records = pair.server.json("/api/usage/records").await;
    let record = &records["records"][0];
    assert_eq!(
        (&record["engine"], &record["pages"]),
        (&"mistral".into(), &5.into())
    );
    assert_eq!(record["unitPriceMicroCents"], 400_000);
    assert_eq!(record["baseMicroCents"], 2_000_000);
    assert_eq!(record["totalMicroCents"], 2_600_000);
}

#[tokio::test]
async fn what_the_service_says_of_a_document_is_passed_on() {
    let pair = Pair::start().await;
    let mut broken = b"%PDF-1.4\n".to_vec();
    broken.extend(b"nothing of a PDF".repeat(20));
    let answer = pair.server.send("broken.pdf", broken.clone(), &[]).await;
    let body = problem(answer, 422, "invalid_document").await;
    assert!(
        body["error"].as_str().expect("words").contains("not a valid PDF"),
        "{body}"
    );
    let id = pair.server.submitted("broken.pdf", broken).await;
    let status = pair.server.ended(&id).await;
    assert_eq!(
        (&status["status"], &status["errorCode"]),
        (&"failed".into(), &"invalid_document".into())
    );
}

#[tokio::test]
async fn an_office_file_beyond_what_the_service_takes_is_refused() {
    let pair = Pair::with(Faults::default(), |_, mistral| {
        mistral.limits.document_bytes = 100;
    })
    .await;
    let answer = pair
        .server
        .send("letter.rtf", format!("{{\\rtf1 {}}}", "text ".repeat(50)), &[])
        .await;
    problem(answer, 413, "too_large").await;
    assert_eq!(pair.standin.counts().requests.len(), 0);
}

#[tokio::test]
async fn blocks_have_the_boxes_that_the_service_tells() {
    let pair = Pair::start().await;
    let answer = converted(&pair, "scan.pdf", pdf(1, "a", 0), &[]).await;
    let blocks = answer["pages"][0]["blocks"].as_array().expect("blocks");
    let of = |kind: &str| blocks.iter().find(|block| block["type"] == kind);
    for kind in ["heading", "paragraph", "table"] {
        let block = of(kind).unwrap_or_else(|| panic!("no {kind}: {answer}"));
        let bbox: Vec<f64> = block["bbox"]
            .as_array()
            .unwrap_or_else(|| panic!("{block}"))
            .iter()
            .filter_map(Value::as_f64)
            .collect();
        // In points of the page, not in pixels of the picture that was read.
        assert!(
            bbox[2] <= 612.0 && bbox[3] <= 792.0 && bbox[0] < bbox[2] && bbox[1] < bbox[3],
            "{bbox:?}"
        );
    }
    let without = Pair::failing(Faults {
        answers: Answers {
            no_blocks: true,
            ..Answers::default()
        },
        ..Faults::default()
    })
    .await;
    let answer = converted(&without, "scan.pdf", pdf(1, "a", 0), &[]).await;
    let page = &answer["pages"][0];
    assert_eq!(page["blocks"], serde_json::json!([]));
    assert_eq!(page["doubts"][0]["code"], "no_places");
}
