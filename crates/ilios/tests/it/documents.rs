use serde_json::Value;

use crate::harness::{TestServer, problem};

async fn stored(server: &TestServer) -> String {
    let response = server
        .send("Grüße.md", "# Hello\n\n[a](https://example.org)\n", &[])
        .await;
    response.headers()["x-document-id"]
        .to_str()
        .expect("text")
        .to_owned()
}

#[tokio::test]
async fn a_stored_document_can_be_fetched_in_every_format() {
    let server = TestServer::start().await;
    let id = stored(&server).await;
    let get = async |query: &str| {
        server
            .get(&format!("/api/documents/{id}{query}"))
            .send()
            .await
            .expect("an answer")
    };
    for query in ["", "?format=markdown"] {
        let response = get(query).await;
        assert_eq!(response.headers()["content-type"], "text/markdown; charset=utf-8");
        assert_eq!(
            response.headers()["content-disposition"],
            "inline; filename=\"Gr__e.md\"; filename*=UTF-8''Gr%C3%BC%C3%9Fe.md"
        );
        assert_eq!(
            response.text().await.expect("a body"),
            "# Hello\n\n[a](https://example.org)\n"
        );
    }
    let body: Value = get("?format=json").await.json().await.expect("JSON");
    assert_eq!(body["id"], id);
    assert_eq!(body["fileName"], "Grüße.md");
    assert_eq!(body["content"], "# Hello\n\n[a](https://example.org)\n");
    assert_eq!(body["metadata"]["engine"], "local");
    assert!(
        body["createdAt"].as_str().is_some_and(|time| time.ends_with('Z')),
        "{body}"
    );
    assert!(body["processedAt"].is_string(), "{body}");
    assert!(
        get("?format=html")
            .await
            .text()
            .await
            .expect("a body")
            .contains("<h1 id=\"p1b1\">Hello</h1>")
    );
    assert!(
        get("?format=text")
            .await
            .text()
            .await
            .expect("a body")
            .starts_with("Hello")
    );
    let body = problem(get("?format=docx").await, 400, "invalid_parameter").await;
    assert_eq!(body["field"], "format");
}

#[tokio::test]
async fn status_tells_where_a_document_stands() {
    let server = TestServer::start().await;
    let id = stored(&server).await;
    let response = server
        .get(&format!("/api/documents/status/{id}"))
        .send()
        .await
        .expect("an answer");
    let body: Value = response.json().await.expect("JSON");
    assert_eq!(body["id"], id);
    assert_eq!(body["status"], "completed");
    assert_eq!(body["fileName"], "Grüße.md");
    assert_eq!(body["downloadUrl"], format!("/api/documents/{id}"));
    assert_eq!(body["metadata"]["extractedPages"], 1);
    assert!(
        body["processedAt"].is_string() && body["createdAt"].is_string(),
        "{body}"
    );
}

#[tokio::test]
async fn a_malformed_id_is_refused_and_an_unknown_one_is_not_found() {
    let server = TestServer::start().await;
    for prefix in ["/api/documents/", "/api/documents/status/"] {
        for id in [
            "x",
            "ABCDEFGHIJKLMNOPQRSTUVWX",
            "a%2F..%2Fb",
            "%00",
            &"a".repeat(31),
        ] {
            let response = server
                .get(&format!("{prefix}{id}"))
                .send()
                .await
                .expect("an answer");
            problem(response, 400, "invalid_id").await;
        }
        let response = server
            .get(&format!("{prefix}d12345678901234567890123"))
            .send()
            .await
            .expect("an answer");
        problem(response, 404, "not_found").await;
    }
}
