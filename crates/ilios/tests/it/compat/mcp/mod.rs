//! The Model Context Protocol over HTTP.

mod access;
mod hostile;
mod progress;
mod resources;
mod tools;

use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json as value};

use crate::harness::{TestServer, json};

const MODERN: &str = "2026-07-28";
const LEGACY: &str = "2025-11-25";

/// A request of a client of the older revisions, whose messages need no further headers.
pub(super) fn posted(server: &TestServer, key: &str, message: &Value) -> RequestBuilder {
    server
        .post("/mcp")
        .bearer_auth(key)
        .header("accept", "application/json, text/event-stream")
        .header("mcp-protocol-version", LEGACY)
        .json(message)
}

pub(super) fn message(method: &str, params: &Value) -> Value {
    value!({"jsonrpc": "2.0", "id": 7, "method": method, "params": params})
}

/// A request of a client of the newest revision.
fn modern(
    server: &TestServer,
    key: &str,
    method: &str,
    name: Option<&str>,
    mut params: Value,
) -> RequestBuilder {
    params["_meta"] = value!({
        "io.modelcontextprotocol/protocolVersion": MODERN,
        "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let request = server
        .post("/mcp")
        .bearer_auth(key)
        .header("accept", "application/json, text/event-stream")
        .header("mcp-protocol-version", MODERN)
        .header("mcp-method", method);
    let request = match name {
        Some(name) => request.header("mcp-name", name),
        None => request,
    };
    request.json(&message(method, &params))
}

async fn send(request: RequestBuilder) -> Response {
    request.send().await.expect("an answer")
}

/// The result of a method.
async fn asked(server: &TestServer, key: &str, method: &str, params: Value) -> Value {
    let mut answer = json(send(posted(server, key, &message(method, &params))).await, 200).await;
    assert!(answer["result"].is_object(), "{answer}");
    answer["result"].take()
}

/// The result of a tool.
async fn used(server: &TestServer, key: &str, tool: &str, arguments: Value) -> Value {
    asked(
        server,
        key,
        "tools/call",
        value!({"name": tool, "arguments": arguments}),
    )
    .await
}

/// The text of a result that is no error.
fn text(result: &Value) -> &str {
    assert_ne!(result["isError"], true, "{result}");
    result["content"][0]["text"].as_str().expect("text")
}

/// The text of a result that is an error.
fn fault(result: &Value) -> &str {
    assert_eq!(result["isError"], true, "{result}");
    result["content"][0]["text"].as_str().expect("text")
}

/// The id of the document that a result is of.
fn id(result: &Value) -> String {
    assert_ne!(result["isError"], true, "{result}");
    crate::harness::text(&result["structuredContent"]["document_id"])
}

fn data(media_type: &str, text: &str) -> String {
    use base64::Engine;
    let encoded = base64::engine::general_purpose::STANDARD.encode(text);
    format!("data:{media_type};base64,{encoded}")
}
