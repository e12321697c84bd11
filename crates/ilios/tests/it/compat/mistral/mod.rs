//! Mistral's OCR: documents, files and jobs.

mod files;
mod jobs;
mod ocr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::multipart::Form;
use serde_json::{Value, json as value};

use super::{HTML, guarded};
use crate::harness::{TestServer, form, json};

const REPORT: &str = "samples/annual-report.pdf";

async fn ask(server: &TestServer, key: &str, method: &str, path: &str) -> reqwest::Response {
    let request = server.request(method, path).bearer_auth(key);
    request.send().await.expect("an answer")
}

async fn ocr(server: &TestServer, key: &str, body: &Value) -> reqwest::Response {
    let request = server.post("/v1/ocr").bearer_auth(key).json(body);
    request.send().await.expect("an answer")
}

async fn upload(server: &TestServer, key: &str, form: Form) -> reqwest::Response {
    let request = server.post("/v1/files").bearer_auth(key).multipart(form);
    request.send().await.expect("an answer")
}

async fn uploaded(server: &TestServer, name: &str, bytes: impl Into<Vec<u8>>) -> Value {
    let form = form(name, bytes, &[("purpose", "ocr"), ("visibility", "workspace")]);
    json(upload(server, "first-key", form).await, 200).await
}

fn data(media_type: &str, bytes: &[u8]) -> Value {
    let url = format!("data:{media_type};base64,{}", STANDARD.encode(bytes));
    value!({"type": "document_url", "document_url": url})
}

fn of_file(id: &Value) -> Value {
    value!({"model": "mistral-ocr-latest", "document": {"type": "file", "file_id": id}})
}

/// Pages that were converted and charged.
async fn pages_used(server: &TestServer, key: &str) -> u64 {
    let usage = json(ask(server, key, "GET", "/api/usage/summary").await, 200).await;
    usage["summary"]["totalPages"]
        .as_u64()
        .unwrap_or_else(|| panic!("no pages in {usage}"))
}

async fn documents(server: &TestServer, key: &str) -> usize {
    let listed = json(ask(server, key, "GET", "/api/documents").await, 200).await;
    listed["documents"].as_array().expect("documents").len()
}
