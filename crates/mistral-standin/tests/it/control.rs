//! The stand-in steered over HTTP.

use mistral_standin::{Faults, Standin};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{MODEL, OCR, Test, answer};

#[tokio::test]
async fn everything_can_be_steered_over_http() {
    let test = Test::new().await;
    let steered = &test;
    let send = |method: Method, path: &'static str, body: Value| async move {
        let request = steered.bare(method, path).json(&body);
        answer(request.send().await.expect("an answer")).await
    };
    let outage = json!({"request": "POST /v1/ocr", "failure": {"kind": "status", "status": 503}});
    assert_eq!(send(Method::POST, "/control/outages", outage).await.0, 200);
    assert_eq!(test.ocr(1, json!({})).await.0, 503);
    let faults = json!({"answers": {"page_count": {"says": 9}}, "limits": {"pages": 2}});
    assert_eq!(send(Method::PUT, "/control/faults", faults).await.0, 200);
    assert_eq!(test.ocr(1, json!({})).await.1["usage_info"]["pages_processed"], 9);
    assert_eq!(test.ocr(3, json!({})).await.1["code"], "3730");
    let web = json!({"url": "https://example.com/a.txt", "base64": "aGVsbG8="});
    assert_eq!(send(Method::PUT, "/control/web", web).await.0, 200);
    let read = json!({"model": MODEL, "document": {"document_url": "https://example.com/a.txt"}});
    assert_eq!(test.post(OCR, &read).await.0, 200);
    assert_eq!(
        send(Method::POST, "/control/clock", json!({"hours": 1})).await.0,
        200
    );
    let wrong = send(Method::PUT, "/control/faults", json!({"anwsers": {}})).await;
    assert_eq!(wrong.0, 422, "a slip of the pen is told");
    let counts = send(Method::GET, "/control/counts", json!(null)).await.1;
    assert_eq!(
        counts["requests"],
        json!({"POST /v1/ocr": 4}),
        "control is not counted"
    );
    assert_eq!(counts["documents"].as_array().map(Vec::len), Some(2));
    assert_eq!(send(Method::DELETE, "/control/counts", json!(null)).await.0, 200);
    assert_eq!(test.standin.counts().billed_pages(), 0);
}

#[tokio::test]
async fn it_listens_on_loopback_only() {
    let everywhere = "0.0.0.0:0".parse().expect("an address");
    Standin::start_at(everywhere, Faults::default())
        .await
        .expect_err("the key is no secret");
}
