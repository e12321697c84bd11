//! Web pages of elsewhere, where they may use the server, read everything that it answers.

use ilios::http::{AllowedOrigins, Edge, Origins};
use reqwest::Response;
use serde_json::{Value, json};

use crate::harness::{Setup, TestServer, files, form, text};

/// Headers that a browser shows to every page, that are not for pages, or that are about the connection.
const NOT_OURS: [&str; 13] = [
    "cache-control",
    "connection",
    "content-length",
    "content-security-policy",
    "content-type",
    "date",
    "keep-alive",
    "last-modified",
    "referrer-policy",
    "transfer-encoding",
    "vary",
    "x-content-type-options",
    "x-frame-options",
];

const ORIGIN: &str = "https://app.example.org";

async fn server() -> TestServer {
    let edge = Edge {
        origins: Origins {
            only_these: false,
            hosts: [].into(),
            allowed: AllowedOrigins::Any,
        },
        ..Edge::default()
    };
    TestServer::with(Setup {
        api_keys: "key",
        edge,
        workers: 2,
        ..Setup::default()
    })
    .await
}

/// Fails when the answer has a header that a page cannot read.
fn is_readable(what: &str, response: &Response) {
    let headers = response.headers();
    assert_eq!(headers["access-control-allow-origin"], "*", "{what}");
    let exposed = headers["access-control-expose-headers"]
        .to_str()
        .expect("text")
        .to_ascii_lowercase();
    let exposed: Vec<&str> = exposed.split(',').map(str::trim).collect();
    for name in headers.keys().map(|name| name.as_str()) {
        let ours = !NOT_OURS.contains(&name) && !name.starts_with("access-control-");
        assert!(!ours || exposed.contains(&name), "{what}: {name} of {headers:?}");
    }
}

async fn ask(server: &TestServer, method: &str, path: &str) -> Response {
    let request = server
        .request(method, path)
        .header("origin", ORIGIN)
        .bearer_auth("key");
    let response = request.send().await.expect("an answer");
    is_readable(&format!("{method} {path}"), &response);
    response
}

/// Covers refusals of every route: malformed and unknown ids, a missing API key, a method that it does not have.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_refusal_of_every_route_is_readable() {
    let server = server().await;
    let description = serde_json::to_value(ilios::http::openapi_document()).expect("JSON");
    for (path, item) in description["paths"].as_object().expect("paths") {
        for method in item.as_object().expect("operations").keys() {
            let method = method.to_ascii_uppercase();
            for id in ["x", "00000000000000000000"] {
                let place = path
                    .replace("{id}", id)
                    .replace("{batchId}", id)
                    .replace("{area}", "documents");
                ask(&server, &method, &place.replace("{name}", "a.png")).await;
            }
            let anonymous = server.request(&method, path).header("origin", ORIGIN);
            is_readable(path, &anonymous.send().await.expect("an answer"));
        }
        ask(&server, "PATCH", path).await;
    }
    ask(&server, "GET", "/nowhere").await;
}

/// Covers successful answers, also those that are replayed under an `Idempotency-Key`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_of_every_route_is_readable() {
    let server = server().await;
    let send = async |path: &str, form: reqwest::multipart::Form, name: &str| {
        let request = server.post(path).header("origin", ORIGIN).bearer_auth("key");
        let response = request
            .header("idempotency-key", name)
            .multipart(form)
            .send()
            .await
            .expect("an answer");
        is_readable(path, &response);
        assert!(response.status().is_success(), "{path}");
        response
    };
    for _ in 0..2 {
        let converted = send("/v1/convert", form("a.md", "# Text\n", &[]), "one").await;
        assert!(converted.headers().contains_key("x-document-id"));
    }
    let submitted: Value = send("/api/documents/submit", form("a.md", "# Text\n", &[]), "two")
        .await
        .json()
        .await
        .expect("JSON");
    let id = text(&submitted["id"]);
    let batch: Value = send("/v1/batch/submit", files(&[("a.md", b"# One\n")]), "three")
        .await
        .json()
        .await
        .expect("JSON");
    let batch = text(&batch["batchId"]);
    ask(&server, "GET", &format!("/api/documents/status/{id}?wait=60")).await;
    ask(&server, "GET", &format!("/v1/batch/status/{batch}?wait=60")).await;
    for format in ["markdown", "json", "text", "html"] {
        ask(&server, "GET", &format!("/api/documents/{id}?format={format}")).await;
    }
    for format in ["jsonl", "zip", "markdown"] {
        ask(
            &server,
            "GET",
            &format!("/v1/batch/download/{batch}?format={format}"),
        )
        .await;
    }
    originals(&server, &id).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_and_list_is_readable() {
    let server = server().await;
    for path in [
        "/",
        "/health",
        "/metrics",
        "/openapi.json",
        "/docs/",
        "/api/documents",
        "/v1/batch",
        "/api/usage/summary",
        "/api/usage/breakdown",
        "/api/usage/records",
        "/api/usage/records?format=csv",
    ] {
        ask(&server, "GET", path).await;
    }
}

async fn originals(server: &TestServer, id: &str) {
    let original = ask(server, "GET", &format!("/api/documents/{id}/original")).await;
    let place = original.headers()["location"].to_str().expect("text").to_owned();
    let place = place.strip_prefix(&server.address).unwrap_or(&place).to_owned();
    ask(server, "GET", &place).await;
    for range in ["bytes=0-1", "bytes=99-"] {
        let part = server.get(&place).header("origin", ORIGIN).header("range", range);
        let part = part.send().await.expect("an answer");
        is_readable(range, &part);
        assert!(part.headers().contains_key("content-range"));
    }
    let announced = json!({ "fileName": "d.md", "fileSize": 7 });
    let announced = server
        .post("/api/documents/upload-url")
        .header("origin", ORIGIN)
        .bearer_auth("key")
        .json(&announced);
    let announced = announced.send().await.expect("an answer");
    is_readable("upload-url", &announced);
    ask(server, "DELETE", &format!("/api/documents/{id}")).await;
}
