//! Requests for OCR that break a rule.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{MODEL, OCR, Test, answer, document, flaw, request};

#[tokio::test]
async fn only_the_key_is_let_in() {
    let test = Test::new().await;
    let without = test.bare(Method::POST, OCR).json(&request(1, json!({})));
    let wrong = test.bare(Method::GET, "/v1/files").bearer_auth("another");
    for request in [without, wrong] {
        let refused = answer(request.send().await.expect("an answer")).await;
        assert_eq!(refused, (401, json!({"detail": "Unauthorized"})));
    }
    assert_eq!(test.standin.counts().billed_pages(), 0);
}

#[tokio::test]
async fn a_body_is_json_and_says_so() {
    let test = Test::new().await;
    let body = request(1, json!({})).to_string();
    let unsaid = test.request(Method::POST, OCR).body(body.clone());
    let (kind, _) = flaw(answer(unsaid.send().await.expect("an answer")).await);
    assert_eq!(kind, "model_attributes_type");
    let with_charset = test
        .request(Method::POST, OCR)
        .header("content-type", "application/json; charset=utf-8")
        .body(body);
    assert_eq!(with_charset.send().await.expect("an answer").status(), 200);
    let broken = test
        .request(Method::POST, OCR)
        .header("content-type", "application/json")
        .body("{not json");
    let (kind, _) = flaw(answer(broken.send().await.expect("an answer")).await);
    assert_eq!(kind, "json_invalid");
}

#[tokio::test]
async fn paths_and_methods_that_are_not_there_are_refused() {
    let test = Test::new().await;
    assert_eq!(
        test.get("/v1/nothing").await,
        (404, json!({"detail": "Not Found"}))
    );
    assert_eq!(test.get("/v1/v1/ocr").await.0, 404);
    assert_eq!(test.get(OCR).await.0, 405);
}

#[tokio::test]
async fn model_and_document_have_to_be_there() {
    let test = Test::new().await;
    let none = flaw(test.post(OCR, &json!({"document": document(1)})).await);
    assert_eq!(none, ("missing".to_owned(), json!(["body", "model"])));
    let none = flaw(test.post(OCR, &json!({"model": MODEL})).await);
    assert_eq!(none, ("missing".to_owned(), json!(["body", "document"])));
    let null = flaw(test.ocr(1, json!({"model": null})).await);
    assert_eq!(null.0, "missing", "null is for lines of a batch");
    for name in ["no-such-model", "mistral-ocr-2503"] {
        let (status, body) = test.ocr(1, json!({"model": name})).await;
        assert_eq!((status, &body["code"]), (400, &json!("1500")));
    }
}

#[tokio::test]
async fn every_field_has_its_type() {
    let test = Test::new().await;
    let schema = json!({"type": "json_schema", "json_schema": {"name": "a", "schema": {}, "strict": 1}});
    let wrong = [
        (json!({"bogus": 1}), "extra_forbidden"),
        (json!({"model": 1}), "string_type"),
        (json!({"pages": 1}), "list_type"),
        (json!({"pages": ["1"]}), "int_type"),
        (json!({"pages": [1.0]}), "int_type"),
        (json!({"pages": "1-"}), "value_error"),
        (json!({"pages": "3-1"}), "value_error"),
        (json!({"pages": ""}), "value_error"),
        (json!({"include_image_base64": "true"}), "bool_type"),
        (json!({"image_limit": "1"}), "int_type"),
        (json!({"image_limit": -1}), "greater_than_equal"),
        (json!({"image_min_size": 1.5}), "int_type"),
        (json!({"table_format": "csv"}), "literal_error"),
        (json!({"extract_header": null}), "bool_type"),
        (json!({"extract_footer": 0}), "bool_type"),
        (json!({"include_blocks": null}), "bool_type"),
        (json!({"confidence_scores_granularity": "line"}), "literal_error"),
        (json!({"document_annotation_prompt": "Title?"}), "value_error"),
        (
            json!({"bbox_annotation_format": {"type": "text"}}),
            "literal_error",
        ),
        (json!({"document_annotation_format": schema}), "bool_type"),
    ];
    for (more, kind) in wrong {
        let (status, body) = test.ocr(1, more.clone()).await;
        assert_eq!(status, 422, "{more}");
        let kinds: Vec<&Value> = body["detail"]
            .as_array()
            .expect("flaws")
            .iter()
            .map(|flaw| &flaw["type"])
            .collect();
        assert!(kinds.contains(&&json!(kind)), "{more}: {body}");
    }
    let counts = test.standin.counts();
    assert_eq!(counts.billed_pages(), 0);
    assert_eq!(counts.refused.len(), 20, "the reasons are kept");
}

#[tokio::test]
async fn what_may_be_null_or_absent_may_be() {
    let test = Test::new().await;
    let nulls = json!({"pages": null, "include_image_base64": null, "image_limit": null, "image_min_size": null,
        "table_format": null, "bbox_annotation_format": null, "document_annotation_format": null,
        "document_annotation_prompt": null, "confidence_scores_granularity": null, "id": "old"});
    assert_eq!(test.ocr(1, nulls).await.0, 200);
    let schema = json!({"type": "json_schema", "json_schema": {"name": "a", "schema": {"type": "object",
        "properties": {"title": {"type": "string"}}}, "strict": true, "description": null}});
    let wanted = json!({"document_annotation_format": schema, "document_annotation_prompt": "Title?"});
    let (status, body) = test.ocr(1, wanted).await;
    assert_eq!(status, 200, "{body}");
    let text = body["document_annotation"].as_str().expect("JSON in a string");
    assert!(serde_json::from_str::<Value>(text).expect("JSON")["title"].is_string());
    assert!(test.standin.counts().documents[1].annotated);
}
