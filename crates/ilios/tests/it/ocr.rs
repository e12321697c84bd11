use serde_json::Value;

use crate::harness::{TestServer, problem, sample};

#[tokio::test]
async fn a_scan_is_read_by_the_installed_ocr() {
    let server = TestServer::start().await;
    let scan = sample("crates/convert/tests/fixtures/pdf/scan.pdf");
    let response = server.send("scan.pdf", scan, &[("format", "json")]).await;
    assert_eq!(response.status(), 200);
    let body: Value = response.json().await.expect("JSON");
    assert_eq!(body["pages"][0]["kind"], "ocr", "{body}");
    assert!(
        body["content"].as_str().is_some_and(|text| text.contains("page")),
        "{body}"
    );
}

#[tokio::test]
async fn a_page_with_text_is_recognized_when_forced() {
    let server = TestServer::start().await;
    let pdf = sample("samples/annual-report.pdf");
    let options = [
        ("format", "json"),
        ("ocr", "force"),
        ("pages", "1"),
        ("ocrLanguages", "eng+deu"),
    ];
    let body: Value = server
        .send("report.pdf", pdf, &options)
        .await
        .json()
        .await
        .expect("JSON");
    assert_eq!(body["pages"][0]["kind"], "ocr", "{body}");
}

#[tokio::test]
async fn a_language_without_data_is_named() {
    let server = TestServer::start().await;
    let scan = sample("crates/convert/tests/fixtures/pdf/scan.pdf");
    let response = server.send("scan.pdf", scan, &[("ocrLanguages", "xyz")]).await;
    let body = problem(response, 422, "ocr_unavailable").await;
    assert!(
        body["error"].as_str().is_some_and(|error| error.contains("xyz")),
        "{body}"
    );
}

#[tokio::test]
async fn ocr_can_be_switched_off() {
    let server = TestServer::start().await;
    let scan = sample("crates/convert/tests/fixtures/pdf/scan.pdf");
    problem(
        server.send("scan.pdf", scan, &[("ocr", "off")]).await,
        422,
        "ocr_unavailable",
    )
    .await;
}
