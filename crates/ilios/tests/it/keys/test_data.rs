use std::sync::Arc;
use std::time::Duration;

use ilios::jobs::{Maintenance, MaintenanceSettings};
use mistral_standin::Faults;
use serde_json::json as value;

use super::{administered, converted, create, get, named, send};
use crate::harness::{files, form, json, problem, text};
use crate::mistral::setup::{Pair, Sheet, sheets};

#[tokio::test]
async fn a_test_key_never_spends() {
    let pair = Pair::with(Faults::default(), |setup, _| setup.admin_key = Some(super::ADMIN)).await;
    let server = &pair.server;
    let (_, live) = create(server, &named("acme")).await;
    let (_, test) = create(server, &value!({"name": "trial", "tenant": "acme", "test": true})).await;
    assert!(test.starts_with("ilios_test_"));
    let scan = sheets(&[Sheet::Text(1), Sheet::Scan(2_000)]);
    let form = |engine: &str| form("a.pdf", scan.clone(), &[("engine", engine)]);
    let batch = || files(&[("a.pdf", &scan)]);
    let refused = [
        server.convert(form("mistral")),
        server.post("/api/documents/submit").multipart(form("mistral")),
        server.post("/v1/estimate").multipart(form("mistral")),
        server
            .post("/v1/batch/submit")
            .multipart(batch().text("useMistralBatch", "true")),
        server
            .post("/v1/batch/submit")
            .multipart(batch().text("engine", "mistral")),
    ];
    for request in refused {
        problem(send(request.bearer_auth(&test)).await, 403, "test_key").await;
    }
    let submitted = server.post("/api/documents/submit").multipart(form("auto"));
    let id = text(&json(send(submitted.bearer_auth(&test)).await, 200).await["id"]);
    let ended = format!("/api/documents/status/{id}?wait=60");
    json(get(server, &ended, &test).await, 200).await;
    assert_eq!(pair.standin.counts().billed_pages(), 0);
    send(server.convert(form("auto")).bearer_auth(&live)).await;
    assert!(pair.standin.counts().billed_pages() > 0, "a live key does");
}

#[tokio::test]
async fn test_data_is_apart_from_the_live_data_of_the_same_tenant() {
    let server = administered().await;
    let (_, live) = create(&server, &named("acme")).await;
    let (_, test) = create(
        &server,
        &value!({"name": "trial", "tenant": "acme", "test": true}),
    )
    .await;
    let (of_live, of_test) = (converted(&server, &live).await, converted(&server, &test).await);
    for (key, own, foreign) in [(&live, &of_live, &of_test), (&test, &of_test, &of_live)] {
        assert_eq!(
            get(&server, &format!("/api/documents/{own}"), key).await.status(),
            200
        );
        let other = get(&server, &format!("/api/documents/{foreign}"), key).await;
        problem(other, 404, "not_found").await;
        let records = json(get(&server, "/api/usage/records", key).await, 200).await;
        let records = records["records"].as_array().expect("records").clone();
        assert_eq!(records.len(), 1);
        assert_eq!(&text(&records[0]["documentId"]), own);
    }
}

#[tokio::test]
async fn test_data_is_purged_after_a_day_with_its_usage() {
    let server = administered().await;
    let (_, live) = create(&server, &named("acme")).await;
    let (_, test) = create(
        &server,
        &value!({"name": "trial", "tenant": "acme", "test": true}),
    )
    .await;
    converted(&server, &live).await;
    converted(&server, &test).await;
    let long = form("b.md", "# B\n", &[("retentionDays", "3650")]);
    let submitted = server
        .post("/api/documents/submit")
        .multipart(long)
        .bearer_auth(&test);
    let id = text(&json(send(submitted).await, 200).await["id"]);
    let ended = format!("/api/documents/status/{id}?wait=60");
    assert_eq!(
        json(get(&server, &ended, &test).await, 200).await["status"],
        "completed"
    );
    let maintenance = Maintenance::new(Arc::clone(&server.app), MaintenanceSettings::default());
    maintenance.run_once().await;
    assert_eq!(count(&server, &test).await, (2, 2), "it is not a day old");
    server.pass(Duration::from_secs(24 * 60 * 60 + 1));
    maintenance.run_once().await;
    assert_eq!(count(&server, &test).await, (0, 0));
    assert_eq!(count(&server, &live).await, (1, 1), "live data stays");
}

/// Documents and usage records that a key sees.
async fn count(server: &crate::harness::TestServer, key: &str) -> (usize, usize) {
    let documents = json(get(server, "/api/documents", key).await, 200).await;
    let records = json(get(server, "/api/usage/records", key).await, 200).await;
    let length = |list: &serde_json::Value| list.as_array().map_or(0, Vec::len);
    (length(&documents["documents"]), length(&records["records"]))
}
