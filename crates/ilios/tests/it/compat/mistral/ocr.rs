//! Documents that are converted while their client waits.

use serde_json::{Value, json as value};

use super::{HTML, REPORT, data, documents, guarded, ocr};
use crate::harness::{json, sample};

#[tokio::test]
async fn pages_are_answered_as_they_are_asked_for() {
    let server = guarded().await;
    let report = data("application/pdf", &sample(REPORT));
    let whole = value!({"model": "mistral-ocr-latest", "document": report});
    let whole = json(ocr(&server, "first-key", &whole).await, 200).await;
    let pages = whole["pages"].as_array().expect("pages");
    assert!(pages.len() > 2, "{}", pages.len());
    assert_eq!(whole["usage_info"]["pages_processed"], pages.len());
    for (index, page) in pages.iter().enumerate() {
        assert_eq!(page["index"], index);
        assert!(page["dimensions"]["dpi"].is_u64(), "{page}");
        for block in page["blocks"].as_array().expect("blocks") {
            assert!(block["bottom_right_x"].is_u64(), "{block}");
        }
    }
    for (asked, indexes) in [
        (value!([2, 0]), value!([2, 0])),
        (value!("1-2,0"), value!([1, 2, 0])),
    ] {
        let some = value!({"model": "mistral-ocr-latest", "document": report, "pages": asked, "include_blocks": false});
        let some = json(ocr(&server, "first-key", &some).await, 200).await;
        let pages = some["pages"].as_array().expect("pages");
        let found: Vec<&Value> = pages.iter().map(|page| &page["index"]).collect();
        assert_eq!(value!(found), indexes);
        assert_eq!(some["usage_info"]["pages_processed"], pages.len());
        assert!(pages.iter().all(|page| page["blocks"].is_null()));
    }
}

#[tokio::test]
async fn a_document_without_pages_ignores_them_and_keeps_its_tables() {
    let server = guarded().await;
    let body = value!({
        "model": "mistral-ocr-latest", "document": data("text/html", HTML.as_bytes()), "pages": [0, 7],
        "table_format": "html", "confidence_scores_granularity": "page",
    });
    let answer = json(ocr(&server, "first-key", &body).await, 200).await;
    let page = &answer["pages"][0];
    assert!(
        page["markdown"]
            .as_str()
            .expect("text")
            .contains("[tbl-0.html](tbl-0.html)")
    );
    assert!(
        page["tables"][0]["content"]
            .as_str()
            .expect("text")
            .starts_with("<table>")
    );
    assert_eq!(page["confidence_scores"]["average_page_confidence_score"], 1);
    assert_eq!(
        (&page["dimensions"], &page["blocks"]),
        (&Value::Null, &value!([]))
    );
    let empty = data("text/html", b"<html><body></body></html>");
    let empty = value!({"model": "mistral-ocr-latest", "document": empty});
    let empty = json(ocr(&server, "first-key", &empty).await, 200).await;
    assert_eq!(empty["pages"][0]["markdown"], "");
}

/// A request with a field that is given.
fn with(name: &str, given: Value) -> Value {
    let mut body = value!({"model": "mistral-ocr-latest", "document": data("text/html", HTML.as_bytes())});
    body[name] = given;
    body
}

/// Each of these is refused for a fault at its place.
async fn are_refused(cases: Vec<(Value, Value)>) {
    let server = guarded().await;
    for (body, place) in cases {
        let refused = json(ocr(&server, "first-key", &body).await, 422).await;
        let detail = &refused["detail"][0];
        assert_eq!(detail["loc"], place, "{body}");
        assert!(
            detail["msg"].is_string() && detail["type"].is_string(),
            "{refused}"
        );
    }
    assert_eq!(
        documents(&server, "first-key").await,
        0,
        "nothing is kept of them"
    );
}

#[tokio::test]
async fn what_is_wrong_with_a_request_is_told_field_by_field() {
    let format = value!({"type": "json_schema", "json_schema": {"name": "n", "schema": {}}});
    let mut cases = vec![
        (
            value!({"model": "mistral-ocr-latest"}),
            value!(["body", "document"]),
        ),
        (
            value!({"document": data("text/html", b"a")}),
            value!(["body", "model"]),
        ),
        (value!([1]), value!(["body"])),
    ];
    for (name, given) in [
        ("bogus", value!(1)),
        ("pages", value!("1-")),
        ("pages", value!([-1])),
        ("image_limit", value!(1.5)),
        ("table_format", value!("csv")),
        ("include_blocks", value!("yes")),
        ("bbox_annotation_format", format.clone()),
        ("document_annotation_format", format),
        ("document", value!("x")),
        ("document", value!({"document_url": "data:text/plain;base64,%%%"})),
    ] {
        cases.push((with(name, given), value!(["body", name])));
    }
    are_refused(cases).await;
}

#[tokio::test]
async fn what_is_wrong_with_a_document_is_told_field_by_field() {
    let cases = [
        (value!({"type": "x"}), "type"),
        (value!({"type": "file"}), "file_id"),
        (value!({"document_url": "ftp://a/b"}), "document_url"),
        (value!({"document_url": "data:text/plain,abc"}), "document_url"),
        (value!({"document_url": 1}), "document_url"),
        (value!({}), "document_url"),
    ];
    let cases =
        cases.map(|(document, place)| (with("document", document), value!(["body", "document", place])));
    let mut cases = cases.to_vec();
    let image = value!({"image_url": {"url": "https://a.example/x", "size": 1}});
    let place = value!(["body", "document", "image_url", "size"]);
    cases.push((with("document", image), place));
    are_refused(cases).await;
}

#[tokio::test]
async fn a_document_that_cannot_be_read_is_refused_in_words_that_clients_know() {
    let server = guarded().await;
    for (body, code, message) in [
        (with("model", value!("gpt")), "1500", "Invalid model: gpt"),
        (
            with("document", data("application/pdf", b"%PDF-1.4 broken")),
            "3740",
            "",
        ),
        (
            with("document", data("application/pdf", b"hello")),
            "3740",
            "Document is not a valid PDF.",
        ),
        (with("document", data("text/plain", b"")), "3310", ""),
        (
            with("document", value!({"document_url": "https://a.example/x.pdf"})),
            "3310",
            "",
        ),
    ] {
        let refused = json(ocr(&server, "first-key", &body).await, 400).await;
        assert_eq!(
            (&refused["code"], &refused["raw_status_code"]),
            (&value!(code), &value!(400))
        );
        assert!(
            refused["message"].as_str().expect("text").starts_with(message),
            "{refused}"
        );
    }
    assert_eq!(
        documents(&server, "first-key").await,
        0,
        "nothing is kept of them"
    );
}
