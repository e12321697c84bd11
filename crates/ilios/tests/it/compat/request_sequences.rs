//! Requests of products that have no client of their own to drive: what RAGFlow, Langflow and LibreChat send, in their
//! order, and what they read of the answers.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use reqwest::multipart::Form;
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json as value};

use super::guarded;
use crate::harness::{json, part, sample, text};

fn report() -> Vec<u8> {
    sample("samples/annual-report.pdf")
}

fn source() -> Value {
    value!([{"kind": "file", "filename": "annual report.pdf", "base64_string": BASE64_STANDARD.encode(report())}])
}

async fn send(request: RequestBuilder) -> Response {
    request.send().await.expect("an answer")
}

async fn answered(request: RequestBuilder) -> Value {
    json(send(request).await, 200).await
}

/// RAGFlow looks for the description of the API, asks for chunks, and takes the Markdown where it gets none. It has no
/// setting for a key but the address.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ragflow_gets_its_markdown() {
    let server = guarded().await;
    let described = send(server.request("HEAD", "/openapi.json")).await;
    assert_eq!(described.status(), 200);
    let with_key = |path: &str| server.post(path).basic_auth("user", Some("first-key"));
    let order = value!({
        "options": {
            "from_formats": ["pdf"], "to_formats": ["json", "md", "text"], "do_chunking": true,
            "chunking_options": {"max_tokens": 512, "overlap": 50},
        },
        "sources": source(),
    });
    let answer = answered(with_key("/v1/convert/source").json(&order)).await;
    for list in ["chunks", "results"] {
        assert!(
            answer[list].as_array().is_none_or(Vec::is_empty),
            "it would be taken for chunks"
        );
    }
    let plain = value!({
        "options": {"from_formats": ["pdf"], "to_formats": ["json", "md", "text"]}, "sources": source(),
    });
    for path in ["/v1/convert/source", "/v1alpha/convert/source"] {
        let answer = answered(with_key(path).json(&plain)).await;
        let markdown = answer["document"]["md_content"].as_str().expect("Markdown");
        assert!(markdown.starts_with("# "), "{path}: {markdown}");
        assert!(answer["document"]["text_content"].is_string(), "{path}");
    }
}

/// Langflow polls without waiting, and takes any entry in `errors` for a failure.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn langflow_gets_its_document() {
    let server = guarded().await;
    let with_key = |request: RequestBuilder| request.header("x-api-key", "first-key");
    let order = value!({"options": {"to_formats": ["json"], "image_export_mode": "placeholder"}, "sources": source()});
    let task = answered(with_key(server.post("/v1/convert/source/async")).json(&order)).await;
    let id = text(&task["task_id"]);
    let status = loop {
        let status = answered(with_key(server.get(&format!("/v1/status/poll/{id}")))).await;
        if !["pending", "started"].contains(&status["task_status"].as_str().expect("a status")) {
            break status;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    };
    assert_eq!(status["task_status"], "success", "{status}");
    let result = answered(with_key(server.get(&format!("/v1/result/{id}")))).await;
    assert_eq!(result["errors"], value!([]));
    assert_eq!(
        result["document"]["json_content"]["schema_name"],
        "DoclingDocument"
    );
}

/// LibreChat uploads under the user's name, asks for an address, has that read, and deletes the file.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn librechat_gets_its_pages() {
    let server = guarded().await;
    let with_key = |request: RequestBuilder| request.bearer_auth("first-key");
    let form = Form::new()
        .text("purpose", "ocr")
        .part("file", part("Jahresbericht übersicht.pdf", report()));
    let file = text(&answered(with_key(server.post("/v1/files")).multipart(form)).await["id"]);
    let address = answered(with_key(server.get(&format!("/v1/files/{file}/url?expiry=24")))).await;
    let order = value!({
        "model": "mistral-ocr-latest", "image_limit": 0, "include_image_base64": false,
        "document": {"type": "document_url", "document_url": address["url"]},
    });
    let read = answered(with_key(server.post("/v1/ocr")).json(&order)).await;
    let pages = read["pages"].as_array().expect("pages");
    assert!(
        pages.len() > 1 && pages.iter().all(|page| page["markdown"].is_string()),
        "{read}"
    );
    assert_eq!(pages[0]["images"], value!([]));
    answered(with_key(server.request("DELETE", &format!("/v1/files/{file}")))).await;
    let gone = send(with_key(server.post("/v1/ocr")).json(&order)).await;
    assert!(gone.status().is_client_error(), "{gone:?}");
}
