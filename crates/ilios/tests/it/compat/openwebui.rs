//! The external document loader of Open WebUI.

use serde_json::{Value, json as value};

use super::guarded;
use crate::harness::{TestServer, json, sample};

async fn process(server: &TestServer, name: &str, body: impl Into<Vec<u8>>) -> reqwest::Response {
    let request = server.request("PUT", "/process").bearer_auth("first-key");
    let request = request.header("x-filename", name).body(body.into());
    request.send().await.expect("an answer")
}

#[tokio::test]
async fn a_document_with_pages_is_a_list_of_them() {
    let server = guarded().await;
    let name = "0c5e1d9e-21a7-4ab1-9a34-0e6a4b0f2a11_annual%20report.pdf";
    let pages = json(
        process(&server, name, sample("samples/annual-report.pdf")).await,
        200,
    )
    .await;
    let pages = pages.as_array().expect("pages");
    assert!(pages.len() > 1, "{pages:?}");
    for (number, page) in (1..).zip(pages) {
        let metadata = page["metadata"].as_object().expect("metadata");
        assert_eq!(metadata["source"], "annual report.pdf");
        assert_eq!(metadata["page"], number - 1);
        assert_eq!(metadata["page_label"], number.to_string());
        assert!(
            metadata
                .values()
                .all(|value| !value.is_array() && !value.is_object())
        );
        assert!(!page["page_content"].as_str().expect("text").is_empty());
    }
    // The document is one of the tenant's own.
    let id = pages[0]["metadata"]["document_id"].as_str().expect("an id");
    let own = server
        .get(&format!("/api/documents/{id}"))
        .bearer_auth("first-key");
    assert_eq!(own.send().await.expect("an answer").status(), 200);
}

#[tokio::test]
async fn a_document_without_pages_is_one_entry() {
    let server = guarded().await;
    let parts = json(process(&server, "a.txt", "plain text").await, 200).await;
    assert_eq!(parts[0]["page_content"], "plain text");
    assert_eq!(parts[0]["metadata"].get("page"), None);
    assert_eq!(parts.as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn an_empty_document_is_an_entry_without_text() {
    let server = guarded().await;
    let parts = json(
        process(&server, "a.html", "<html><body></body></html>").await,
        200,
    )
    .await;
    assert_eq!(
        parts,
        value!([{"page_content": "", "metadata": {"source": "a.html"}}])
    );
}

#[tokio::test]
async fn errors_are_short_and_name_their_code() {
    let server = guarded().await;
    let junk: Vec<u8> = (0..=255).collect();
    for (name, body, status, code) in [
        ("a.bin", junk, 415, "unsupported_type"),
        ("a.pdf", b"%PDF-1.4 broken".to_vec(), 422, "invalid_document"),
        ("a.txt", Vec::new(), 400, "empty_file"),
        ("a.txt", vec![b'a'; 9 << 20], 413, "too_large"),
    ] {
        let error = json(process(&server, name, body).await, status).await;
        assert_eq!(error["code"], code);
        assert_eq!(error.as_object().map(serde_json::Map::len), Some(2), "{error}");
    }
    let wrong = server
        .request("PUT", "/process")
        .bearer_auth("wrong")
        .body("text");
    let error: Value = json(wrong.send().await.expect("an answer"), 401).await;
    assert_eq!(error["code"], "unauthorized");
}
