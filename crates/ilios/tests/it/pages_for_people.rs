use crate::harness::TestServer;

#[tokio::test]
async fn the_landing_page_and_swagger_load_nothing_from_elsewhere() {
    let server = TestServer::start().await;
    let landing = server.get("/").send().await.expect("an answer");
    assert!(
        landing.headers()["content-type"]
            .to_str()
            .expect("text")
            .starts_with("text/html")
    );
    assert!(landing.headers().contains_key("content-security-policy"));
    let text = landing.text().await.expect("a body");
    assert!(
        text.contains("/v1/convert") && text.contains("href=\"/docs\""),
        "{text}"
    );
    let docs = ilios::tls::http_client()
        .build()
        .expect("a client")
        .get(format!("{}/docs", server.address))
        .send()
        .await
        .expect("an answer");
    assert_eq!(docs.status(), 200);
    let text = docs.text().await.expect("a body");
    let foreign = ["src=\"http", "href=\"http", "src=\"//", "href=\"//"];
    assert!(!foreign.iter().any(|start| text.contains(start)), "{text}");
    let script = server
        .get("/docs/swagger-ui-bundle.js")
        .send()
        .await
        .expect("an answer");
    assert_eq!(script.status(), 200);
    assert!(
        script.bytes().await.expect("a body").len() > 100_000,
        "the assets are in the program"
    );
}

#[tokio::test]
async fn the_landing_page_shows_the_address_that_was_asked_for_and_nothing_stranger() {
    let server = TestServer::start().await;
    let page = async |host: &str| {
        let request = server.get("/").header("host", host);
        request
            .send()
            .await
            .expect("an answer")
            .text()
            .await
            .expect("a body")
    };
    assert!(
        page("nas.local:8080")
            .await
            .contains("http://nas.local:8080/v1/convert")
    );
    let strange = page("x\"><script>alert(1)</script>").await;
    assert!(
        strange.contains("invalid_host") && !strange.contains("<script"),
        "{strange}"
    );
}

#[tokio::test]
async fn health_tells_of_the_database() {
    let server = TestServer::start().await;
    let body = server.json("/health").await;
    assert_eq!(body["status"], "healthy");
    assert_eq!(body["services"]["database"], "healthy");
    assert_eq!(body["services"]["objects"], "healthy");
    assert_eq!(body["services"]["s3"], "disabled");
    assert!(body["timestamp"].is_string(), "{body}");
    assert_eq!(body["services"]["spool"], "healthy");
    server.store.clone().close().await;
    // What was found is believed for a second.
    let response = loop {
        let response = server.get("/health").send().await.expect("an answer");
        if response.status() != 200 {
            break response;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    };
    assert_eq!(response.status(), 503);
    let body: serde_json::Value = response.json().await.expect("JSON");
    assert_eq!(body["status"], "unhealthy");
}

#[tokio::test]
async fn health_tells_of_the_place_of_the_originals() {
    let server = TestServer::start().await;
    std::fs::remove_dir_all(server.folder().join("objects")).expect("the folder");
    let response = server.get("/health").send().await.expect("an answer");
    let body = crate::harness::json(response, 503).await;
    assert_eq!(body["status"], "unhealthy");
    assert_eq!(body["services"]["database"], "healthy");
    assert_eq!(body["services"]["objects"], "unhealthy");
}

#[tokio::test]
async fn without_the_database_nothing_is_answered_as_done() {
    let server = TestServer::start().await;
    server.store.clone().close().await;
    let response = server.send("a.txt", "text", &[]).await;
    crate::harness::problem(response, 503, "unavailable").await;
}
