//! Keys, scopes and settings of all interfaces.

use ilios::http::{COMPAT_PATHS, Edge, Surface, Surfaces};
use ilios::model::Scope;
use serde_json::Value;

use super::{HTML, guarded};
use crate::harness::{Setup, TestServer, json};

/// A path of the interfaces, with something in its places.
fn filled(path: &str) -> String {
    path.replace("{task}", "e30")
        .replace("{chunker}", "hybrid")
        .replace("{form}", "text")
        .replace("{field}", "Content-Type")
        .replace("{file_id}", "d0123456789abcdefghijklm")
        .replace("{job_id}", "d0123456789abcdefghijklm")
}

#[tokio::test]
async fn every_operation_refuses_those_without_a_key_in_the_words_of_its_product() {
    let server = guarded().await;
    for (method, path, _) in COMPAT_PATHS {
        let path = filled(path);
        let attempts = [
            server.request(method, &path),
            server.request(method, &path).header("x-api-key", "wrong"),
            server.request(method, &path).bearer_auth("wrong"),
            server.request(method, &path).basic_auth("user", Some("wrong")),
        ];
        for attempt in attempts {
            let refusal = json(attempt.send().await.expect("an answer"), 401).await;
            let words = ["/detail", "/message", "/error/message", "/error"]
                .iter()
                .find_map(|place| refusal.pointer(place));
            assert!(words.is_some_and(Value::is_string), "{method} {path}: {refusal}");
            assert_eq!(refusal.get("requestId"), None, "{method} {path}: {refusal}");
        }
    }
}

#[tokio::test]
async fn a_key_is_taken_in_every_way() {
    let server = guarded().await;
    for request in [
        server.request("PUT", "/tika").bearer_auth("first-key"),
        server.request("PUT", "/tika").header("x-api-key", "first-key "),
        server
            .request("PUT", "/tika")
            .basic_auth("user", Some("first-key")),
    ] {
        assert_eq!(request.body(HTML).send().await.expect("an answer").status(), 200);
    }
}

#[tokio::test]
async fn what_is_sent_wrong_is_an_error_of_the_product_and_none_of_the_server() {
    let server = guarded().await;
    for (method, path, _) in COMPAT_PATHS {
        for (media_type, body) in [
            ("multipart/form-data; boundary=x", "--x\r\ngarbage"),
            ("multipart/form-data", "no boundary"),
            (
                "application/json",
                "{\"sources\":[{\"kind\":\"http\",\"url\":\"file:///etc/passwd\"}]}",
            ),
            ("application/json", "[[[[[[[["),
            ("application/pdf", "%PDF-1.7\n1 0 obj"),
            ("text/html", ""),
        ] {
            let request = server.request(method, &filled(path)).bearer_auth("first-key");
            let answer = request
                .header("content-type", media_type)
                .body(body)
                .send()
                .await
                .expect("an answer");
            let status = answer.status().as_u16();
            assert!(status < 500, "{method} {path} {media_type}: {status}");
            if status >= 400 {
                let error: Value = json(answer, status).await;
                assert_eq!(error.get("requestId"), None, "{method} {path}: {error}");
            }
        }
    }
}

#[test]
fn the_scopes_are_those_that_the_operations_are_about() {
    for (method, path, scope) in COMPAT_PATHS {
        let looks_up = path.starts_with("/v1/files") || path.starts_with("/v1/batch/");
        let reads = path.contains("/status/")
            || path.contains("/result/")
            || *path == "/mcp"
            || looks_up && *method == "GET";
        let expected = if reads { Scope::Read } else { Scope::Convert };
        assert_eq!(*scope, expected, "{method} {path}");
    }
}

#[tokio::test]
async fn an_interface_that_is_off_is_not_there() {
    for (named, path, others) in [
        (Surface::OpenWebUi, "/process", ["/tika", "/v1/convert/file"]),
        (Surface::Tika, "/tika", ["/process", "/v1/convert/file"]),
        (Surface::Docling, "/v1/convert/file", ["/process", "/tika"]),
        (
            Surface::Unstructured,
            "/general/v0/general",
            ["/process", "/tika"],
        ),
        (Surface::Mcp, "/mcp", ["/process", "/tika"]),
        (Surface::Mistral, "/v1/ocr", ["/process", "/v1/convert/file"]),
    ] {
        let server = TestServer::with(Setup {
            edge: Edge {
                surfaces: Surfaces::parse(named.name()).expect("a name"),
                ..Edge::default()
            },
            ..Setup::default()
        })
        .await;
        let status = async |path| {
            server
                .request("PATCH", path)
                .send()
                .await
                .expect("an answer")
                .status()
        };
        assert_eq!(status(path).await, 405, "{path}");
        for other in others {
            assert_eq!(status(other).await, 404, "{other} with {}", named.name());
        }
    }
}
