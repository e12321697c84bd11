use serde_json::{Value, json as value};

use super::{LEGACY, MODERN, message, modern, posted, send};
use crate::compat::guarded;
use crate::harness::TestServer;

const ACCEPT: &str = "application/json, text/event-stream";

/// The error of an answer, which is one of the protocol and no fault of the server.
async fn refused(request: reqwest::RequestBuilder, status: u16, code: i64) -> Value {
    let answer = send(request).await;
    let got = answer.status().as_u16();
    let body = answer.text().await.expect("text");
    let error: Value = serde_json::from_str(&body).unwrap_or_else(|_| panic!("{got}: {body}"));
    assert_eq!(
        (got, error["error"]["code"].as_i64()),
        (status, Some(code)),
        "{body}"
    );
    assert!(
        error["error"]["message"]
            .as_str()
            .is_some_and(|text| !text.is_empty()),
        "{body}"
    );
    error
}

fn raw(server: &TestServer, body: impl Into<reqwest::Body>) -> reqwest::RequestBuilder {
    server
        .post("/mcp")
        .bearer_auth("first-key")
        .header("accept", ACCEPT)
        .header("content-type", "application/json")
        .header("mcp-protocol-version", LEGACY)
        .body(body)
}

#[tokio::test]
async fn what_is_no_message_is_refused() {
    let server = guarded().await;
    let deep = format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}"#,
        "{\"a\":".repeat(50_000)
    );
    for (body, code) in [
        (String::new(), -32_700),
        ("not JSON".into(), -32_700),
        ("{\"jsonrpc\":\"2.0\"".into(), -32_700),
        (deep, -32_700),
        ("[]".into(), -32_600),
        ("null".into(), -32_600),
        ("{}".into(), -32_600),
        (r#"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#.into(), -32_600),
        (r#"{"jsonrpc":"2.0","id":1,"result":{}}"#.into(), -32_600),
        (
            r#"{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"a"}}"#.into(),
            -32_600,
        ),
        (r#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#.into(), -32_600),
        (r#"{"jsonrpc":"2.0","id":{},"method":"ping"}"#.into(), -32_600),
        (r#"{"jsonrpc":"2.0","id":1,"method":5}"#.into(), -32_600),
    ] {
        refused(raw(&server, body), 400, code).await;
    }
    let bytes = raw(
        &server,
        &b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\"}"[..],
    );
    refused(bytes, 400, -32_700).await;
}

#[tokio::test]
async fn headers_that_are_wrong_are_refused() {
    let server = guarded().await;
    let ping = message("ping", &value!({}));
    let accepting = |accept: &str| {
        let request = server
            .post("/mcp")
            .bearer_auth("first-key")
            .header("accept", accept);
        request.json(&ping)
    };
    refused(accepting("application/json"), 406, -32_600).await;
    refused(accepting("text/html"), 406, -32_600).await;
    let form = server
        .post("/mcp")
        .bearer_auth("first-key")
        .header("accept", ACCEPT);
    refused(form.body(ping.to_string()), 415, -32_600).await;
    let packed = raw(&server, ping.to_string()).header("content-encoding", "gzip");
    refused(packed, 400, -32_600).await;
    let unknown = server
        .post("/mcp")
        .bearer_auth("first-key")
        .header("accept", ACCEPT);
    let unknown = unknown.header("mcp-protocol-version", "1900-01-01");
    refused(unknown.json(&ping), 400, -32_600).await;
    let call = value!({"name": "list_documents", "arguments": {}});
    for request in [
        modern(&server, "first-key", "tools/call", None, call.clone()),
        modern(
            &server,
            "first-key",
            "tools/call",
            Some("get_document"),
            call.clone(),
        ),
        modern(
            &server,
            "first-key",
            "tools/call",
            Some("list_documents"),
            call.clone(),
        )
        .header("mcp-method", "x"),
    ] {
        refused(request, 400, -32_020).await;
    }
}

#[tokio::test]
async fn methods_and_parameters_that_are_wrong_are_errors_of_the_protocol() {
    let server = guarded().await;
    refused(
        modern(&server, "first-key", "foo/bar", None, value!({})),
        404,
        -32_601,
    )
    .await;
    refused(
        posted(&server, "first-key", &message("foo/bar", &value!({}))),
        200,
        -32_601,
    )
    .await;
    for params in [value!(5), value!([]), value!("a")] {
        refused(
            posted(&server, "first-key", &message("tools/call", &params)),
            400,
            -32_600,
        )
        .await;
    }
    for params in [
        value!({}),
        value!({"name": 5}),
        value!({"name": "get_document", "arguments": []}),
    ] {
        refused(
            posted(&server, "first-key", &message("tools/call", &params)),
            200,
            -32_602,
        )
        .await;
    }
    let no_id = value!({"jsonrpc": "2.0", "id": null, "method": "tools/list"});
    refused(posted(&server, "first-key", &no_id), 400, -32_600).await;
    let version = value!({"protocolVersion": 5});
    refused(
        posted(&server, "first-key", &message("initialize", &version)),
        200,
        -32_602,
    )
    .await;
}

#[tokio::test]
async fn other_methods_of_http_and_notifications_are_answered_as_they_should_be() {
    let server = guarded().await;
    for method in ["GET", "DELETE", "PUT", "PATCH"] {
        let request = server
            .request(method, "/mcp")
            .bearer_auth("first-key")
            .header("accept", ACCEPT);
        assert_eq!(send(request).await.status(), 405, "{method}");
    }
    let notice = value!({"jsonrpc": "2.0", "method": "notifications/initialized"});
    let answer = send(posted(&server, "first-key", &notice)).await;
    assert_eq!(
        (answer.status().as_u16(), answer.text().await.expect("text")),
        (202, String::new())
    );
    // There are no sessions: one that a client remembers is no matter.
    let list = posted(&server, "first-key", &message("tools/list", &value!({})));
    assert_eq!(
        send(list.header("mcp-session-id", "forgotten")).await.status(),
        200
    );
}

#[tokio::test]
async fn an_older_client_begins_with_a_handshake_and_gets_no_session() {
    let server = guarded().await;
    for version in [LEGACY, "2025-06-18", "2025-03-26", "2024-11-05"] {
        let params = value!({"protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "a", "version": "1"}});
        let request = server
            .post("/mcp")
            .bearer_auth("first-key")
            .header("accept", ACCEPT);
        let answer = send(request.json(&message("initialize", &params))).await;
        assert_eq!(answer.headers().get("mcp-session-id"), None);
        let answer: Value = answer.json().await.expect("JSON");
        let result = &answer["result"];
        assert_eq!(result["protocolVersion"], version);
        assert_eq!(result["serverInfo"]["name"], "ilios");
        assert!(
            result["capabilities"]["tools"].is_object() && result["instructions"].is_string(),
            "{answer}"
        );
    }
    let discovered = send(modern(&server, "first-key", "server/discover", None, value!({}))).await;
    let discovered: Value = discovered.json().await.expect("JSON");
    let versions = discovered["result"]["supportedVersions"]
        .as_array()
        .expect("versions");
    assert!(
        versions.contains(&value!(MODERN)) && versions.contains(&value!(LEGACY)),
        "{discovered}"
    );
}

#[tokio::test]
async fn a_document_of_some_megabytes_fits_into_a_message_and_a_larger_one_does_not() {
    let server = guarded().await;
    let convert = |size: usize| {
        let arguments = value!({"uri": format!("data:,{}", "word ".repeat(size / 5)), "max_chars": 200});
        message(
            "tools/call",
            &value!({"name": "convert_to_markdown", "arguments": arguments}),
        )
    };
    let answer = send(posted(&server, "first-key", &convert(6 << 20))).await;
    let answer: Value = answer.json().await.expect("JSON");
    assert_eq!(
        answer["result"]["structuredContent"]["truncated"], true,
        "{answer}"
    );
    let error = refused(posted(&server, "first-key", &convert(17 << 20)), 413, -32_600).await;
    assert_eq!(error["error"]["data"]["code"], "too_large");
    let body = reqwest::Body::wrap_stream(futures::stream::iter(
        (0..40).map(|_| Ok::<_, std::io::Error>(vec![b' '; 1 << 20])),
    ));
    refused(raw(&server, body), 413, -32_600).await;
}
