use serde_json::Value;

use crate::harness::{TestServer, repository};

#[test]
fn the_committed_description_is_what_the_routes_say() {
    let committed = std::fs::read_to_string(repository("openapi.json")).expect("openapi.json");
    let generated = ilios::http::openapi_document().to_pretty_json().expect("JSON") + "\n";
    assert!(
        committed == generated,
        "openapi.json is out of date: run `make docs` and read the difference"
    );
}

#[tokio::test]
async fn the_server_serves_its_description() {
    let server = TestServer::start().await;
    let served: Value = server
        .get("/openapi.json")
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    let committed: Value =
        serde_json::from_str(&std::fs::read_to_string(repository("openapi.json")).expect("openapi.json"))
            .expect("JSON");
    assert_eq!(served, committed);
}
