//! The queue by engine and tenant, and documents by status.

use std::time::Duration;

use reqwest::RequestBuilder;
use serde_json::{Value, json as value};

use crate::gate::Gate;
use crate::harness::{Setup, TestServer, form, json, problem};
use crate::keys::ADMIN;

const KEYS: &str = "first-key,second-key";

async fn read(request: RequestBuilder, key: &str) -> Value {
    let answer = request.bearer_auth(key).send().await.expect("an answer");
    json(answer, 200).await
}

async fn submit(server: &TestServer, key: &str, options: &[(&str, &str)]) {
    let request = server.post("/api/documents/submit");
    read(request.multipart(form("a.txt", "text", options)), key).await;
}

#[tokio::test]
async fn a_queue_is_told_by_engine_and_to_administrators_by_tenant() {
    let server = TestServer::with(Setup {
        api_keys: KEYS,
        admin_key: Some(ADMIN),
        ..Setup::default()
    })
    .await;
    submit(&server, "first-key", &[]).await;
    submit(&server, "first-key", &[("engine", "local"), ("priority", "9")]).await;
    server.pass(Duration::from_secs(60));
    submit(&server, "first-key", &[("engine", "auto")]).await;
    submit(&server, "second-key", &[]).await;
    server.pass(Duration::from_secs(30));

    let queue = read(server.get("/api/queue"), "first-key").await;
    assert_eq!(
        (&queue["pending"], &queue["processing"]),
        (&value!(3), &value!(0))
    );
    let groups = queue["groups"].as_array().expect("groups");
    assert_eq!(groups.len(), 2, "{queue}");
    let group = |engine: &str| {
        groups
            .iter()
            .find(|group| group["engine"] == engine)
            .expect("a group")
    };
    assert_eq!(group("local")["pending"], 2);
    assert_eq!(group("auto")["pending"], 1);
    let age = |group: &Value| group["oldestPendingSeconds"].as_u64().expect("an age");
    assert!((90..120).contains(&age(group("local"))), "{queue}");
    assert!((30..60).contains(&age(group("auto"))), "{queue}");
    assert!(!queue.to_string().contains("tenant"), "{queue}");

    let all = read(server.get("/api/admin/queue"), ADMIN).await;
    assert_eq!(all["pending"], 4);
    let tenants: std::collections::BTreeSet<_> = all["groups"]
        .as_array()
        .expect("groups")
        .iter()
        .map(|group| group["tenant"].as_str().expect("a tenant").len())
        .collect();
    assert_eq!(
        tenants.into_iter().collect::<Vec<_>>(),
        [8],
        "no whole fingerprint: {all}"
    );
    let refused = server
        .get("/api/admin/queue")
        .bearer_auth("first-key")
        .send()
        .await;
    problem(refused.expect("an answer"), 403, "missing_scope").await;

    let summary = read(server.get("/api/documents/summary"), "first-key").await;
    let expected = value!({"pending": 3, "processing": 0, "completed": 0, "failed": 0, "archived": 0});
    for (name, number) in expected.as_object().expect("numbers") {
        assert_eq!(&summary[name], number, "{name} in {summary}");
    }
    assert!((90..120).contains(&age(&summary)), "{summary}");
}

#[tokio::test]
async fn documents_are_counted_as_they_go_on() {
    let gate = Gate::closed();
    let server = TestServer::with(Setup {
        workers: 1,
        engine: Some(gate.clone()),
        ..Setup::default()
    })
    .await;
    let first = server.submitted("a.txt", "text").await;
    let second = server.submitted("b.txt", "text").await;
    let queue = loop {
        let queue = server.json("/api/queue").await;
        if queue["processing"] == 1 {
            break queue;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert_eq!(queue["pending"], 1);
    assert!(queue["groups"][0]["oldestProcessingSeconds"].is_u64(), "{queue}");
    gate.let_through(2);
    for id in [first, second] {
        server.ended(&id).await;
    }
    let queue = server.json("/api/queue").await;
    assert_eq!(queue, value!({"pending": 0, "processing": 0, "groups": []}));
    let summary = server.json("/api/documents/summary").await;
    let expected = value!({"pending": 0, "processing": 0, "completed": 2, "failed": 0, "archived": 0});
    assert_eq!(summary, expected);
}
